import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeEventForAi, MAX_EXCEPTIONS, MAX_FRAMES } from '../../../../server/ai/describe-event.ts';
import { DEFAULT_MAX_TOKENS, messagesFor, prepareForAi, tokensOf } from '../../../../server/ai/prepare.ts';
import { estimateTokens, tokenCounter } from '../../../../server/ai/tokens.ts';
import { envelopesOf } from '../../../../server/api/import.ts';
import { normalizeEvent } from '../../../../server/digest/normalize.ts';
import { parseEnvelope } from '../../../../server/protocol/envelope.ts';
import { StatusError } from '../../../../server/protocol/errors.ts';
import type { StoredEvent } from '../../../../server/protocol/event.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../../corpus.ts';
import { storedEvent } from './sample-event.ts';

reportMissingCorpus('describing its events for a model');

/** Events of a file; none where it holds none or is broken on purpose. */
function eventsOf(path: string): StoredEvent[] {
  const bytes = readFileSync(join(corpusRoot ?? '', path));
  const context = { projectId: 2, eventId: 'a'.repeat(32), receivedAt: 1_750_000_000_000, remoteAddress: null };
  try {
    return envelopesOf(bytes)
      .envelopes.flatMap((envelope) => parseEnvelope(envelope).items)
      .filter(({ headers }) => headers.type === 'event')
      .map(({ payload }) => normalizeEvent(JSON.parse(new TextDecoder().decode(payload)), context))
      .map((event) => ({ ...storedEvent(), exception: null, ...event, culprit: '' }));
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
}

const cases = corpusFiles().flatMap(({ path }) => eventsOf(path).map((event) => ({ path, event })));

describe.skipIf(!corpusRoot)('every event of the corpus', () => {
  it('is there', () => expect(cases.length).toBeGreaterThan(40));

  it.each(cases)('is described within every bound: $path', async ({ event }) => {
    const described = describeEventForAi(event);
    expect(described.exceptions.length).toBeLessThanOrEqual(MAX_EXCEPTIONS);
    const traces = [...described.exceptions, ...(described.threads ?? [])].map(({ stacktrace = [] }) => stacktrace);
    for (const trace of traces) expect(trace.length).toBeLessThanOrEqual(MAX_FRAMES);
    const marks = traces.flat().filter(({ crash }) => crash).length;
    expect(marks).toBe(traces.flat().length > 0 ? 1 : 0);

    const prepared = prepareForAi(event);
    expect(tokensOf(messagesFor(prepared, 'f'.repeat(32)))).toBeLessThanOrEqual(DEFAULT_MAX_TOKENS);
    const { count } = await tokenCounter('gpt-4o');
    const text = messagesFor(prepared, 'f'.repeat(32))
      .map(({ content }) => content)
      .join('\n');
    expect(estimateTokens(text) / count(text)).toBeGreaterThan(0.94);
    for (const maxTokens of [2000, 3000, 6000]) {
      const cut = prepareForAi(event, {}, { maxTokens, countTokens: count });
      expect(tokensOf(messagesFor(cut, 'f'.repeat(32)), count)).toBeLessThanOrEqual(maxTokens);
    }
    // The same event gives the same, or the button would send what was not shown.
    expect(prepareForAi(event)).toEqual(prepared);
  });
});

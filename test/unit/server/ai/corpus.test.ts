import { describe, expect, it } from 'vitest';
import { describeEventForAi, MAX_EXCEPTIONS, MAX_FRAMES } from '../../../../server/ai/describe-event.ts';
import { DEFAULT_MAX_TOKENS, messagesFor, prepareForAi, tokensOf } from '../../../../server/ai/prepare.ts';
import { estimateTokens, tokenCounter } from '../../../../server/ai/tokens.ts';
import { corpusRoot, reportMissingCorpus } from '../../../corpus.ts';
import { corpusEvents } from './corpus-events.ts';

reportMissingCorpus('describing its events for a model');

const cases = corpusEvents();

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

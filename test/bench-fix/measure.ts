import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countLines, fitToBudget } from '../../server/ai/budget.ts';
import { collectEvidence, type EvidenceContext } from '../../server/ai/evidence.ts';
import { createGatherEvidence } from '../../server/ai/evidence-gather.ts';
import { framesIn, payloadOf, renderPayload } from '../../server/ai/evidence-payload.ts';
import { prepareForAi, questionTokens } from '../../server/ai/prepare.ts';
import type { Redactor } from '../../server/ai/redact.ts';
import { toStoredEvent } from '../../server/digest/prepare.ts';
import type { Json, StoredEvent } from '../../server/protocol/event.ts';
import { mapping, sourceOf } from '../unit/server/source/checkout.ts';
import type { Case } from './cases.ts';
import { createCheckout } from './checkout.ts';
import { type FixingLine, fixingLinesOf, shownLines } from './fixing-lines.ts';
import { sentryDescription } from './sentry-description.ts';

/** What is left of a window for what is sent: a quarter is kept for the answer, 4,000 tokens at most. */
export const roomOf = (window: number): number => window - Math.min(4000, window / 4);

/** Lines of the fix that are in a prompt, and what the prompt costs. */
export type Measured = { shown: number; tokens: number; libraryTokens: number };
export type CaseFigures = { fixing: number; ours: Measured; unredacted: Measured; sentry: Measured };

type Count = (text: string) => number;

/** The event as the server stores it. Counts of its issue stand for one that is seen at times. */
export async function loadCase(test: Case): Promise<{ event: StoredEvent; context: EvidenceContext }> {
  const raw: Json = JSON.parse(readFileSync(join(test.folder, 'event.json'), 'utf8'));
  // Whenever it was recorded, it comes at once.
  const receivedAt = Date.parse(timeOf(raw));
  const stored = { projectId: 1, eventId: 'a'.repeat(32), receivedAt, remoteAddress: null };
  const event = toStoredEvent(raw, { ...stored, body: new Uint8Array() }, stored.eventId, {});
  using checkout = createCheckout(test);
  using source = sourceOf([mapping(checkout.path, { stackRoot: `/srv/${test.name}/` })], {
    commits: { [event.release ?? '']: checkout.commit },
    roots: [checkout.path],
  });
  const gather = createGatherEvidence({
    source,
    coverage: { passOf: () => ({ ofFile: async () => ({ file: null }) }) },
    countsOf: async () => ({
      timesSeen: 12,
      userCount: 3,
      firstSeen: event.timestamp * 1000,
      lastSeen: event.timestamp * 1000,
    }),
  });
  return { event, context: await gather(event, mapping(checkout.path).projectId, 1) };
}

function timeOf(raw: Json): string {
  const time = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw['timestamp'] : null;
  return typeof time === 'number' ? new Date(time * 1000).toISOString() : String(time);
}

/** Replaces nothing: what the payload would be without redaction. */
const NONE: Redactor = {
  text: (text) => text,
  named: () => null,
  sweep: (value) => value,
  describe: () => [],
  placeholders: () => new Map(),
};

export function measure(
  test: Case,
  { event, context }: { event: StoredEvent; context: EvidenceContext },
  window: number,
  count: Count,
): CaseFigures {
  const lines = fixingLinesOf(test);
  const maxTokens = roomOf(window);
  const { payload } = prepareForAi(event, context, { maxTokens, countTokens: count });
  const ours = measurePayload(payload, lines, count);
  const plain = fitToBudget(collectEvidence(event, context, NONE), maxTokens - questionTokens(count), count);
  const described: Json = JSON.parse(JSON.stringify(sentryDescription(event)));
  return {
    fixing: lines.length,
    ours,
    unredacted: plain ? measurePayload(JSON.parse(renderPayload(payloadOf(plain))), lines, count) : ours,
    sentry: measurePayload(described, lines, count),
  };
}

type Described = Parameters<typeof framesIn>[0];

function measurePayload(payload: Json, lines: readonly FixingLine[], count: Count): Measured {
  const parsed: { untrusted?: Described } & Described = JSON.parse(JSON.stringify(payload));
  const library = framesIn(parsed.untrusted ?? parsed).filter(({ in_app }) => !in_app);
  return {
    shown: shownLines(lines, payload),
    tokens: countLines(renderPayload(payload), count),
    libraryTokens: library.length === 0 ? 0 : countLines(JSON.stringify(library, null, 1), count),
  };
}

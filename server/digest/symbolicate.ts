/** The step between scrub and derive: frames of minified files become frames of their sources, as far as maps are there. */
import { bundlesOf, type Symbolicate, type SymbolicateAnswer } from '../artifacts/symbolicate/answer.ts';
import { createKnownFrames } from '../artifacts/symbolicate/known-frames.ts';
import {
  hasGeneratedFrames,
  remap,
  requestOf,
  type Stack,
  stacksOf,
  withFrames,
} from '../artifacts/symbolicate/stacks.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';
import type { NormalizedEvent } from './normalize.ts';

/** Maps the frames of the events of one batch; those that cannot be mapped come back as they are. Never rejects for an event. */
export type SymbolicateBatch = (events: readonly NormalizedEvent[]) => Promise<NormalizedEvent[]>;

type Deps = {
  artifacts: Pick<ArtifactStore, 'uploads' | 'markUsed'>;
  symbolicate: Symbolicate;
  now: () => number;
  /** Who is late is not mapped: events wait behind them. Of a batch, milliseconds. */
  limitMs?: number;
};

const LIMIT_MS = 30_000;
const DAY_MS = 24 * 60 * 60_000;

export function createSymbolicateBatch({ artifacts, symbolicate, now, limitMs = LIMIT_MS }: Deps): SymbolicateBatch {
  const markUsed = createMarkUsed(artifacts, now);
  const ask = createKnownFrames(symbolicate);

  async function one(event: NormalizedEvent, state: string, deadline: number): Promise<NormalizedEvent> {
    if (now() >= deadline) return withFailure(event, 'Too many events waited for it.');
    try {
      const stacks = stacksOf(event);
      const answer = await ask(
        requestOf(
          event,
          stacks.map(({ shown, raw }) => (raw ? null : shown)),
        ),
        state,
      );
      await markUsed(bundlesOf(answer));
      return withAnswer(event, stacks, answer);
    } catch (error) {
      return withFailure(event, error instanceof Error ? error.message : String(error));
    }
  }

  return async (events) => {
    const wanting = events.filter(hasGeneratedFrames);
    // Nobody else pays for it: no query, no other thread.
    if (wanting.length === 0) return [...events];
    /** Of each project that has any: what tells one state of its uploads from another. */
    const states = new Map<string, string>();
    for (const project of new Set(wanting.map((event) => event.project))) {
      const { bundles, newest } = await artifacts.uploads(Number(project));
      if (bundles > 0) states.set(project, `${bundles}:${newest}`);
    }
    const open = new Set(wanting);
    const deadline = now() + limitMs;
    const done: NormalizedEvent[] = [];
    for (const event of events) {
      const state = open.has(event) ? states.get(event.project) : undefined;
      done.push(state === undefined ? event : await one(event, state, deadline));
    }
    return done;
  };
}

function withAnswer(event: NormalizedEvent, stacks: readonly Stack[], answer: SymbolicateAnswer): NormalizedEvent {
  const mapped = withFrames(
    event,
    stacks,
    stacks.map((stack, index) => remap(stack, answer.stacks[index] ?? [])),
  );
  const failed = answer.stacks
    .flat()
    .find((frame) => frame?.status === 'unmapped' && frame.reason === SYMBOLICATOR_FAILED);
  return failed?.status === 'unmapped' ? withFailure(mapped, failed.detail ?? 'It took too long.') : mapped;
}

/** Type of the entry in an event's `errors`. */
export const SYMBOLICATOR_FAILED = 'symbolicator_failed';

/** The event is kept as it came, with what went wrong: it can be symbolicated again. */
function withFailure(event: NormalizedEvent, reason: string): NormalizedEvent {
  return { ...event, errors: [...(event.errors ?? []), { type: SYMBOLICATOR_FAILED, reason: reason.slice(0, 500) }] };
}

/** So that uploads that map frames are kept. Once a day for each: it is a write. */
export function createMarkUsed(artifacts: Pick<ArtifactStore, 'markUsed'>, now: () => number) {
  const marked = new Map<number, number>();
  return async (bundles: readonly number[]): Promise<void> => {
    const due = bundles.filter((bundle) => now() - (marked.get(bundle) ?? 0) >= DAY_MS);
    if (due.length === 0) return;
    for (const bundle of due) marked.set(bundle, now());
    await artifacts.markUsed(due);
  };
}

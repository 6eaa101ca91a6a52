import type { FrameAnswer, FrameToMap, Symbolicate, SymbolicateAnswer, SymbolicateRequest } from './answer.ts';
import { MAX_CONTEXT, sizeOfContext } from './source-context.ts';

/** Of what is remembered, about. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of a frame beside its source. */
const FRAME_BYTES = 1500;

/**
 * Remembers frames that were mapped, so that the next event with them asks no other thread: errors come again and again,
 * and what crosses threads is copied. Twice as many events a second were digested with it.
 */
export function createKnownFrames(symbolicate: Symbolicate, maxBytes = MAX_BYTES) {
  const known = new Map<string, { answer: FrameAnswer; bytes: number }>();
  const states = new Map<number, string>();
  let total = 0;

  function add({ own, called }: Keys, answer: FrameAnswer): void {
    // What has no source was cut off, perhaps, as the event had too much of it. What failed may not fail again.
    if (answer.status !== 'mapped' || !answer.context) return;
    const key = answer.dependsOnCaller ? called : own;
    if (known.has(key)) return;
    const bytes = FRAME_BYTES + sizeOfContext(answer.context) * 2;
    known.set(key, { answer, bytes });
    total += bytes;
    for (const [oldest, entry] of known) {
      if (total <= maxBytes) break;
      known.delete(oldest);
      total -= entry.bytes;
    }
  }

  function find({ own, called }: Keys): FrameAnswer | null {
    const key = known.has(own) ? own : called;
    const entry = known.get(key);
    if (!entry) return null;
    known.delete(key);
    known.set(key, entry);
    return entry.answer;
  }

  /** @param state of the project's uploads: when it changes, all is asked anew */
  return async function ask(request: SymbolicateRequest, state: string): Promise<SymbolicateAnswer> {
    if (states.get(request.projectId) !== state) {
      known.clear();
      total = 0;
      states.set(request.projectId, state);
    }
    const keys = keysOf(request);
    const found = keys.map((stack) => stack.map((key) => (key === null ? null : find(key))));
    if (keys.every((stack, at) => stack.every((key, index) => key === null || found[at]?.[index])))
      return withinLimit(found);
    const { stacks } = await symbolicate({
      ...request,
      stacks: request.stacks.map((stack, at) => lacking(stack, found[at])),
    });
    return withinLimit(
      keys.map((stack, at) =>
        stack.map((key, index) => {
          const answer = found[at]?.[index] ?? stacks[at]?.[index] ?? null;
          if (key !== null && answer) add(key, answer);
          return answer;
        }),
      ),
    );
  };
}

/** Frames that were mapped for many events add up in one that has them all. */
function withinLimit(stacks: (FrameAnswer | null)[][]): SymbolicateAnswer {
  let left = MAX_CONTEXT;
  const limited = (answer: FrameAnswer | null): FrameAnswer | null => {
    if (answer?.status !== 'mapped' || !answer.context) return answer;
    left -= sizeOfContext(answer.context);
    return left < 0 ? { ...answer, context: null } : answer;
  };
  return { stacks: stacks.map((stack) => stack.map(limited)) };
}

/** What an answer depends on, beside the uploads; `called`: with where it was called, which may have given the name. */
type Keys = { own: string; called: string };

function keysOf({ projectId, release, dist, debugIds, stacks }: SymbolicateRequest): (Keys | null)[][] {
  const ids = new Map(debugIds);
  const place = JSON.stringify([projectId, release, dist]);
  return stacks.map((stack) =>
    stack.map(({ url, line, column, function: name }, index) => {
      if (url === null) return null;
      const caller = stack[index - 1];
      const from = caller?.url === url ? `${caller.line}:${caller.column}` : '';
      const own = `${place}\n${ids.get(url) ?? ''}\n${url}\n${line}:${column}\n${name}`;
      return { own, called: `${own}\n${from}` };
    }),
  );
}

/** The same stack with the frames that are known left out, but for the callers of those that are not. */
function lacking(stack: readonly FrameToMap[], found: readonly (FrameAnswer | null)[] = []): FrameToMap[] {
  return stack.map((frame, index) => {
    const isNext = index + 1 < stack.length && !found[index + 1] && stack[index + 1]?.url === frame.url;
    return found[index] && !isNext ? { ...frame, url: null } : frame;
  });
}

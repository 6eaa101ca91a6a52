import type { Meta, StoredException, StoredStacktrace, StoredThread } from '../../protocol/event.ts';

/** The interfaces of an event that can hold a stack trace. */
type WithStacks = {
  exception?: { values: StoredException[] } | null;
  threads?: { values: StoredThread[] } | null;
  stacktrace?: StoredStacktrace | null;
};

const hasFrames = (stacktrace: StoredStacktrace | null | undefined) => (stacktrace?.frames?.length ?? 0) > 0;

/**
 * Puts the one stack trace of a single exception where readers look for it: on the exception. It comes from the thread
 * that crashed (the exception keeps the thread's id), or, in old payloads, from the top (sentry-behaviour 11.4).
 * Changes the event and the `_meta` it is given.
 */
export function moveStacktraceToException(event: WithStacks, meta: Meta): void {
  const [exception, ...others] = event.exception?.values ?? [];
  if (!exception || others.length > 0 || hasFrames(exception.stacktrace)) return;
  if (hasFrames(event.stacktrace)) {
    exception.stacktrace = event.stacktrace;
    event.stacktrace = null;
    moveMeta(meta, ['stacktrace'], ['exception', 'values', '0', 'stacktrace']);
    return;
  }
  const index = crashedThread(event.threads?.values ?? [], exception);
  const thread = event.threads?.values[index];
  if (!thread || !hasFrames(thread.stacktrace)) return;
  for (const key of ['stacktrace', 'raw_stacktrace'] as const) {
    if (!thread[key]) continue;
    exception[key] = thread[key];
    thread[key] = null;
    moveMeta(meta, ['threads', 'values', String(index), key], ['exception', 'values', '0', key]);
  }
  exception.thread_id ??= thread.id ?? null;
}

/** @returns index of the thread that the exception names, else of the only one that crashed; -1 when there is none */
function crashedThread(threads: StoredThread[], exception: StoredException): number {
  const id = exception.thread_id;
  if (id !== null && id !== undefined) return threads.findIndex((thread) => String(thread.id) === String(id));
  const crashed = threads.filter((thread) => thread.crashed);
  return crashed.length === 1 && crashed[0] ? threads.indexOf(crashed[0]) : -1;
}

function moveMeta(meta: Meta, from: string[], to: string[]): void {
  const parent = nodeAt(meta, from.slice(0, -1), false);
  const last = from.at(-1) ?? '';
  const moved = parent?.[last];
  if (!parent || moved === undefined) return;
  delete parent[last];
  const target = nodeAt(meta, to.slice(0, -1), true);
  if (target) target[to.at(-1) ?? ''] = moved;
}

function nodeAt(meta: Meta, keys: string[], create: boolean): Meta | undefined {
  let node: Meta | undefined = meta;
  for (const key of keys) {
    if (!node) return undefined;
    if (create && node[key] === undefined) node[key] = {};
    // Under any key but the empty one there is a node.
    node = node[key] as Meta | undefined;
  }
  return node;
}

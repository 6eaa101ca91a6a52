import type { Exception, Thread } from '../../server/protocol/contract.ts';

/** A thread with its place in the event, which is where its `_meta` is. */
export type IndexedThread = { index: number; thread: Thread };

/** Crashed threads first, else as they were sent. */
export function sortThreads(threads: readonly Thread[]): IndexedThread[] {
  const indexed = threads.map((thread, index) => ({ thread, index }));
  return indexed.toSorted((a, b) => Number(!!b.thread.crashed) - Number(!!a.thread.crashed));
}

/** The thread to show first: the crashed one, else one with a stack trace, else the first. */
export function defaultThread(threads: readonly IndexedThread[]): IndexedThread | null {
  return (
    threads.find(({ thread }) => thread.crashed) ??
    threads.find(({ thread }) => thread.stacktrace?.frames.length) ??
    threads[0] ??
    null
  );
}

/**
 * Index of the thread that raised the exceptions: the one whose id they name, else (older SDKs name none, or one that was
 * not sent) the crashed one, else the current one; -1 when nothing tells.
 */
export function raisingThread(threads: readonly Thread[], exceptions: readonly Exception[]): number {
  const ids = exceptions.flatMap(({ threadId }) =>
    threadId === null || threadId === undefined ? [] : [String(threadId)],
  );
  const named = threads.findIndex(({ id }) => id !== null && id !== undefined && ids.includes(String(id)));
  if (exceptions.length === 0 || named !== -1) return named;
  const crashed = threads.findIndex((thread) => thread.crashed);
  return crashed === -1 ? threads.findIndex((thread) => thread.current) : crashed;
}

export function threadName({ id, name }: Thread): string {
  const number = id === null || id === undefined ? '' : `#${id}`;
  return [name || (number ? 'Thread' : 'Unnamed thread'), number].filter(Boolean).join(' ');
}

const stateHelp: Record<string, string> = {
  runnable: 'Ready to run, or running.',
  running: 'Running.',
  blocked: 'Waiting for a lock that another thread holds.',
  waiting: 'Waiting for another thread to do something.',
  timed_waiting: 'Waiting, for a limited time.',
  new: 'Made, but not started yet.',
  terminated: 'Its work is done.',
};

/** What a thread's state means, of those that Java and others report; null for one nobody knows. */
export function describeThreadState(state: string | null | undefined): string | null {
  const key = (state ?? '').toLowerCase().replace(/[\s-]/g, '_');
  return Object.hasOwn(stateHelp, key) ? (stateHelp[key] ?? null) : null;
}

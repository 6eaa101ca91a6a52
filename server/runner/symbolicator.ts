import { Worker } from 'node:worker_threads';
import type { Symbolicate, SymbolicateAnswer, SymbolicateRequest } from '../artifacts/symbolicate/answer.ts';
import type { FromSymbolicator, SymbolicatorData } from './symbolicator-thread.ts';

/**
 * The thread's heap. Far more than what may be read takes: a thread that reaches it in the middle of a built-in function
 * ends the process, so what is read is bounded beforehand (`MAX_MAP_BYTES`, and the counts of what is in a map).
 */
const MEMORY_MB = 1024;
/** Of one event in the thread; what cannot be interrupted there, reading one map, may take it longer. */
const LIMIT_MS = 5000;
const KILL_AFTER_MS = 15_000;
/** Then its memory is of better use elsewhere. */
const IDLE_MS = 5 * 60_000;
/** Files that were too much once; one that comes again after so many others is tried again. */
const MAX_REFUSED = 1000;

type Options = {
  /** The database. */
  file: string;
  /** Of parsed maps that are kept. */
  cacheBytes: number;
  limitMs?: number;
  killAfterMs?: number;
  idleMs?: number;
  thread?: URL;
};
type Waiting = {
  request: SymbolicateRequest;
  resolve: (answer: SymbolicateAnswer) => void;
  reject: (error: Error) => void;
};

export type Symbolicator = { symbolicate: Symbolicate; close: () => Promise<void> };

/**
 * The symbolicator in a thread of its own, started by the first event that needs it. One event at a time, so that each has
 * its own limit of time. Whatever happens to the thread, each request is answered or rejected, and the next one finds
 * another thread.
 */
export function createSymbolicator(options: Options): Symbolicator {
  const { limitMs = LIMIT_MS, killAfterMs = KILL_AFTER_MS, idleMs = IDLE_MS } = options;
  const queue: Waiting[] = [];
  const refused = new Set<string>();
  let thread: Worker | null = null;
  let current: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function start(): Worker {
    const data: SymbolicatorData = {
      file: options.file,
      cacheBytes: options.cacheBytes,
      limitMs,
      refused: [...refused],
    };
    const started = new Worker(options.thread ?? new URL('./symbolicator-thread.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    let reading: string | null = null;
    let failure: unknown;
    started.on('message', (message: FromSymbolicator) => {
      if (message.type === 'reading') reading = message.checksum;
      else if (message.type === 'answer') settle((waiting) => waiting.resolve(message.answer));
      else settle((waiting) => waiting.reject(new Error(message.message)));
    });
    started.on('error', (error) => {
      failure = error;
    });
    started.on('exit', () => {
      if (thread !== started) return;
      thread = null;
      if (reading !== null) refuse(reading);
      settle((waiting) => waiting.reject(new Error(reasonOf(failure), { cause: failure })));
    });
    // It keeps neither a command nor a server that ends from ending.
    started.unref();
    return started;
  }

  function refuse(checksum: string): void {
    if (refused.size >= MAX_REFUSED) refused.clear();
    refused.add(checksum);
  }

  function next(): void {
    clearTimeout(timer);
    const waiting = queue.shift();
    if (!waiting) {
      timer = setTimeout(end, idleMs).unref();
      return;
    }
    current = waiting;
    thread ??= start();
    thread.ref();
    thread.postMessage(waiting.request);
    // Its exit answers the request.
    timer = setTimeout(() => void thread?.terminate(), killAfterMs);
  }

  function settle(answer: (waiting: Waiting) => void): void {
    const waiting = current;
    current = null;
    thread?.unref();
    if (waiting) answer(waiting);
    if (waiting) next();
  }

  function end(): void {
    thread?.postMessage('close');
    thread = null;
  }

  return {
    symbolicate: (request) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new Error('The symbolicator is closed.'));
        queue.push({ request, resolve, reject });
        if (!current) next();
      }),
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      const closing = thread;
      thread = null;
      for (const { reject } of [...(current ? [current] : []), ...queue.splice(0)]) {
        reject(new Error('The symbolicator is closed.'));
      }
      current = null;
      if (!closing) return;
      await closing.terminate();
    },
  };
}

function reasonOf(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'Its maps take more memory than is allowed.';
  return failure ? 'The symbolicator ended in the middle of it.' : 'It took longer than an event may take.';
}

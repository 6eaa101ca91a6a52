import { Worker } from 'node:worker_threads';
import { createLimit } from '../../source/limit.ts';
import { type FileToTry, type Tried, tryPatch } from './try-patch.ts';

/** @throws {TryError} it takes too long, or too much memory */
export type TryPatch = (files: readonly FileToTry[]) => Promise<Tried>;

/** The message is for who reads the answer. */
export class TryError extends Error {
  override name = 'TryError';
}

/** In this thread: for tests. */
export const tryPatchHere: TryPatch = tryPatch;

/** A syntax tree of 2 MiB of source takes some hundred megabytes. */
const MEMORY_MB = 768;
const TIMEOUT_MS = 15_000;
const THREAD = new URL('./try-patch-thread.ts', import.meta.url);

/**
 * Tries patches in a thread of its own, one at a time: parsing a file of 2 MiB takes a second, and a model, or who steers
 * it, can write a patch that takes for ever to be placed.
 *
 * @param options.thread what runs in it: a test has one that takes for ever
 */
export function createTryInThread({ timeoutMs = TIMEOUT_MS, thread = THREAD } = {}): TryPatch {
  const limit = createLimit(1);
  return (files) => limit(() => tryInThread(files, thread, timeoutMs));
}

async function tryInThread(files: readonly FileToTry[], thread: URL, timeoutMs: number): Promise<Tried> {
  const worker = new Worker(thread, {
    workerData: files,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Tried>();
  const timer = setTimeout(() => reject(new TryError('trying it took too long')), timeoutMs);
  worker.once('message', resolve);
  worker.once('error', (error: Error & { code?: string }) => {
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reject(isMemory ? new TryError('trying it took too much memory') : error);
  });
  worker.once('exit', () => reject(new TryError('trying it broke off')));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

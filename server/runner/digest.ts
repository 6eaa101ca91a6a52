import { Worker } from 'node:worker_threads';
import type { Metrics } from '../metrics/metrics.ts';
import type { DigestData, FromDigest, ToldError } from './digest-thread.ts';

/** How long after a crash the thread is started again; the spool keeps what comes meanwhile. */
const RESTART_MS = 1000;

export type DigestThread = { wake: () => void; close: () => Promise<void> };

/**
 * Starts the digest thread, and again whenever it dies.
 *
 * @param data what the thread is given
 * @param onDigested called with the spool's mark: rows at or below it are saved and may be deleted
 * @param onError called with a fault of ours, and the project whose envelope became a dead letter by it; with null when
 *   digest itself could not go on, and will try again
 */
export function startDigest(
  data: DigestData,
  metrics: Metrics,
  onDigested: (mark: number) => void,
  onError: (error: Error, projectId: number | null) => void,
): DigestThread {
  let isClosing = false;
  let worker = start();

  function start(): Worker {
    const started = new Worker(new URL('./digest-thread.ts', import.meta.url), {
      workerData: data,
      // A batch outlives a young generation of the usual 48, is copied, and then kept until the next large collection: with
      // twice the room the process took some 60 MiB less at its peak.
      resourceLimits: { maxYoungGenerationSizeMb: 96 },
    });
    started.on('message', (message: FromDigest) => {
      if (message.type === 'digested') onDigested(message.mark);
      else if (message.type === 'failed') onError(toError(message.error), message.projectId);
      else for (const [kind, key, value, tags] of message.calls) metrics[kind](key, value, tags);
    });
    started.on('error', (error) => onError(error instanceof Error ? error : new Error(String(error)), null));
    started.on('exit', () => {
      if (isClosing) return;
      setTimeout(() => {
        if (!isClosing) worker = start();
      }, RESTART_MS).unref();
    });
    return started;
  }

  return {
    wake: () => worker.postMessage('wake'),
    close: async () => {
      isClosing = true;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      // A thread that has died already says nothing more.
      if (worker.threadId === -1) return;
      worker.postMessage('close');
      await ended;
    },
  };
}

/** As it was thrown in the thread: with the stack from there. */
function toError({ name, message, stack, code }: ToldError): Error {
  return Object.assign(new Error(message), { name, stack }, code === undefined ? {} : { code });
}

import { Worker } from 'node:worker_threads';
import type { Metrics } from '../metrics/metrics.ts';
import type { FromDigest } from './digest-thread.ts';

/** How long after a crash the thread is started again; the spool keeps what comes meanwhile. */
const RESTART_MS = 1000;

export type DigestThread = { wake: () => void; close: () => Promise<void> };

/**
 * Starts the digest thread, and again whenever it dies.
 *
 * @param onDigested called with the spool's mark: rows at or below it are saved and may be deleted
 */
export function startDigest(
  dataDirectory: string,
  metrics: Metrics,
  onDigested: (mark: number) => void,
  onError: (message: string) => void,
): DigestThread {
  let isClosing = false;
  let worker = start();

  function start(): Worker {
    const started = new Worker(new URL('./digest-thread.ts', import.meta.url), {
      workerData: { dataDirectory },
      // A batch outlives a young generation of the usual 48, is copied, and then kept until the next large collection: with
      // twice the room the process took some 60 MiB less at its peak.
      resourceLimits: { maxYoungGenerationSizeMb: 96 },
    });
    started.on('message', (message: FromDigest) => {
      if (message.type === 'digested') onDigested(message.mark);
      else if (message.type === 'failed') onError(message.message);
      else for (const [kind, key, value, tags] of message.calls) metrics[kind](key, value, tags);
    });
    started.on('error', (error) => onError(error instanceof Error ? (error.stack ?? error.message) : String(error)));
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

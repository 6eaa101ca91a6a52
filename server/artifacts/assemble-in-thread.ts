import { Worker } from 'node:worker_threads';
import { StatusError, TooLargeError } from '../protocol/errors.ts';
import type { Assemble, AssembleJob } from './assemble.ts';
import type { AssembleAnswer, AssembleData } from './assemble-thread.ts';
import type { ArtifactLimits } from './limits.ts';

/** For the manifest and the directory of a bundle; content is in buffers, a file at a time. */
const MEMORY_MB = 512;

/**
 * Assembles in a thread of its own, with a connection of its own: unpacking, checksums and compression would stall ingest.
 *
 * @param file the database
 */
export function createAssembleInThread(file: string, limits: ArtifactLimits): Assemble {
  return (job: AssembleJob) => {
    const workerData: AssembleData = { file, limits, job };
    const worker = new Worker(new URL('./assemble-thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    return new Promise((resolve, reject) => {
      let answer: AssembleAnswer | null = null;
      let fault: Error & { code?: string } = new Error('The thread that assembles an upload ended early.');
      worker.once('message', (message: AssembleAnswer) => {
        answer = message;
      });
      worker.once('error', (error: Error & { code?: string }) => {
        const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        fault = isMemory ? new TooLargeError('The upload needs too much memory to be read: split it.') : error;
      });
      // Not before it has closed the database.
      worker.once('exit', () => {
        if (answer === null) reject(fault);
        else if ('done' in answer) resolve();
        else reject(new StatusError(answer.status, answer.message));
      });
    });
  };
}

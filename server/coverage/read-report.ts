import { Worker } from 'node:worker_threads';
import { BadRequestError, StatusError, TooLargeError } from '../protocol/errors.ts';
import type { StoredCoverageFile } from '../storage/coverage.ts';
import { decodeReport, parseCoverage } from './parse.ts';
import type { ReadAnswer } from './read-report-thread.ts';
import type { CoverageFormat } from './report.ts';

export type ReadReportResult = {
  format: CoverageFormat;
  countsHits: boolean;
  files: StoredCoverageFile[];
  lineCount: number;
};
/** Bytes of a report to what is stored of it. @throws {BadRequestError} malformed {TooLargeError} too large */
export type ReadReport = (bytes: Uint8Array, name: string) => Promise<ReadReportResult>;

/** Reads in this thread: for commands and tests. */
export const readReportHere: ReadReport = async (bytes, name) => {
  const { format, countsHits, files } = parseCoverage(decodeReport(bytes, name), name);
  const lineCount = files.reduce((sum, { lines }) => sum + lines.length, 0);
  const stored = files.map((file) => {
    const lines = JSON.stringify(file.lines);
    // Each line is of more bytes before than after.
    file.lines = [];
    return { path: file.path, lines };
  });
  return { format, countsHits, files: stored, lineCount };
};

/** A tree of a 64 MiB XML report takes several times its size; what needs more than this is refused. */
const MEMORY_MB = 1024;

/**
 * Reads in a thread of its own, one report at a time: a large one takes seconds, and would stall ingest. A report that
 * needs more memory than `MEMORY_MB` ends its thread, not the server.
 */
export function createReadReportInThread(): ReadReport {
  let last: Promise<unknown> = Promise.resolve();
  return (bytes, name) => {
    const result = last.then(() => readInThread(bytes, name));
    last = result.catch(() => undefined);
    return result;
  };
}

function readInThread(bytes: Uint8Array, name: string): Promise<ReadReportResult> {
  const worker = new Worker(new URL('./read-report-thread.ts', import.meta.url), {
    workerData: { bytes, name },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: ReadAnswer) => {
      if ('result' in answer) resolve(answer.result);
      else reject(new StatusError(answer.status, answer.message));
    });
    worker.once('error', (error: Error & { code?: string }) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(isMemory ? new TooLargeError(`${name} needs too much memory to be read: split the report.`) : error);
    });
    worker.once('exit', () => reject(new BadRequestError(`${name} could not be read.`)));
  });
}

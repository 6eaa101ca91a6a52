/** Reads one coverage report and ends: `createReadReportInThread` starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { StatusError } from '../protocol/errors.ts';
import { type ReadReportResult, readReportHere } from './read-report.ts';

export type ReadAnswer = { result: ReadReportResult } | { status: number; message: string };

const { bytes, name } = workerData as { bytes: Uint8Array; name: string };
parentPort?.postMessage(await answer());

async function answer(): Promise<ReadAnswer> {
  try {
    return { result: await readReportHere(bytes, name) };
  } catch (error) {
    if (error instanceof StatusError) return { status: error.status, message: error.message };
    throw error;
  }
}

/** Stores one upload and ends: `createAssembleInThread` starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { StatusError } from '../protocol/errors.ts';
import { createArtifactStore } from '../storage/artifacts.ts';
import { openDatabase } from '../storage/database.ts';
import { type AssembleJob, assembleHere } from './assemble.ts';
import type { ArtifactLimits } from './limits.ts';

export type AssembleData = { file: string; limits: ArtifactLimits; job: AssembleJob };
export type AssembleAnswer = { done: true } | { status: number; message: string };

const { file, limits, job } = workerData as AssembleData;
const db = openDatabase(file, { mustExist: true });
try {
  parentPort?.postMessage(await answer());
} finally {
  await db.destroy();
}

async function answer(): Promise<AssembleAnswer> {
  try {
    await assembleHere(createArtifactStore(db), limits, job);
    return { done: true };
  } catch (error) {
    if (error instanceof StatusError) return { status: error.status, message: error.message };
    throw error;
  }
}

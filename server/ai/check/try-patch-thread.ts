/** Tries one patch and ends: `createTryInThread` starts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FileToTry, tryPatch } from './try-patch.ts';

parentPort?.postMessage(await tryPatch(workerData as readonly FileToTry[]));

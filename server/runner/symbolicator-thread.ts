/** Maps frames, one event at a time: `createSymbolicator` starts it, and ends it when it is too slow. Reads the database. */
import { parentPort, workerData } from 'node:worker_threads';
import { sql } from 'kysely';
import type { SymbolicateAnswer, SymbolicateRequest } from '../artifacts/symbolicate/answer.ts';
import { createAssets } from '../artifacts/symbolicate/assets.ts';
import { createSymbolicate } from '../artifacts/symbolicate/symbolicate.ts';
import { createArtifactStore } from '../storage/artifacts.ts';
import { openDatabase } from '../storage/database.ts';

export type SymbolicatorData = {
  file: string;
  cacheBytes: number;
  limitMs: number;
  /** Checksums of files that took a thread's memory before. */
  refused: string[];
};
export type FromSymbolicator =
  | { type: 'answer'; answer: SymbolicateAnswer }
  | { type: 'failed'; message: string }
  /** A file that is being read: when the thread dies, it was that one. */
  | { type: 'reading'; checksum: string | null };

const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');
const send = (message: FromSymbolicator) => port.postMessage(message);

const { file, cacheBytes, limitMs, refused } = workerData as SymbolicatorData;
const db = openDatabase(file, { readonly: true, mustExist: true });
const store = createArtifactStore(db);
const symbolicate = createSymbolicate({
  store,
  assets: createAssets({
    read: store.read,
    maxBytes: cacheBytes,
    refused: new Set(refused),
    onReading: (checksum) => send({ type: 'reading', checksum }),
  }),
  now: Date.now,
  limitMs,
  // SQLite counts what other connections commit.
  version: async () => {
    const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(db);
    return rows[0]?.data_version;
  },
});

port.on('message', async (message: SymbolicateRequest | 'close') => {
  if (message === 'close') {
    await db.destroy();
    port.close();
    return;
  }
  try {
    send({ type: 'answer', answer: await symbolicate(message) });
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

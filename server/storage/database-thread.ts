/** A SQLite connection in a thread of its own: `openDatabaseInThread` sends it statements, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { type OpenOptions, openSqlite } from './database.ts';

export type Statement = { id: number; sql: string; parameters: readonly unknown[] };
export type Answer =
  | { id: number; rows: unknown[]; numAffectedRows?: bigint; insertId?: bigint }
  | { id: number; message: string; code: string | undefined };

const { file, options } = workerData as { file: string; options: OpenOptions };
const sqlite = openSqlite(file, options);
const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');

port.on('message', (statement: Statement | 'close') => {
  if (statement === 'close') {
    sqlite.close();
    port.close();
    return;
  }
  port.postMessage(answer(statement));
});

function answer({ id, sql, parameters }: Statement): Answer {
  try {
    const prepared = sqlite.prepare(sql);
    if (prepared.reader) return { id, rows: prepared.all(parameters) };
    const { changes, lastInsertRowid } = prepared.run(parameters);
    return { id, rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return { id, message: error instanceof Error ? error.message : String(error), code };
  }
}

import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { OpenOptions } from './database.ts';
import type { Answer, Statement } from './database-thread.ts';
import type { Database, Tables } from './tables.ts';

/**
 * Opens the SQLite file in a worker thread, so that a slow query never stalls the thread that asks. One connection:
 * a transaction makes the others wait, so keep it short. A thread that dies is started anew by the next statement.
 */
export function openDatabaseInThread(file: string, options: OpenOptions = {}): Database {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createThreadDriver(file, options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

function createThreadDriver(file: string, options: OpenOptions): Driver {
  const thread = createThread(file, options);
  /** Which thread the transaction was begun in; its statements must not go on, each for itself, in the next one. */
  let begunIn: Worker | null = null;
  const connection: DatabaseConnection = {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      if (begunIn && begunIn !== thread.current()) throw new Error(ENDED);
      const answer = await thread.send(sql, parameters);
      return { rows: answer.rows as R[], numAffectedRows: answer.numAffectedRows, insertId: answer.insertId };
    },
    streamQuery: () => {
      throw new Error('Rows are not streamed between threads: page through them.');
    },
  };
  const execute = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql));
  // The one connection is handed out to one caller at a time: `last` settles when it is free again.
  let last: Promise<void> = Promise.resolve();
  let free: () => void = () => {};
  return {
    init: async () => {},
    acquireConnection: async () => {
      const previous = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await previous;
      free = resolve;
      return connection;
    },
    releaseConnection: async () => free(),
    beginTransaction: async () => {
      await execute('begin immediate');
      begunIn = thread.current();
    },
    commitTransaction: async () => {
      await execute('commit');
      begunIn = null;
    },
    rollbackTransaction: async () => {
      // What a dead thread had begun, SQLite has rolled back.
      const isAlive = begunIn !== null && begunIn === thread.current();
      begunIn = null;
      if (isAlive) await execute('rollback');
    },
    destroy: () => thread.close(),
  };
}

const ENDED = 'The database thread has ended.';
type Rows = Extract<Answer, { rows: unknown[] }>;
type Waiter = { resolve: (answer: Rows) => void; reject: (error: Error) => void };

function createThread(file: string, options: OpenOptions) {
  const waiting = new Map<number, Waiter>();
  let lastId = 0;
  let isClosed = false;
  let worker: Worker | null = null;

  function start(): Worker {
    const started = new Worker(new URL('./database-thread.ts', import.meta.url), { workerData: { file, options } });
    let cause: unknown;
    started.on('message', (answer: Answer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('rows' in answer) waiter?.resolve(answer);
      else waiter?.reject(Object.assign(new Error(answer.message), { code: answer.code }));
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      worker = null;
      for (const waiter of waiting.values()) waiter.reject(new Error(ENDED, { cause }));
      waiting.clear();
    });
    return started;
  }

  return {
    /** The thread that has the connection; null before the first statement and after it died. */
    current: () => worker,
    send: (sql: string, parameters: readonly unknown[]) =>
      new Promise<Rows>((resolve, reject) => {
        if (isClosed) return reject(new Error(ENDED));
        worker ??= start();
        lastId += 1;
        const statement: Statement = { id: lastId, sql, parameters };
        worker.postMessage(statement);
        waiting.set(lastId, { resolve, reject });
      }),
    close: async () => {
      isClosed = true;
      if (!worker) return;
      const ended = new Promise<void>((resolve) => worker?.once('exit', () => resolve()));
      worker.postMessage('close');
      await ended;
    },
  };
}

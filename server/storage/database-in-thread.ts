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
import type { Answer, Statement } from './database-thread.ts';
import type { Database, Tables } from './tables.ts';

/**
 * Opens the SQLite file in a worker thread, so that a slow query never stalls the thread that asks. One connection:
 * a transaction makes the others wait, so keep it short.
 */
export function openDatabaseInThread(file: string): Database {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createThreadDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

function createThreadDriver(file: string): Driver {
  const thread = createThread(file);
  const connection: DatabaseConnection = {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
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
    beginTransaction: async () => void (await execute('begin immediate')),
    commitTransaction: async () => void (await execute('commit')),
    rollbackTransaction: async () => void (await execute('rollback')),
    destroy: () => thread.close(),
  };
}

type Rows = Extract<Answer, { rows: unknown[] }>;

function createThread(file: string) {
  const worker = new Worker(new URL('./database-thread.ts', import.meta.url), { workerData: { file } });
  const waiting = new Map<number, { resolve: (answer: Rows) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let failure: Error | null = null;

  worker.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('rows' in answer) waiter?.resolve(answer);
    else waiter?.reject(Object.assign(new Error(answer.message), { code: answer.code }));
  });
  const fail = (error: Error) => {
    failure = error;
    for (const waiter of waiting.values()) waiter.reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The database thread has ended.')));

  return {
    send: (sql: string, parameters: readonly unknown[]) =>
      new Promise<Rows>((resolve, reject) => {
        if (failure) return reject(failure);
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        const statement: Statement = { id: lastId, sql, parameters };
        worker.postMessage(statement);
      }),
    close: async () => {
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage('close');
      await ended;
    },
  };
}

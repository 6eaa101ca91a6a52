import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations.ts';
import type { Database, Tables } from './tables.ts';

/** `mustExist`: one that was moved away while it was in use must not be made anew, empty. */
export type OpenOptions = { readonly?: boolean; mustExist?: boolean };

/**
 * Opens the SQLite file in this thread, each statement blocking it: for digest, commands and tests.
 * The server's main thread uses `openDatabaseInThread`, so that a slow query stalls no request.
 */
export function openDatabase(file: string, options: OpenOptions = {}): Database {
  const database = openSqlite(file, options);
  const dialect = new SqliteDialect({ database });
  dialect.createDriver = () => new WritingDriver({ database });
  return new Kysely<Tables>({ dialect });
}

/**
 * Takes the write lock when a transaction begins, as `openDatabaseInThread` does. Kysely's own takes it with the first
 * write: when another process wrote after the first read, SQLite refuses that at once, however long the timeout is.
 */
class WritingDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** One connection with the settings that every connection of ours needs; `synchronous` is per connection. */
export function openSqlite(file: string, { readonly = false, mustExist = false }: OpenOptions = {}): SQLite.Database {
  if (!readonly && !mustExist) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const sqlite = new SQLite(file, { readonly, fileMustExist: mustExist, timeout: 10_000 });
  if (!readonly) sqlite.pragma('journal_mode = WAL');
  // Of the main database, the spool holds what is not yet durable (the mark moves in the same transaction), so a lost
  // last commit is digested again: NORMAL is enough. The spool's own writer sets FULL.
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('cache_size = -16000');
  // 16 MiB rather than 4, which digest fills several times a second: each checkpoint syncs, and writes hot pages once.
  if (!readonly) sqlite.pragma('wal_autocheckpoint = 4000');
  return sqlite;
}

/**
 * Brings the schema up to date, all of it or nothing: Kysely gives SQLite neither a transaction nor a lock, so that a
 * process killed in the middle left half a schema, and two first starts at a time ran into each other.
 *
 * @throws when a migration fails; everything is rolled back
 */
export async function migrate(db: Database): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    const migrator = new Migrator({ db: connection, provider: { getMigrations: async () => MIGRATIONS } });
    const { error } = await migrator.migrateToLatest();
    await (error ? sql`rollback` : sql`commit`).execute(connection);
    if (error) throw error;
  });
}

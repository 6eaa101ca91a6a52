import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { openDatabaseInThread } from '../../../../server/storage/database-in-thread.ts';
import { MIGRATIONS } from '../../../../server/storage/migrations.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { seedIssue } from '../../../integration/api/seed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const slugs = async (db: Database) =>
  (await db.selectFrom('project').select('slug').orderBy('id').execute()).map(({ slug }) => slug);

describe.each([
  ['in this thread', openDatabase],
  ['in a thread of its own', openDatabaseInThread],
])('a database %s', (_, open) => {
  it('holds the internal and the default project once migrated, and again after a restart', async () => {
    const first = open(join(folder, 'stackmend.db'));
    await migrate(first);
    await first.destroy();
    const again = open(join(folder, 'stackmend.db'));
    await migrate(again);
    expect(await slugs(again)).toEqual(['internal', 'default']);
    await again.destroy();
  });

  it('rolls a failed transaction back and serves the queries that waited for it', async () => {
    const db = open(join(folder, 'stackmend.db'));
    await migrate(db);
    const insert = (slug: string) => ({ slug, name: slug, dateCreated: 0 });
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('project').values(insert('lost')).execute();
      await tx.insertInto('project').values(insert('default')).execute();
    });
    const waiting = slugs(db);
    await expect(failing).rejects.toThrow(/UNIQUE/);
    expect(await waiting).toEqual(['internal', 'default']);
    await db.destroy();
  });
});

it('starts its thread anew after it died, and says why the statement failed', async () => {
  const file = join(folder, 'stackmend.db');
  mkdirSync(file);
  const db = openDatabaseInThread(file);
  await expect(slugs(db)).rejects.toMatchObject({
    message: 'The database thread has ended.',
    cause: expect.anything(),
  });
  await expect(db.transaction().execute(async (tx) => slugs(tx))).rejects.toThrow('has ended');
  rmdirSync(file);
  await migrate(db);
  expect(await slugs(db)).toEqual(['internal', 'default']);
  await db.destroy();
});

it.each([
  ['in this thread', openDatabase],
  ['in a thread of its own', openDatabaseInThread],
])('waits for other writers when a transaction begins, not when it writes: %s', async (_, open) => {
  const db = open(join(folder, 'stackmend.db'));
  await migrate(db);
  const other = new SQLite(join(folder, 'stackmend.db'), { timeout: 0 });
  const write = other.prepare("UPDATE project SET name = 'x' WHERE slug = 'default'");
  await db.transaction().execute(async (tx) => {
    await slugs(tx);
    expect(() => write.run()).toThrow(/locked/);
    await tx.updateTable('project').set({ name: 'y' }).where('slug', '=', 'default').execute();
  });
  expect(write.run().changes).toBe(1);
  other.close();
  await db.destroy();
});

it.each([
  ['in this thread', async () => void openDatabase(join(folder, 'away.db'), { mustExist: true })],
  ['in a thread of its own', () => slugs(openDatabaseInThread(join(folder, 'away.db'), { mustExist: true }))],
])('makes none where one must exist, %s', async (_, open) => {
  await expect(open()).rejects.toThrow();
  expect(existsSync(join(folder, 'away.db'))).toBe(false);
});

describe('the schema', () => {
  const tables = async (db: Database) => (await db.introspection.getTables()).map(({ name }) => name);

  it('is made once, by whichever of several first starts comes first', async () => {
    const starts = Array.from({ length: 6 }, () => openDatabaseInThread(join(folder, 'stackmend.db')));
    await Promise.all(starts.map(migrate));
    for (const db of starts) {
      expect(await slugs(db)).toEqual(['internal', 'default']);
      await db.destroy();
    }
  });

  it('is made as a whole or not at all, so that a start that failed can be tried again', async () => {
    const db = openDatabase(join(folder, 'stackmend.db'));
    await sql`CREATE TABLE digestState (inTheWay)`.execute(db);
    await expect(migrate(db)).rejects.toThrow(/digestState already exists/);
    expect(await tables(db)).toEqual(['digestState']);
    await sql`DROP TABLE digestState`.execute(db);
    await migrate(db);
    expect(await slugs(db)).toEqual(['internal', 'default']);
    await db.destroy();
  });

  /** As an older version left it. @param before the name of the first migration that it lacks */
  async function openOlder(before: string): Promise<Database> {
    const db = openDatabase(join(folder, 'stackmend.db'));
    const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < before));
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => older } }).migrateToLatest();
    expect(error).toBeUndefined();
    return db;
  }

  it('gives issues from before there were priorities what a new one would have, unless somebody decided', async () => {
    const db = await openOlder('004');
    for (const level of ['fatal', 'error', 'warning', 'info', 'debug']) await seedIssue(db, { level });
    await seedIssue(db, { level: 'error', isUnhandled: 1 });
    const decided = await seedIssue(db, { level: 'fatal' });
    const activity = { issueId: decided, userId: null, userName: 'x', type: 'set_priority', dateCreated: 1 };
    await db.insertInto('activity').values(activity).execute();
    await migrate(db);
    const issues = await db.selectFrom('issue').select('priority').orderBy('id').execute();
    expect(issues.map(({ priority }) => priority)).toEqual([
      ...['high', 'medium', 'medium', 'low', 'low'],
      ...['high', 'medium'],
    ]);
    await db.destroy();
  });

  it('keeps what was found out about a patch when it goes from the answer to the call', async () => {
    const db = await openOlder('006');
    const scope = { endpointName: 'a', endpoint: 'http://127.0.0.1/v1', model: 'm', promptVersion: '1' };
    const text = { eventId: 'e', dateCreated: 1, projectId: 2 };
    const call = {
      ...scope,
      ...text,
      request: '[]',
      answer: '',
      status: 'success',
      tokensFrom: 'estimate',
      duration: 1,
    };
    const answer = {
      ...scope,
      ...text,
      primaryHash: 'h',
      policy: 'p',
      rules: '',
      text: '',
      callId: 1,
      patchCheck: '{}',
    };
    for (const [table, row] of [
      ['aiCall', call],
      ['aiCall', call],
      ['aiSuggestion', answer],
    ] as const) {
      const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)));
      await sql`INSERT INTO ${sql.table(table)} (${columns}) VALUES (${sql.join(Object.values(row))})`.execute(db);
    }
    await migrate(db);
    const calls = await db.selectFrom('aiCall').select('patchCheck').orderBy('id').execute();
    expect(calls).toEqual([{ patchCheck: '{}' }, { patchCheck: null }]);
    expect(await db.selectFrom('aiSuggestion').select('callId').execute()).toEqual([{ callId: 1 }]);
    await db.destroy();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { openDatabaseInThread } from '../../../../server/storage/database-in-thread.ts';
import type { Database } from '../../../../server/storage/tables.ts';

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

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createIndexes } from '../../../../server/coverage/indexes.ts';
import { createCoverageStore, type NewCoverageReport } from '../../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { MIGRATIONS } from '../../../../server/storage/migrations.ts';
import { temporaryDatabase } from './harness.ts';

const opened = await temporaryDatabase();
const { db } = opened;
afterAll(() => opened[Symbol.asyncDispose]());
beforeEach(() => db.deleteFrom('coverageReport').execute());

const clock = { now: 0 };
const store = createCoverageStore(db, { now: () => clock.now });
const DAY = 86_400_000;
/** 100 characters, one file. */
const add = (more: Partial<NewCoverageReport> & { day?: number } = {}) => {
  const { day = 0, ...report } = more;
  clock.now = day * DAY;
  return store.add({
    projectId: 2,
    release: null,
    commitSha: 'abcdef0',
    format: 'lcov',
    name: 'x',
    lineCount: 1,
    countsHits: true,
    checksum: randomUUID(),
    files: [{ path: 'a.py', lines: 'x'.repeat(96) }],
    ...report,
  });
};
const ids = async (projectId = 2) => (await store.list(projectId)).map(({ id }) => id);
const files = async () => (await db.selectFrom('coverageFile').selectAll().execute()).length;

describe('reports expire', () => {
  it('by age, with their files; the newest of a project stays', async () => {
    await add({ day: 1 });
    const kept = await add({ day: 9 });
    const ofOther = await add({ day: 1, projectId: 1 });
    expect(await store.deleteExpired({ before: 5 * DAY, maxSize: 1e9 })).toBe(1);
    expect([await ids(), await ids(1), await files()]).toEqual([[kept.id], [ofOther.id], 2]);
    expect(await store.deleteExpired({ before: 99 * DAY, maxSize: 1e9 })).toBe(0);
  });

  it('by size, the oldest first', async () => {
    await add({ day: 1 });
    const [second, third] = [await add({ day: 2 }), await add({ day: 3 })];
    expect(await store.deleteExpired({ before: 0, maxSize: 250 })).toBe(1);
    expect(await ids()).toEqual([third.id, second.id]);
    expect(await store.deleteExpired({ before: 0, maxSize: 1 })).toBe(1);
    expect(await ids()).toEqual([third.id]);
  });

  it('counted from the last upload of the same report', async () => {
    const checksum = 'same';
    const first = await add({ day: 1, checksum });
    const second = await add({ day: 2 });
    await add({ day: 3, checksum });
    expect(await store.deleteExpired({ before: 2.5 * DAY, maxSize: 1e9 })).toBe(1);
    expect([await ids(), second.id > first.id]).toEqual([[first.id], true]);
  });
});

it('indexes are kept up to a number of files, the one used last longest', async () => {
  const asked: number[] = [];
  const indexOf = createIndexes(
    {
      paths: async (id) => {
        asked.push(id);
        return ['src/a.py'];
      },
    },
    { maxKeptFiles: 10 },
  );
  for (const id of [1, 2, 1, 3, 1, 2]) await indexOf({ id, fileCount: 4 });
  expect(asked).toEqual([1, 2, 3, 2]);
  await indexOf({ id: 4, fileCount: 1000 });
  await indexOf({ id: 4, fileCount: 1000 });
  expect(asked).toEqual([1, 2, 3, 2, 4]);
});

it('reports of an older version are told with what they hold, and whether they count', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-store-'));
  const old = openDatabase(join(folder, 'test.db'));
  try {
    const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '004'));
    await new Migrator({ db: old, provider: { getMigrations: async () => before } }).migrateToLatest();
    for (const [id, format] of [
      [1, 'lcov'],
      [2, 'coverage.py'],
    ] as const) {
      await sql`INSERT INTO coverageReport (id, projectId, commitSha, format, name, dateCreated)
        VALUES (${id}, 2, 'abcdef0', ${format}, 'x', 0)`.execute(old);
    }
    await sql`INSERT INTO coverageFile (reportId, path, lines) VALUES (1, 'a.py', '[[1,0,2],[3,1,0]]'), (1, 'b', '[]')`.execute(
      old,
    );
    await migrate(old);
    expect(await createCoverageStore(old).list(2)).toMatchObject([
      { id: 2, fileCount: 0, lineCount: 0, size: 0, countsHits: 0 },
      { id: 1, fileCount: 2, lineCount: 2, size: 24, countsHits: 1 },
    ]);
  } finally {
    await old.destroy();
    rmSync(folder, { recursive: true });
  }
});

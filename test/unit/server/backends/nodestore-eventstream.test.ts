import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqlEventstream, richnessOf, searchMessage } from '../../../../server/backends/eventstream.ts';
import { createSqlNodestore, nodeId } from '../../../../server/backends/nodestore.ts';
import type { StoredEvent } from '../../../../server/protocol/event.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import type { Database } from '../../../../server/storage/tables.ts';

let directory: string;
let db: Database;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'backends-'));
  db = openDatabase(join(directory, 'stackmend.db'));
  await migrate(db);
});
afterEach(async () => {
  await db.destroy();
  rmSync(directory, { recursive: true });
});

const event = (id: number, more: Partial<StoredEvent> = {}): StoredEvent => ({
  event_id: String(id).padStart(32, '0'),
  project: '2',
  type: 'error',
  platform: 'python',
  level: 'error',
  timestamp: 1_700_000_000.5,
  received: 1_700_000_001,
  tags: [
    ['level', 'error'],
    ['user', 'id:1'],
  ],
  title: 'E: v',
  culprit: 'm in f',
  location: null,
  metadata: { type: 'E', value: 'v', function: 'f' },
  hashes: ['0'.repeat(32)],
  grouping_config: { id: 'v1' },
  ...more,
});

async function newIssue(number: number): Promise<number> {
  const row = {
    projectId: 2,
    number,
    title: 't',
    culprit: 'c',
    location: null,
    type: 'error',
    level: 'error',
    platform: 'python',
    logger: null,
    metadata: '{}',
    status: 'unresolved' as const,
    substatus: null,
    primaryHash: 'h',
    groupingConfig: 'v1',
    firstSeen: 0,
    lastSeen: 0,
    timesSeen: 0,
    firstRelease: null,
    lastRelease: null,
  };
  return (await db.insertInto('issue').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

describe('the SQL nodestore', () => {
  it('gives back exactly what was set, replaces and deletes', async () => {
    const store = createSqlNodestore(db);
    const events = Array.from({ length: 1200 }, (_, id) => event(id, { extra: { text: 'é😀'.repeat(50), id } }));
    const entries = events.map((value) => ({ id: nodeId(2, value.event_id), event: value }));
    await store.set(entries);
    expect(await store.get(entries[1199]?.id ?? '')).toEqual(events[1199]);
    expect(await store.get('2:none')).toBeNull();
    await store.set([{ id: entries[0]?.id ?? '', event: event(0, { title: 'other' }) }]);
    expect((await store.get(entries[0]?.id ?? ''))?.title).toBe('other');
    await store.delete(entries.map(({ id }) => id));
    expect(await db.selectFrom('node').select('id').execute()).toEqual([]);
  });

  it('writes within the transaction that it is given', async () => {
    const store = createSqlNodestore(db);
    const failing = db.transaction().execute(async (tx) => {
      await store.set([{ id: '2:a', event: event(1) }], tx);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.get('2:a')).toBeNull();
  });
});

describe('the SQL eventstream', () => {
  it('writes anew what follows from the frames of an event, and of no other', async () => {
    const stream = createSqlEventstream(db);
    const issueId = await newIssue(1);
    const [changed, other] = [event(1), event(2)];
    await stream.insert(
      [changed, other].map((each) => ({ event: each, issueId })),
      db,
    );
    const before = await db.selectFrom('event').selectAll().orderBy('id').execute();
    const metadata = { type: 'E', value: 'v', filename: 'src/a.ts' };
    await stream.update({ ...changed, title: 'T', culprit: 'C', location: 'src/a.ts', metadata, tags: [] }, db);
    const rows = await db.selectFrom('event').selectAll().orderBy('id').execute();
    expect(rows).toEqual([
      { ...before[0], title: 'T', culprit: 'C', location: 'src/a.ts', message: expect.stringContaining('src/a.ts') },
      before[1],
    ]);
  });

  it('adds up tags, hours and users over batches', async () => {
    const stream = createSqlEventstream(db);
    const [a, b] = [await newIssue(1), await newIssue(2)];
    const later = 1_700_000_000.5 + 7200;
    await stream.insert(
      [
        { event: event(1), issueId: a },
        { event: event(2), issueId: a },
        { event: event(3), issueId: b },
      ],
      db,
    );
    await stream.insert(
      [
        {
          event: event(4, {
            timestamp: later,
            tags: [
              ['level', 'error'],
              ['user', 'id:2'],
            ],
          }),
          issueId: a,
        },
      ],
      db,
    );
    await stream.insert([], db);
    const level = await db.selectFrom('issueTag').selectAll().where('key', '=', 'level').orderBy('issueId').execute();
    expect(level).toEqual([
      { issueId: a, key: 'level', value: 'error', timesSeen: 3, firstSeen: 1_700_000_000_500, lastSeen: later * 1000 },
      {
        issueId: b,
        key: 'level',
        value: 'error',
        timesSeen: 1,
        firstSeen: 1_700_000_000_500,
        lastSeen: 1_700_000_000_500,
      },
    ]);
    const stats = await db.selectFrom('issueStat').selectAll().where('issueId', '=', a).orderBy('hour').execute();
    expect(stats.map(({ timesSeen }) => timesSeen)).toEqual([2, 1]);
    const users = await db.selectFrom('issue').select(['id', 'userCount']).orderBy('id').execute();
    expect(users).toEqual([
      { id: a, userCount: 2 },
      { id: b, userCount: 1 },
    ]);
  });

  it('takes an issue out, and only that one', async () => {
    const stream = createSqlEventstream(db);
    const [a, b] = [await newIssue(1), await newIssue(2)];
    await stream.insert(
      [
        { event: event(1), issueId: a },
        { event: event(2), issueId: b },
      ],
      db,
    );
    expect(await stream.deleteIssue(a)).toEqual([{ projectId: 2, eventId: event(1).event_id }]);
    for (const table of ['event', 'eventTag', 'issueTag', 'issueStat', 'issueUser'] as const) {
      const rows = await db.selectFrom(table).select('issueId').execute();
      expect(new Set(rows.map(({ issueId }) => issueId))).toEqual(new Set([b]));
    }
  });

  it('takes more tags in a batch than a statement has parameters', async () => {
    const stream = createSqlEventstream(db);
    const issueId = await newIssue(1);
    const tags = Array.from({ length: 200 }, (_, index): [string, string] => [`t${index}`, 'x']);
    await stream.insert(
      Array.from({ length: 100 }, (_, id) => ({ event: event(id, { tags }), issueId })),
      db,
    );
    const { count } = await db
      .selectFrom('eventTag')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(20_000);
  });
});

it('searches an error by what it is about, and a message by its words', () => {
  expect(searchMessage(event(1, { metadata: { type: 'E', value: 'v', function: 'f', filename: 'a.py' } }))).toBe(
    'f E v a.py m in f',
  );
  expect(searchMessage(event(1, { logentry: { message: 'a %s', formatted: 'a b' } }))).toBe('a b');
});

it('finds an event with source and variables richer than one without', () => {
  const withFrame = (frame: object) => event(1, { exception: { values: [{ stacktrace: { frames: [frame] } }] } });
  const poor = richnessOf(withFrame({ function: 'f' }));
  expect(richnessOf(withFrame({ function: 'f', context_line: 'x' }))).toBeGreaterThan(poor);
  expect(richnessOf(withFrame({ function: 'f', context_line: 'x', vars: { a: 1 } }))).toBeGreaterThan(poor + 2);
});

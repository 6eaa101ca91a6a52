import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqlTagstore } from '../../../../server/backends/tagstore.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

let db: Database;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ db, close } = await temporaryDatabase());
});
afterEach(() => close());

it('counts keys and values, the most frequent first, of this issue alone', async () => {
  const issueId = await seedIssue(db, { tags: { browser: ['Firefox', 'Chrome', 'Edge'], level: ['error'] } });
  await seedIssue(db, { tags: { browser: ['Opera'] } });
  const keys = await createSqlTagstore(db).keys(issueId, { top: 2 });
  expect(keys).toMatchObject([
    {
      key: 'browser',
      totalValues: 6,
      uniqueValues: 3,
      topValues: [{ value: 'Firefox', timesSeen: 3 }, { value: 'Chrome' }],
    },
    { key: 'level', totalValues: 1, uniqueValues: 1, topValues: [{ value: 'error' }] },
  ]);
  expect(await createSqlTagstore(db).keys(issueId, { top: 2, key: 'level' })).toHaveLength(1);
  expect(await createSqlTagstore(db).keys(issueId, { top: 2, key: 'none' })).toEqual([]);
});

it('pages through values of equal counts, whatever characters they hold', async () => {
  const issueId = await seedIssue(db);
  const values = ['a:1', 'b"', 'é', '漢字', 'z', ''].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const value of values) {
    await db
      .insertInto('issueTag')
      .values({ issueId, key: 'k', value, timesSeen: 1, firstSeen: 0, lastSeen: 0 })
      .execute();
  }
  const tagstore = createSqlTagstore(db);
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let more = true; more; ) {
    const page = await tagstore.values(issueId, 'k', { limit: 2, cursor });
    seen.push(...page.items.map(({ value }) => value));
    more = page.next.results;
    cursor = page.next.cursor;
  }
  expect(seen).toEqual(values);
  const last = await tagstore.values(issueId, 'k', { limit: 2, cursor });
  expect(last.items).toEqual([]);
});

it('finds values by a part of them, whatever the case, and takes no character for a pattern', async () => {
  const values = ['Firefox 75', 'firefox 76', 'Chrome 100%', 'Chrome_x'];
  const issueId = await seedIssue(db, { tags: { browser: values } });
  const tagstore = createSqlTagstore(db);
  const find = async (query: string, cursor?: string) =>
    (await tagstore.values(issueId, 'browser', { limit: 10, query, cursor })).items.map(({ value }) => value);
  expect(await find('FIRE')).toEqual(['Firefox 75', 'firefox 76']);
  expect(await find('76')).toEqual(['firefox 76']);
  expect(await find('0%')).toEqual(['Chrome 100%']);
  expect(await find('e_')).toEqual(['Chrome_x']);
  expect(await find('')).toHaveLength(4);
  const { next } = await tagstore.values(issueId, 'browser', { limit: 1, query: 'fire' });
  expect(next.results).toBe(true);
  expect(await find('fire', next.cursor)).toEqual(['firefox 76']);
});

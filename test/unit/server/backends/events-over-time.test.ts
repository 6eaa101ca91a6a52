import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { EventFilter } from '../../../../server/backends/event-filter.ts';
import { bucketsOf } from '../../../../server/backends/events-over-time.ts';
import { createSqlTsdb } from '../../../../server/backends/tsdb.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { DAY, eventIdOf, HOUR, NOW, seedEvent, seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

const MINUTE = 60_000;

describe('buckets', () => {
  test.each<[string, number, number, number]>([
    ['five minutes', 5 * MINUTE, 5_000, 61],
    ['an hour', HOUR, MINUTE, 61],
    ['a day', DAY, 15 * MINUTE, 97],
    ['a fortnight', 14 * DAY, 6 * HOUR, 57],
    ['thirty days', 30 * DAY, 12 * HOUR, 61],
    ['ninety days', 90 * DAY, DAY, 91],
  ])('of %s are few and even', (_, length, intervalMs, count) => {
    expect(bucketsOf(NOW - length, NOW + 1)).toMatchObject({ intervalMs, count });
  });

  it('cover any span, 24 to 100 of them, from a whole one', () => {
    for (let length = 24_000; length < 130 * 365 * DAY; length *= 1.3) {
      const start = Math.floor(NOW - Math.min(length, NOW));
      const end = Math.floor(start + length);
      const buckets = bucketsOf(start, end);
      expect(buckets.count).toBeGreaterThanOrEqual(24);
      expect(buckets.count).toBeLessThanOrEqual(100);
      expect(buckets.start).toBeLessThanOrEqual(start);
      expect(buckets.end).toBe(buckets.start + buckets.count * buckets.intervalMs);
      expect(buckets.end).toBeGreaterThanOrEqual(end);
      expect(buckets.start % Math.min(buckets.intervalMs, DAY)).toBe(0);
    }
  });

  it('are at least one', () => expect(bucketsOf(NOW, NOW + 1).count).toBe(1));
});

describe('events and users over time', () => {
  let db: Database;
  let close: () => Promise<void>;
  let issueId: number;
  let number = 0;
  beforeEach(async () => {
    ({ db, close } = await temporaryDatabase());
    issueId = await seedIssue(db);
  });
  afterEach(() => close());

  const add = async (timestamp: number, ...tags: [string, string][]) => {
    number += 1;
    await seedEvent(db, issueId, { eventId: eventIdOf(number), timestamp, tags });
  };
  const count = (filter: Partial<EventFilter> = {}, firstSeen = NOW - 2 * DAY) =>
    createSqlTsdb(db, { now: () => NOW }).overTime({ issueId, ...filter }, firstSeen);
  /** Buckets that are not zero, by how long ago they begin, in hours. */
  const places = (buckets: readonly number[], { start, intervalMs }: { start: number; intervalMs: number }) =>
    buckets.flatMap((value, index) => (value === 0 ? [] : [[(NOW - start - index * intervalMs) / HOUR, value]]));

  it('counts each event, and each user but once in a bucket and but once at all', async () => {
    await add(NOW - 20 * HOUR, ['user', 'id:1']);
    await add(NOW - 20 * HOUR, ['user', 'id:1']);
    await add(NOW - 20 * HOUR, ['user', 'id:2']);
    await add(NOW - 5 * HOUR, ['user', 'id:1']);
    await add(NOW - 5 * HOUR);
    const other = await seedIssue(db);
    await seedEvent(db, other, { eventId: eventIdOf(999), timestamp: NOW - HOUR, tags: [['user', 'id:1']] });

    const stats = await count();
    expect(stats).toMatchObject({ intervalMs: 30 * MINUTE, matching: null });
    expect(stats.total).toMatchObject({ eventCount: 5, userCount: 2 });
    expect(places(stats.total.events, stats)).toEqual([
      [20, 3],
      [5, 2],
    ]);
    expect(places(stats.total.users, stats)).toEqual([
      [20, 2],
      [5, 1],
    ]);
    expect(stats.total.users).toHaveLength(stats.total.events.length);
    expect(stats.end - stats.start).toBe(stats.total.events.length * stats.intervalMs);
  });

  it.each([true, false])('counts what matches beside the whole (with users: %s)', async (hasUsers) => {
    const user = (id: number): [string, string][] => (hasUsers ? [['user', `id:${id}`]] : []);
    await add(NOW - 20 * HOUR, ['environment', 'prod'], ...user(1));
    await add(NOW - 20 * HOUR, ['environment', 'dev'], ...user(1));
    await add(NOW - 5 * HOUR, ['environment', 'prod'], ['browser', 'Firefox'], ...user(2));
    const prod = await count({ environments: ['prod'] });
    expect(prod.total).toMatchObject({ eventCount: 3, userCount: hasUsers ? 2 : 0 });
    expect(prod.matching).toMatchObject({ eventCount: 2, userCount: hasUsers ? 2 : 0 });
    expect(places(prod.matching?.events ?? [], prod)).toEqual([
      [20, 1],
      [5, 1],
    ]);
    const both = await count({ environments: ['prod', 'dev'], query: '!has:browser' });
    expect(both.matching).toMatchObject({ eventCount: 2, userCount: hasUsers ? 1 : 0 });
    const none = await count({ query: 'browser:Opera' });
    expect(none.matching).toMatchObject({ eventCount: 0, userCount: 0 });
    expect(none.total.eventCount).toBe(3);
  });

  it.each([true, false])(
    'counts of a span what the list has of it, to the millisecond (with users: %s)',
    async (hasUsers) => {
      const user: [string, string][] = hasUsers ? [['user', 'id:1']] : [];
      const start = NOW - 3 * HOUR + 7;
      await add(start - 1, ...user);
      await add(start, ...user);
      await add(NOW - HOUR - 1, ...user);
      await add(NOW - HOUR, ...user);
      const iso = (time: number) => new Date(time).toISOString();
      const stats = await count({ start: iso(start), end: iso(NOW - HOUR) });
      expect(stats.total).toMatchObject({ eventCount: 2, userCount: hasUsers ? 1 : 0 });
      expect(stats.start).toBeLessThanOrEqual(start);
      expect(stats.end).toBeGreaterThanOrEqual(NOW - HOUR);
    },
  );

  it('takes a period up to now', async () => {
    await add(NOW - 25 * HOUR);
    await add(NOW - 23 * HOUR);
    await add(NOW);
    const stats = await count({ statsPeriod: '24h' });
    expect(stats.total.eventCount).toBe(2);
    expect(stats.total.events.at(-1)).toBe(1);
  });

  it('shows at least an hour of an issue that has just begun', async () => {
    await add(NOW - MINUTE);
    const stats = await count({}, NOW - MINUTE);
    expect(stats).toMatchObject({ intervalMs: MINUTE, total: { eventCount: 1 } });
    expect(stats.start).toBeLessThanOrEqual(NOW - HOUR);
  });

  it('reads the hours that are counted already where that is enough: without users and filter, by the hour or more', async () => {
    const hour = NOW - (NOW % HOUR);
    const id = await seedIssue(db, {
      hours: [
        [hour, 7],
        [hour - 29 * DAY, 5],
      ],
    });
    const tsdb = createSqlTsdb(db, { now: () => NOW });
    const { total } = await tsdb.overTime({ issueId: id }, hour - 29 * DAY);
    expect(total.eventCount).toBe(12);
    expect(total.events[0]).toBe(5);
    expect(total.events.at(-1)).toBe(7);
    // There are no events that these would be the counts of.
    expect((await tsdb.overTime({ issueId: id, statsPeriod: '14d' }, 0)).total.eventCount).toBe(0);
    expect((await tsdb.overTime({ issueId: id, query: 'x' }, hour - 29 * DAY)).total.eventCount).toBe(0);
  });

  it('refuses what it cannot read', async () => {
    await expect(count({ query: 'level:(error' })).rejects.toMatchObject({ status: 400 });
    await expect(count({ statsPeriod: 'week' })).rejects.toMatchObject({ status: 400 });
  });
});

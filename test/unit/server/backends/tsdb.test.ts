import { expect, it } from 'vitest';
import { createSqlTsdb } from '../../../../server/backends/tsdb.ts';
import { DAY, HOUR, NOW, seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

it('fills what has no events with zeros, by the hour and by the day', async () => {
  const { db, close } = await temporaryDatabase();
  try {
    const hour = NOW - (NOW % HOUR);
    const hours: [number, number][] = [
      [hour, 3],
      [hour - HOUR, 2],
      [hour - 23 * HOUR, 1],
      [hour - 24 * HOUR, 7],
      [hour - 40 * DAY, 9],
      [hour + 2 * DAY, 11],
    ];
    const busy = await seedIssue(db, { hours });
    const quiet = await seedIssue(db);
    const tsdb = createSqlTsdb(db, { now: () => NOW });

    const day = await tsdb.counts([busy, quiet], '24h');
    const counts = day.get(busy)?.map(([, count]) => count);
    expect(counts).toEqual([1, ...Array(21).fill(0), 2, 3]);
    expect(day.get(busy)?.at(-1)?.[0]).toBe(hour / 1000);
    expect(day.get(quiet)?.every(([, count]) => count === 0)).toBe(true);

    const fortnight = (await tsdb.counts([busy], '14d')).get(busy);
    expect(fortnight).toHaveLength(14);
    expect(fortnight?.slice(-2)).toEqual([
      [Date.UTC(2026, 5, 1) / 1000, 8],
      [Date.UTC(2026, 5, 2) / 1000, 5],
    ]);
    expect((await tsdb.counts([busy], '30d')).get(busy)).toHaveLength(30);
    expect((await tsdb.totals([busy, quiet], NOW - HOUR)).get(busy)).toBe(3 + 2 + 11);
    expect(await tsdb.counts([], '24h')).toEqual(new Map());
  } finally {
    await close();
  }
});

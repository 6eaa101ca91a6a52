import assert from 'node:assert';
import { parseDay } from './dates.ts';
import { weeks } from './report.ts';

assert.deepStrictEqual(parseDay('03/28/2026'), { year: 2026, month: 3, day: 28 });
assert.deepStrictEqual(parseDay('28.3.2026'), { year: 2026, month: 3, day: 28 });
assert.deepStrictEqual(weeks([{ partner: 'West', date: '03/28/2026', cents: 1 }]), [
  { week: '2026-03-23', cents: 1, sales: 1 },
]);

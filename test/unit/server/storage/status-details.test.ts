import { expect, it, test } from 'vitest';
import {
  metCondition,
  parseDetails,
  ranOutAt,
  type StoredDetails,
  shownCondition,
} from '../../../../server/storage/status-details.ts';

const NOW = Date.UTC(2026, 5, 2, 10, 30);
const at = (time: number) => new Date(time).toISOString();

test.each<[string, StoredDetails, { timesSeen?: number; userCount?: number }, object | null]>([
  ['archived for ever', { dateSet: 1 }, { timesSeen: 1e9, userCount: 1e9 }, null],
  ['a time that is not over', { ignoreUntil: at(NOW + 1) }, {}, null],
  ['a time that is over just now', { ignoreUntil: at(NOW) }, {}, { ignoreUntil: at(NOW) }],
  ['one event less than asked for', { ignoreCount: 10, timesSeen: 5 }, { timesSeen: 14 }, null],
  ['as many events as asked for', { ignoreCount: 10, timesSeen: 5 }, { timesSeen: 15 }, { ignoreCount: 10 }],
  [
    'more events than asked for, in one batch',
    { ignoreCount: 10, timesSeen: 5 },
    { timesSeen: 99 },
    { ignoreCount: 10 },
  ],
  ['one user less than asked for', { ignoreUserCount: 2, userCount: 3 }, { timesSeen: 99, userCount: 4 }, null],
  ['as many users', { ignoreUserCount: 2, userCount: 3 }, { userCount: 5 }, { ignoreUserCount: 2 }],
  [
    'any of several',
    { ignoreUntil: at(NOW + 1), ignoreCount: 5, timesSeen: 0, ignoreUserCount: 9, userCount: 0 },
    { timesSeen: 5, userCount: 1 },
    { ignoreCount: 5 },
  ],
  [
    'time before counts',
    { ignoreUntil: at(NOW - 1), ignoreCount: 5, timesSeen: 0 },
    { timesSeen: 5 },
    { ignoreUntil: at(NOW - 1) },
  ],
])('a condition is met or not: %s', (_, details, { timesSeen = 0, userCount = 0 }, expected) => {
  expect(metCondition(details, { timesSeen, userCount }, NOW)).toEqual(expected);
});

it('knows when a time ran out', () => {
  expect(ranOutAt({ ignoreUntil: at(NOW - 5) }, NOW)).toBe(NOW - 5);
  expect(ranOutAt({ ignoreUntil: at(NOW + 5) }, NOW)).toBeNull();
  expect(ranOutAt({}, NOW)).toBeNull();
});

it('tells of the condition, and not of what it takes to evaluate it', () => {
  const details: StoredDetails = {
    inNextRelease: true,
    afterRelease: 'a',
    ignoreCount: 1,
    timesSeen: 2,
    ignoreUserCount: 3,
    userCount: 4,
    dateSet: 5,
    actor: { type: 'user', id: '1', name: 'Ann' },
  };
  expect(shownCondition(details)).toEqual({ inNextRelease: true, ignoreCount: 1, ignoreUserCount: 3 });
  expect(parseDetails(JSON.stringify(details))).toEqual(details);
  expect(parseDetails('{}')).toEqual({});
  expect(() => parseDetails('{"ignoreCount":"many"}')).toThrow();
});

import { expect, it, test } from 'vitest';
import { formatShortId, parseShortId } from '../../../../server/storage/issues.ts';

test.each([
  ['default', 1, 'DEFAULT-1'],
  ['check-out', 33, 'CHECK-OUT-11'],
  ['a', 31, 'A-Z'],
  ['a', 32 ** 3, 'A-1000'],
])('%s %i is %s', (slug, number, shortId) => {
  expect(formatShortId(slug, number)).toBe(shortId);
  expect(parseShortId(shortId)).toEqual({ slug, number });
  expect(parseShortId(shortId.toLowerCase())).toEqual({ slug, number });
});

it.each(['', '-', '-1', 'A-', 'A', 'A-I', 'A-!', `A-${'1'.repeat(40)}`])('%j is no short id', (text) => {
  expect(parseShortId(text)).toBeNull();
});

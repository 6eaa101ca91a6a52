import { expect, it } from 'vitest';
import { countJsonValues } from '../../../../server/protocol/json-size.ts';

const valuesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce((sum: number, each) => sum + valuesOf(each), 0)
    : 1;

it.each([
  [1],
  ['a, [b] {c}'],
  ['\\"'],
  ['ends in \\'],
  [[]],
  [{}],
  [[1, [2, 3], { a: 4, 'b,"{': '[5]' }]],
  [Array.from({ length: 1000 }, () => ({}))],
])('counts no fewer values than there are, and not twice as many: %j', (value) => {
  const json = JSON.stringify(value);
  const count = countJsonValues(json, 1e6);
  expect(count).toBeGreaterThanOrEqual(valuesOf(value));
  expect(count).toBeLessThanOrEqual(2 * valuesOf(value));
});

it('stops where there are too many, and is not led on by a text that never ends', () => {
  expect(countJsonValues('[1,2,3,4,5,6', 3)).toBe(4);
  expect(countJsonValues(`"${'[,{'.repeat(1000)}`, 10)).toBe(1);
});

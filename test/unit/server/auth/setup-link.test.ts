import { expect, it } from 'vitest';
import { createSetupLink } from '../../../../server/auth/setup-link.ts';

const MINUTE = 60_000;
const clock = () => {
  let time = 1_000_000;
  return { now: () => time, pass: (ms: number) => (time += ms) };
};

it('is valid for thirty minutes', () => {
  const { now, pass } = clock();
  const link = createSetupLink({ now });
  expect(link.token).toMatch(/^[\w-]{43}$/);
  expect(link.isValid(link.token)).toBe(true);
  pass(30 * MINUTE - 1);
  expect(link.isValid(link.token)).toBe(true);
  pass(1);
  expect(link.isValid(link.token)).toBe(false);
});

it('is valid for one use, and looking is none', () => {
  const link = createSetupLink(clock());
  expect([link.isValid(link.token), link.isValid(link.token)]).toEqual([true, true]);
  link.use();
  expect(link.isValid(link.token)).toBe(false);
});

it('is another one each time, and nothing else is valid', () => {
  const link = createSetupLink(clock());
  const other = createSetupLink(clock());
  const wrong = [other.token, '', `${link.token} `, link.token.slice(0, -1), link.token.toUpperCase(), 'ä'.repeat(43)];
  for (const token of wrong) expect(link.isValid(token)).toBe(false);
});

import { expect, it } from 'vitest';
import { createRateLimit } from '../../../../server/limits/rate-limit.ts';

const clock = () => {
  let time = 1_000_000;
  return { now: () => time, pass: (ms: number) => (time += ms) };
};

it('lets five through in a second and says when the sixth may come', () => {
  const { now, pass } = clock();
  const limit = createRateLimit({ limit: 5, windowMs: 1000, now });
  for (let turn = 0; turn < 5; turn++) {
    expect(limit.take('a')).toEqual({ ok: true, retryAfter: 0 });
    pass(100);
  }
  expect(limit.take('a')).toEqual({ ok: false, retryAfter: 1 });
  expect(limit.take('b').ok).toBe(true);
  pass(500);
  expect(limit.take('a').ok).toBe(true);
  expect(limit.take('a').ok).toBe(false);
});

it('counts a sliding window, so that a burst over a border of seconds gets no second helping', () => {
  const { now, pass } = clock();
  const limit = createRateLimit({ limit: 2, windowMs: 1000, now });
  pass(990);
  expect([limit.take('a').ok, limit.take('a').ok]).toEqual([true, true]);
  pass(20);
  expect(limit.take('a').ok).toBe(false);
});

it('rounds the wait up to whole seconds', () => {
  const { now, pass } = clock();
  const limit = createRateLimit({ limit: 1, windowMs: 60_000, now });
  limit.take('a');
  pass(1);
  expect(limit.take('a').retryAfter).toBe(60);
});

it('holds a bounded number of keys, and forgets the ones that rest', () => {
  const { now, pass } = clock();
  const limit = createRateLimit({ limit: 1, windowMs: 1000, now });
  limit.take('first');
  for (let key = 0; key < 20_000; key++) limit.take(`stranger ${key}`);
  // Forgotten to make room: a bound on memory beats an exact count of a key that twenty thousand others followed.
  expect(limit.take('first').ok).toBe(true);
  expect(limit.take('stranger 19999').ok).toBe(false);
  pass(1001);
  expect(limit.take('stranger 19999').ok).toBe(true);
});

it('takes back the last turn of a key, and none that was not taken', () => {
  const { now } = clock();
  const limit = createRateLimit({ limit: 2, windowMs: 1000, now });
  limit.take('a');
  limit.take('a');
  limit.giveBack('a');
  limit.giveBack('b');
  expect([limit.take('a').ok, limit.take('a').ok]).toEqual([true, false]);
  expect([limit.take('b').ok, limit.take('b').ok, limit.take('b').ok]).toEqual([true, true, false]);
});

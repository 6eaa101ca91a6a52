import { expect, it, test, vi } from 'vitest';
import { createReportError, type Report, reportUncaught } from '../../../../src/app/report-error.ts';
import { isMissingChunk } from '../../../../src/components/missing-chunk.ts';

it('loads what reports at the first error, and once', async () => {
  const report = vi.fn<Report>().mockResolvedValue({ path: '/issues/7/' });
  const load = vi.fn(async () => report);
  const reportError = createReportError(load);
  expect(load).not.toHaveBeenCalled();
  await Promise.all([reportError(new Error('a')), reportError(new Error('b'))]);
  expect(load).toHaveBeenCalledOnce();
  expect(report).toHaveBeenCalledTimes(2);
});

test.each([
  ['cannot be loaded', () => Promise.reject(new TypeError('no such file'))],
  ['fails itself', async () => () => Promise.reject(new Error('the server does not answer'))],
  [
    'throws',
    async () => () => {
      throw new Error('broken');
    },
  ],
])('never throws, even when what reports %s', async (_, load) => {
  const reportError = createReportError(load);
  expect(await reportError(new Error('a'))).toBeNull();
  expect(await reportError(new Error('b'))).toBeNull();
});

test.each([
  'Failed to fetch dynamically imported module: http://127.0.0.1/assets/setup-1.js',
  'error loading dynamically imported module: http://127.0.0.1/assets/setup-1.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/setup-1.css',
])('does not try to load more of a build that is gone: %s', async (message) => {
  const load = vi.fn(async () => async () => ({ path: null }));
  expect(isMissingChunk(new TypeError(message))).toBe(true);
  expect(await createReportError(load)(new TypeError(message))).toBeNull();
  expect(load).not.toHaveBeenCalled();
});

it('takes an error that quotes such words for what it is', () => {
  expect(isMissingChunk(new Error('event says: Failed to fetch dynamically imported module'))).toBe(false);
});

it('hears of what nobody caught', () => {
  const report = vi.fn<Report>().mockResolvedValue(null);
  const target = new EventTarget();
  reportUncaught(report, target);
  const [thrown, rejected] = [new Error('thrown'), new Error('rejected')];
  target.dispatchEvent(Object.assign(new Event('error'), { error: thrown }));
  target.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: rejected }));
  expect(report.mock.calls).toEqual([
    [thrown, { isHandled: false }],
    [rejected, { isHandled: false }],
  ]);
});

import { expect, it, test } from 'vitest';
import { createMetrics } from '../../../../server/metrics/metrics.ts';
import { setupService } from '../../../../server/runner/setup-service.ts';
import { optionsSchema } from '../../../../server/settings/options.ts';

const options = optionsSchema.parse({ 'system.secret-key': 'x' });
const settings = { ...options, configDirectory: '/conf', dataDirectory: '/data' };
const told: unknown[][] = [];
const backend = {
  incr: () => {},
  gauge: () => {},
  timing: (...call: unknown[]) => void told.push(call),
  close: async () => {},
};
const metrics = createMetrics({ backend, clock: () => 0 });
const failure = (cause: Error) =>
  setupService('spool', settings, metrics, () => {
    throw cause;
  }).catch((error: unknown) => error);

it('returns what was set up, and tells how long it took', async () => {
  expect(await setupService('spool', settings, metrics, async () => 1)).toBe(1);
  await failure(new Error('no'));
  expect(told).toEqual([
    ['setup.duration', 0, { service: 'spool', result: 'success' }],
    ['setup.duration', 0, { service: 'spool', result: 'failure' }],
  ]);
});

test.each([
  [Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }), 'database or disk is full'],
  [new Error('corrupted migrations: previously executed migration 0002 is missing'), 'it is of a newer Stackmend'],
])('names the service and the setting of what the operator can mend: %s', async (cause, reason) => {
  expect(await failure(cause)).toMatchObject({
    name: 'ConfigurationError',
    message: `The spool in /data (system.data-directory) cannot be opened: ${reason}.`,
    cause,
  });
});

test.each([
  [Object.assign(new Error('no such column: slog'), { code: 'SQLITE_ERROR' })],
  [new TypeError('x is undefined')],
])('names the service of a fault of ours, which it keeps: %s', async (cause) => {
  expect(await failure(cause)).toMatchObject({
    name: 'Error',
    message: 'The spool service could not be set up.',
    cause,
  });
});

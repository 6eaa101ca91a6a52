import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, test, vi } from 'vitest';
import { ConfigurationError } from '../../../../server/protocol/errors.ts';
import { initializeApp } from '../../../../server/runner/initialize-app.ts';
import { NO_SDK, type Sdk } from '../../../../server/sdk/configure-sdk.ts';

const folder = mkdtempSync(join(tmpdir(), 'initialize-'));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

const reached = new Error('The services are reached.');
/** Starts with these lines, as far as setting up services, which fails. */
async function start(lines: string) {
  writeFileSync(join(folder, 'config.yml'), lines);
  const setupServices = vi.fn(() => Promise.reject(reached));
  const warn = vi.fn();
  const error: unknown = await initializeApp(folder, setupServices, warn).catch((cause: unknown) => cause);
  return { error, setupServices, warn };
}

it('hands the settings and a log of their level to the services, whose failure it passes on', async () => {
  const { error, setupServices } = await start('system.secret-key: x\nlogging.level: error\nhttp.port: 1');
  expect(error).toBe(reached);
  expect(setupServices).toHaveBeenCalledExactlyOnceWith({
    settings: expect.objectContaining({ 'http.port': 1, dataDirectory: folder }),
    log: expect.objectContaining({ level: 'error' }),
    sdk: NO_SDK,
  });
});

test.each([
  ['an option is wrong', 'system.secret-key: x\nhttp.port: x', /^http\.port: /],
  ['the secret key is missing', 'http.port: 1', /^system\.secret-key: .*stackmend init/],
  ['backends are out of step', 'system.secret-key: x\ntagstore.backend: snuba', /^tagstore\.backend: on snuba/],
  ['the file is malformed', 'http.port: [', /line 1, column \d+/],
])('opens nothing where %s', async (_, lines, message) => {
  const { error, setupServices } = await start(lines);
  expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(message) });
  expect(setupServices).not.toHaveBeenCalled();
});

it("warns of Sentry's names before it tells of a fault in one", async () => {
  vi.stubEnv('SENTRY_SEARCH', 'sentry.search.snuba.EventsDatasetSnubaSearchBackend');
  const { error, warn } = await start('system.secret-key: x');
  expect(error).toMatchObject({ message: expect.stringMatching(/^search\.backend: on snuba/) });
  expect(warn).toHaveBeenCalledExactlyOnceWith('SENTRY_SEARCH', expect.stringContaining('STACKMEND_SEARCH_BACKEND'));
});

/** A start with an SDK, whose services fail with this. */
async function failWith(failure: Error) {
  writeFileSync(join(folder, 'config.yml'), 'system.secret-key: x');
  const sdk = { ...NO_SDK, captureException: vi.fn<Sdk['captureException']>(), close: vi.fn(NO_SDK.close) };
  const setupServices = vi.fn(() => Promise.reject(failure));
  const start = initializeApp(folder, setupServices, vi.fn(), async () => sdk);
  await expect(start).rejects.toBe(failure);
  expect(setupServices).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ sdk }));
  expect(sdk.close).toHaveBeenCalledOnce();
  return sdk.captureException;
}

it('reports why services failed, unless the operator is to mend it, and closes the SDK', async () => {
  expect(await failWith(reached)).toHaveBeenCalledExactlyOnceWith(reached);
  expect(await failWith(new ConfigurationError('The disk is read-only.'))).not.toHaveBeenCalled();
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { configure, explainFaults, initializeConfiguration } from '../../../../server/runner/configure.ts';
import { readSettings } from '../../../../server/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'configure-'));
vi.stubEnv('STACKMEND_CONF', folder);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('can be tried again after a failure, and happens once', async () => {
  await expect(configure()).rejects.toThrow(/no configuration at .*stackmend init/);
  initializeConfiguration();
  writeFileSync(join(folder, 'stackmend.db'), 'no database. '.repeat(500));
  await expect(configure()).rejects.toThrow(/\(system\.data-directory\) cannot be opened: file is not a database/);
  rmSync(join(folder, 'stackmend.db'));
  const services = await configure();
  expect(await configure()).toBe(services);
  expect(await services.projects.list()).toHaveLength(2);
  await services.close();
});

it('explains what the operator can mend, and nothing else', async () => {
  writeFileSync(join(folder, 'config.yml'), 'system.secret-key: x\n');
  const settings = readSettings(folder, {});
  const explained = (error: Error) => explainFaults(Promise.reject(error), settings).catch(({ message }) => message);
  const where = `The databases in ${folder} (system.data-directory) cannot be opened: `;
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  expect(await explained(full)).toBe(`${where}database or disk is full.`);
  const missing = new Error('corrupted migrations: previously executed migration 0002 is missing');
  expect(await explained(missing)).toBe(`${where}they are of a newer Stackmend.`);
  const ours = Object.assign(new Error('no such column: slog'), { code: 'SQLITE_ERROR' });
  expect(await explained(ours)).toBe('no such column: slog');
  expect(await explained(new TypeError('x is undefined'))).toBe('x is undefined');
});

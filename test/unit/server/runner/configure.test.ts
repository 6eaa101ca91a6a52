import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { configure, initializeConfiguration } from '../../../../server/runner/configure.ts';

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
  await expect(configure()).rejects.toThrow(
    /^The database in .* \(system\.data-directory\) cannot be opened: file is not a database/,
  );
  rmSync(join(folder, 'stackmend.db'));
  mkdirSync(join(folder, 'spool.db'));
  await expect(configure()).rejects.toThrow(/^The spool in .* cannot be opened/);
  // The last one that closes a database takes its log away.
  expect(readdirSync(folder).filter((name) => name.includes('-wal'))).toEqual([]);
  rmdirSync(join(folder, 'spool.db'));
  const [services, same] = await Promise.all([configure(), configure()]);
  expect(same).toBe(services);
  expect(await configure()).toBe(services);
  expect(await services.projects.list()).toHaveLength(2);
  await services.close();
});

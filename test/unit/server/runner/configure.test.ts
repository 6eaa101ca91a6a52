import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  const [services, same] = await Promise.all([configure(), configure()]);
  expect(same).toBe(services);
  expect(await configure()).toBe(services);
  expect(await services.projects.list()).toHaveLength(2);
  await services.close();
});

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../server/protocol/errors.ts';
import { initializeConfiguration } from '../../../../server/settings/init.ts';
import { readSettings } from '../../../../server/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'init-'));
afterAll(() => rmSync(folder, { recursive: true }));
const modeOf = (path: string) => statSync(path).mode & 0o777;

it('writes a configuration that is read back, with a key of its own, for its owner alone', async () => {
  const directories = ['one', 'two'].map((name) => join(folder, name, 'conf'));
  const reading = directories.map(async (directory) => {
    expect(initializeConfiguration(directory)).toEqual({ path: join(directory, 'config.yml'), created: true });
    expect(modeOf(directory)).toBe(0o700);
    expect(modeOf(join(directory, 'config.yml'))).toBe(0o600);
    return (await readSettings(directory, {}))['system.secret-key'];
  });
  const keys = await Promise.all(reading);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(keys[1]).not.toBe(keys[0]);
});

it('takes every line that it suggests', async () => {
  const directory = join(folder, 'suggested');
  const { path } = initializeConfiguration(directory);
  const suggested = readFileSync(path, 'utf8').replace(/^# (?=[\w.-]+: )/gm, '');
  writeFileSync(path, suggested);
  expect(await readSettings(directory, {})).toMatchObject({
    'openai.base-url': 'http://127.0.0.1:11434/v1',
    'openai.model': 'qwen3-coder',
    'ai.policy': 'individual_consent',
  });
});

it('leaves what is there alone: the file, and the mode of the directory', () => {
  const directory = join(folder, 'mine');
  mkdirSync(directory);
  chmodSync(directory, 0o750);
  writeFileSync(join(directory, 'config.yml'), 'mine');
  expect(initializeConfiguration(directory).created).toBe(false);
  expect(readFileSync(join(directory, 'config.yml'), 'utf8')).toBe('mine');
  expect(modeOf(directory)).toBe(0o750);
});

it('leaves a configuration in code alone, which is enough by itself', () => {
  const directory = join(folder, 'code');
  mkdirSync(directory);
  writeFileSync(join(directory, 'stackmend.conf.ts'), 'export default {};');
  expect(initializeConfiguration(directory)).toEqual({ path: join(directory, 'stackmend.conf.ts'), created: false });
  expect(existsSync(join(directory, 'config.yml'))).toBe(false);
});

it('names STACKMEND_CONF where that is no directory', () => {
  writeFileSync(join(folder, 'file'), '');
  const act = () => initializeConfiguration(join(folder, 'file'));
  expect(act).toThrow(ConfigurationError);
  expect(act).toThrow(/STACKMEND_CONF.*(EEXIST|ENOTDIR)/);
});

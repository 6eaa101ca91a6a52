import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFilesPrivate } from '../../../../server/runner/own-files.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stackmend-files-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const modeOf = (name: string) => (statSync(join(directory, name)).mode & 0o777).toString(8);
function write(name: string, mode: number) {
  writeFileSync(join(directory, name), '');
  chmodSync(join(directory, name), mode);
}

it('takes the rights of others from configuration and databases, and from nothing else', () => {
  for (const name of ['config.yml', 'stackmend.conf.ts', 'stackmend.db', 'stackmend.db-wal', 'spool.db'])
    write(name, 0o644);
  write('spool.db-shm', 0o400);
  write('notes.txt', 0o644);
  expect(keepFilesPrivate([directory, directory])).toEqual([]);
  expect(['config.yml', 'stackmend.conf.ts', 'stackmend.db', 'stackmend.db-wal', 'spool.db'].map(modeOf)).toEqual(
    Array(5).fill('600'),
  );
  expect(modeOf('spool.db-shm')).toBe('400');
  expect(modeOf('notes.txt')).toBe('644');
});

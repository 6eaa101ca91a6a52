import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { addressTold, tellAddress } from '../../../../server/runner/server-address.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'address-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const url = 'http://127.0.0.1:4321';
const write = (text: string) => writeFileSync(join(folder, 'server.json'), text);
const fail = (error: unknown) => {
  throw error;
};

it('is what the running server told, and nothing once it has ended', () => {
  expect(addressTold(folder)).toBeNull();
  const forget = tellAddress(folder, url, fail);
  expect(addressTold(folder)).toBe(url);
  forget();
  expect([addressTold(folder), existsSync(join(folder, 'server.json'))]).toEqual([null, false]);
  forget();
});

it('is nothing after the server was killed', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  write(JSON.stringify({ url, pid }));
  expect(addressTold(folder)).toBeNull();
});

it('stays when another server has told its own since', () => {
  const forget = tellAddress(folder, url, fail);
  write(JSON.stringify({ url: 'http://127.0.0.1:1', pid: process.ppid }));
  forget();
  expect(addressTold(folder)).toBe('http://127.0.0.1:1');
});

test.each(['', '{', '{}', '[1]', '{"url":"x","pid":1}', `{"url":"${url}","pid":0}`, `{"url":"${url}","pid":-1}`])(
  'is nothing where the file says %j',
  (text) => {
    write(text);
    expect(addressTold(folder)).toBeNull();
  },
);

it('that cannot be written is told, and ends nothing', () => {
  const errors: unknown[] = [];
  tellAddress(join(folder, 'gone'), url, (error) => errors.push(error))();
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('server.json') })]);
});

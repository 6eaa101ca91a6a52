/** What the setup page tells people to copy is run as it stands, where this machine can run it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { curlOf, snippets } from '../../../src/pages/setup/snippets.ts';
import { type RunningServer, startServer, waitFor } from '../../server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const issueWith = (text: string) =>
  waitFor(async () => {
    const issues = await fetch(`${server.url}/api/0/organizations/stackmend/issues/?query=${encodeURIComponent(text)}`);
    return ((await issues.json()) as { title: string }[])[0];
  });

it('sends an error with the Node snippet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-snippet-'));
  symlinkSync(join(import.meta.dirname, '..', '..', '..', 'node_modules'), join(folder, 'node_modules'));
  const node = snippets.find(({ id }) => id === 'node');
  writeFileSync(join(folder, node?.file ?? ''), node?.code(server.dsn) ?? '');
  spawnSync(process.execPath, [node?.file ?? ''], { cwd: folder });
  expect((await issueWith('has no items')).title).toBe('Error: Order 981 has no items');
  rmSync(folder, { recursive: true });
});

it.skipIf(spawnSync('curl', ['--version']).error)('sends an error with the curl line', async () => {
  const { stdout } = spawnSync('sh', ['-c', curlOf(server.dsn)]);
  expect(JSON.parse(stdout.toString()).id).toMatch(/^[0-9a-f]{32}$/);
  expect((await issueWith('sent with curl')).title).toBe('HelloError: sent with curl');
});

/** The ledger of the real server: whatever ends it, a call that went out is there; and what commands make of it. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aiCallSchema, aiCallsSchema } from '../../../server/protocol/contract.ts';
import { openSqlite } from '../../../server/storage/database.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../../server.ts';
import { eventId, send } from '../server/clients.ts';

const DAY = 24 * 3_600_000;
const EVENT = eventId(9, 1);
const LEDGER = '/organizations/stackmend/ai-calls/';
const PATCH = '--- a/app.py\n+++ b/app.py\n@@ -1,2 +1,2 @@\n def pay():\n-    return 1\n+    return 2\n';

let fake: FakeModel;
let server: RunningServer;
let environment: Record<string, string>;
beforeEach(async () => {
  fake = await startFakeModel();
  fake.answer(`## Problem\nIt pays.\n\n## Fix\n\n\`\`\`diff\n${PATCH}\`\`\`\n`);
  environment = { OPENAI_BASE_URL: fake.baseUrl, OPENAI_MODEL: 'unset', STACKMEND_AI_POLICY: 'allowed' };
  server = await startServer(environment);
  expect((await send(server.dsn, { event_id: EVENT, message: 'disk gone' })).status).toBe(200);
  await waitFor(async () => (await get(`/projects/stackmend/default/events/${EVENT}/`)).ok);
});
afterEach(async () => {
  server.process.kill('SIGKILL');
  rmSync(server.directory, { recursive: true, force: true });
  await fake.close();
});

const get = (path: string) => fetch(`${server.url}/api/0${path}`);
const listed = async () => aiCallsSchema.parse(await (await get(LEDGER)).json());
const called = async (id: string) => aiCallSchema.parse(await (await get(`${LEDGER}${id}/`)).json());
const suggest = () =>
  fetch(`${server.url}/api/0/projects/stackmend/default/events/${EVENT}/ai-fix-suggest/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ force: true }),
  });

describe('a call that the end of the server cuts off', () => {
  it.each([
    ['SIGTERM', 'The cause is'],
    // Nothing could be written any more.
    ['SIGKILL', ''],
  ] as const)('by %s is in the ledger, as aborted', async (signal, answer) => {
    fake.scenario('stall');
    const response = await suggest();
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes(' is')) text += new TextDecoder().decode((await reader?.read())?.value);
    const ended = once(server.process, 'exit');
    server.process.kill(signal);
    await ended;
    server = await startServer(environment, server.directory);
    const [call, ...others] = await listed();
    expect(others).toEqual([]);
    expect(call).toMatchObject({ status: 'aborted', errorKind: null, eventID: EVENT });
    const { request, answer: kept } = await called(call?.id ?? '');
    expect(request).toEqual(fake.requests[0]?.messages);
    expect(kept).toBe(answer);
  });
});

it('is kept as long as ai.ledger-max-age says', async () => {
  await (await suggest()).text();
  await (await suggest()).text();
  await server.stop({ keep: true });
  const sqlite = openSqlite(join(server.directory, 'stackmend.db'));
  sqlite.prepare('UPDATE aiCall SET dateCreated = ? WHERE id = 1').run(Date.now() - 31 * DAY);
  sqlite.close();
  server = await startServer({ ...environment, STACKMEND_AI_LEDGER_MAX_AGE: '30' }, server.directory);
  await expect.poll(async () => (await listed()).map(({ id }) => id), { timeout: 20_000 }).toEqual(['2']);
});

describe('stackmend fixes', () => {
  const run = (...args: string[]) =>
    runCommand([join('server', 'cli.ts'), 'fixes', ...args], { STACKMEND_CONF: server.directory, PORT: '0' });

  it('lists the calls, prints the patch for git apply, the answer, and all of it', async () => {
    await (await suggest()).text();
    const list = await run('list');
    expect([list.code, list.stderr]).toEqual([0, '']);
    expect(list.stdout).toMatch(/^ {4}1 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}DEFAULT-1 {2}success {2}default {2}unset\n$/);

    const { stdout: patch } = await run('show', '1');
    const checkout = mkdtempSync(join(tmpdir(), 'fixes-'));
    writeFileSync(join(checkout, 'app.py'), 'def pay():\n    return 1\n');
    execFileSync('git', ['apply', '-'], { cwd: checkout, input: patch, env: { ...process.env, GIT_DIR: '/nowhere' } });
    const diff = execFileSync('cat', ['app.py'], { cwd: checkout, encoding: 'utf8' });
    rmSync(checkout, { recursive: true });
    expect(diff).toBe('def pay():\n    return 2\n');

    expect((await run('show', '1', '--answer')).stdout).toMatch(/^## Problem\nIt pays\./);
    const { stdout } = await run('export', '--project', 'default');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => aiCallSchema.parse(JSON.parse(line)));
    expect(lines).toMatchObject([{ id: '1', patch: PATCH, request: [{ role: 'system' }, { role: 'user' }] }]);
    // Of the running server, over HTTP.
    expect((await run('export', '--url', server.url)).stdout).toBe(stdout);
  });

  it('says what is not there', async () => {
    expect(await run('list')).toMatchObject({ code: 0, stdout: 'There are none.\n' });
    expect(await run('show', '7')).toMatchObject({ code: 2, stderr: /^stackmend: The ledger has no call 7\./ });
    expect(await run('show', 'x')).toMatchObject({ code: 2, stderr: /no number of a call/ });
    fake.answer('No idea.');
    await (await suggest()).text();
    expect(await run('show', '1')).toMatchObject({ code: 2, stdout: '', stderr: /Call 1 has no patch.*--answer/ });
    fake.answer(`\`\`\`diff\n${PATCH.replace('return 2', 'mail("[email 1]")')}\`\`\``);
    await (await suggest()).text();
    expect(await run('show', '2')).toMatchObject({ code: 0, stderr: /has placeholders such as \[email 1\]/ });
  });

  it('has what was asked at the terminal', async () => {
    const asked = await runCommand([join('server', 'cli.ts'), 'openai', '--event', EVENT], {
      ...environment,
      STACKMEND_CONF: server.directory,
      PORT: '0',
    });
    expect(asked.code).toBe(0);
    const call = { user: { id: 'operator' }, status: 'success', issue: { shortId: 'DEFAULT-1' }, eventID: EVENT };
    expect(await listed()).toMatchObject([call]);
  });
});

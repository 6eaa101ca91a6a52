/** `stackmend users` and `stackmend permissions`, beside a running server and without one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { NEW_USER_PERMISSIONS } from '../../../server/auth/permissions.ts';
import { PERMISSIONS } from '../../../server/protocol/contract.ts';
import { type RunningServer, runCommand, startServer } from '../../server.ts';

const cli = join('server', 'cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'users-'));
const PASSWORD = 'correct horse battery';
const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { code: number | null; stdout: string; stderr: string };
const runIn = (directory: string, args: string[], input = ''): Promise<Run> =>
  runCommand([cli, ...args], { ...compiled, STACKMEND_CONF: directory, PORT: '0' }, input);
async function succeedsIn(directory: string, args: string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runIn(directory, args, input);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}
/** A data directory with Ann, who is first, and Bob. */
async function withTwoUsers(name: string): Promise<string> {
  const directory = join(folder, name);
  await succeedsIn(directory, ['init']);
  await succeedsIn(directory, ['users', 'create', '--username', 'Ann', '--password-stdin'], `${PASSWORD}\n`);
  await succeedsIn(directory, ['users', 'create', '--username', 'Bob', '--email', 'Bob@Example.com']);
  return directory;
}

describe('without a server', () => {
  it('users are made, listed, disabled and enabled, and signed in when a server starts', async () => {
    const directory = join(folder, 'alone');
    const run = (args: string[], input = '') => succeedsIn(directory, args, input);
    await run(['init']);
    expect(await run(['users', 'list'])).toMatch(/^There is none\. .*users create/);

    const first = await run(['users', 'create', '--username', 'Ann', '--password-stdin'], `${PASSWORD}\n`);
    expect(first.split('\n')).toEqual([
      'id: 1',
      'username: Ann',
      `permissions: ${PERMISSIONS.toSorted().join(', ')}`,
      expect.stringMatching(/first user has all permissions.*asks everybody to sign in/),
      '',
    ]);

    const second = await run(['users', 'create', '--username', 'bob', '--name', 'Bob B', '--email', 'bob@example.com']);
    expect(second.split('\n')).toEqual([
      'id: 2',
      'username: bob',
      `permissions: ${NEW_USER_PERMISSIONS.toSorted().join(', ')}`,
      expect.stringMatching(/^password: \S{16,}$/),
      'It is not shown again.',
      '',
    ]);
    const made = /^password: (.*)$/m.exec(second)?.[1] ?? '';

    const args = ['users', 'create', '--username', 'ci', '--permission', 'project:releases', 'event:write', '--json'];
    const third = JSON.parse(await run([...args, '--permission', 'project:read']));
    expect(third).toMatchObject({ id: '3', permissions: ['event:write', 'project:read', 'project:releases'] });
    expect(third.password).toMatch(/\S{16}/);

    expect(await run(['users', 'disable', 'CI'])).toBe('`ci` is now disabled.\n');
    expect(await run(['users', 'disable', 'ci'])).toBe('`ci` was already disabled.\n');
    expect((await run(['users', 'list'])).split('\n')).toEqual([
      expect.stringMatching(/^Ann +- +active +all$/),
      expect.stringMatching(/^bob +bob@example\.com +active +attachment:read event:read event:write/),
      expect.stringMatching(/^ci +- +disabled +event:write project:read project:releases$/),
      '',
    ]);
    expect(JSON.parse(await run(['users', 'list', '--json']))).toMatchObject([
      { id: '1', username: 'Ann', isActive: true },
      { id: '2', name: 'Bob B', email: 'bob@example.com' },
      { id: '3', isActive: false },
    ]);
    expect(await run(['users', 'enable', 'ci'])).toBe('`ci` is now enabled.\n');

    const server = await startServer({}, directory);
    expect(await statusOf(server)).toBe(401);
    for (const [username, password] of [
      ['ann', PASSWORD],
      ['bob@EXAMPLE.com', made],
      ['ci', third.password],
    ]) {
      const cookie = await logIn(server, { username, password });
      expect(await statusOf(server, cookie)).toBe(200);
    }
    await server.stop({ keep: true });
  });
});

describe('permissions', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await withTwoUsers('permissions');
  });
  const permissions = (...args: string[]) => runIn(directory, ['permissions', ...args]);

  it('tells what was added, removed, or so already, by name or e-mail in any case', async () => {
    for (const [args, stdout] of [
      [['add', '--user', 'bob', '--permission', 'ai:suggest'], 'Added permission `ai:suggest` to `Bob`\n'],
      [['add', '-u', 'BOB@example.COM', '-p', 'ai:suggest'], 'Permission `ai:suggest` already exists for `Bob`\n'],
      [
        ['list', '-u', 'BOB'],
        `Permissions for \`Bob\`:\n${[...NEW_USER_PERMISSIONS, 'ai:suggest']
          .sort()
          .map((each) => `- ${each}\n`)
          .join('')}`,
      ],
      [['remove', '-u', 'bob', '-p', 'ai:suggest'], 'Removed permission `ai:suggest` from `Bob`\n'],
      [['remove', '-u', 'bob', '-p', 'ai:suggest'], 'Permission `ai:suggest` does not exist for `Bob`\n'],
      [['remove', '-u', 'bob', '-p', 'event:admin'], 'Permission `event:admin` does not exist for `Bob`\n'],
    ] as const) {
      expect(await permissions(...args)).toEqual({ code: 0, stdout, stderr: '' });
    }
    for (const permission of NEW_USER_PERMISSIONS) await permissions('remove', '-u', 'bob', '-p', permission);
    expect((await permissions('list', '-u', 'bob')).stdout).toBe('Permissions for `Bob`:\n');
    expect((await permissions('list', '-u', 'bob', '--json')).stdout).toBe('[]\n');
    expect(JSON.parse((await permissions('list', '-u', 'ann', '--json')).stdout)).toEqual(PERMISSIONS.toSorted());
  });

  it('shows a disabled user as any other', async () => {
    await succeedsIn(directory, ['users', 'disable', 'bob']);
    expect((await permissions('list', '-u', 'bob')).code).toBe(0);
  });
});

describe('a fault is one line, and 2:', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await withTwoUsers('faults');
  });
  const create = ['users', 'create', '--username'];
  const all = new RegExp(`nowhere.*${PERMISSIONS.join(', ')}`);
  test.concurrent.each<[string, string[], RegExp, string?]>([
    ['no name', ['users', 'create'], /required option '--username <name>'/],
    ['a name that is taken', [...create, 'ANN'], /ANN is taken/],
    ['an e-mail that is taken', [...create, 'x', '--email', 'BOB@example.com'], /belongs to another user/],
    ['a name that is none', [...create, 'a b'], /user name has 1 to 64/],
    ['an e-mail that is none', [...create, 'x', '--email', 'x'], /no e-mail address/],
    ['an unknown permission', [...create, 'x', '--permission', 'nowhere'], all],
    ['a password as an argument', [...create, 'x', '--password', PASSWORD], /unknown option '--password'/],
    ['a short password', [...create, 'x', '--password-stdin'], /at least 10 characters/, 'short\n'],
    ['no password', [...create, 'x', '--password-stdin'], /Standard input holds no password/],
    ['nobody to set it', ['users', 'password', 'zoe'], /No user matching `zoe`/],
    ['a short one to set', ['users', 'password', 'bob', '--password-stdin'], /at least 10 characters/, 'short\n'],
    ['nobody to disable', ['users', 'disable', '1'], /No user matching `1`/],
    ['the last who manages users', ['users', 'disable', 'ann'], /Nobody else could manage users/],
    [
      'the last permission to manage users',
      ['permissions', 'remove', '-u', 'ann', '-p', 'member:admin'],
      /Nobody else could manage users/,
    ],
    ['a permission of nobody', ['permissions', 'add', '-u', 'zoe', '-p', 'event:read'], /No user matching `zoe`/],
    ['a permission of an e-mail', ['permissions', 'list', '-u', 'zoe@example.com'], /No user matching `zoe@/],
    ['an unknown one to add', ['permissions', 'add', '-u', 'bob', '-p', 'nowhere'], all],
    ['an unknown one to remove', ['permissions', 'remove', '-u', 'bob', '-p', 'nowhere'], all],
    ['no permission', ['permissions', 'add', '-u', 'bob'], /required option '-p, --permission/],
    ['no user', ['permissions', 'list'], /required option '-u, --user/],
  ])('%s', async (_, args, message, input = '') => {
    const { code, stdout, stderr } = await runIn(directory, args, input);
    expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^stackmend: /);
  });
});

describe('beside a running server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  it('what a command changes holds at once', async () => {
    const run = (args: string[], input = '') => succeedsIn(server.directory, args, input);
    expect(await statusOf(server)).toBe(200);
    await run(['users', 'create', '--username', 'ann', '--password-stdin'], PASSWORD);
    expect(await statusOf(server)).toBe(401);
    expect(await statusOf(server, await logIn(server, { username: 'ann', password: PASSWORD }))).toBe(200);

    await run(['users', 'create', '--username', 'bob', '--password-stdin'], PASSWORD);
    let bob = await logIn(server, { username: 'bob', password: PASSWORD });
    expect(await statusOf(server, bob)).toBe(200);
    await run(['permissions', 'remove', '-u', 'bob', '-p', 'project:read']);
    expect(await statusOf(server, bob)).toBe(403);
    await run(['permissions', 'add', '-u', 'bob', '-p', 'project:read']);
    expect(await statusOf(server, bob)).toBe(200);

    const printed = await run(['users', 'password', 'BOB']);
    expect(printed).toMatch(/^Set the password of `bob`, whose sessions have ended\.\npassword: \S+\nIt is not shown/);
    expect(await statusOf(server, bob)).toBe(401);
    expect(await logIn(server, { username: 'bob', password: PASSWORD })).toBeNull();
    bob = await logIn(server, { username: 'bob', password: /^password: (.*)$/m.exec(printed)?.[1] });
    expect(await statusOf(server, bob)).toBe(200);

    await run(['users', 'password', 'bob', '--password-stdin'], 'another good one\n');
    bob = await logIn(server, { username: 'bob', password: 'another good one' });
    expect(await statusOf(server, bob)).toBe(200);
    await run(['users', 'disable', 'bob']);
    expect(await statusOf(server, bob)).toBe(401);
    expect(await logIn(server, { username: 'bob', password: 'another good one' })).toBeNull();
    await run(['users', 'enable', 'bob']);
    expect(await statusOf(server, bob)).toBe(401);
    expect(await logIn(server, { username: 'bob', password: 'another good one' })).not.toBeNull();
  });
});

/** What listing the projects is answered with, which asks for project:read. */
async function statusOf(server: RunningServer, cookie: string | null = null): Promise<number> {
  const headers = cookie ? { cookie } : undefined;
  return (await fetch(`${server.url}/api/0/projects/`, { headers })).status;
}

/** @returns the cookie; null where it is refused */
async function logIn(server: RunningServer, body: { username?: string; password?: string }): Promise<string | null> {
  const answer = await fetch(`${server.url}/api/0/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify(body),
  });
  return answer.ok ? (answer.headers.getSetCookie()[0]?.split(';')[0] ?? null) : null;
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gate } from '../../../server/api/permit.ts';
import { expand } from '../../../server/auth/permissions.ts';
import { PERMISSIONS, type Permission } from '../../../server/protocol/contract.ts';
import { withToken } from './harness.ts';
import { addressOf, bodyOf, type Line, MATRIX, misplacedParams, type World } from './matrix.ts';
import { type MatrixServer, startMatrixServer } from './matrix-server.ts';
import { PASSWORD } from './people.ts';

type Headers = Record<string, string>;
const ALL: readonly Permission[] = PERMISSIONS;
/** All that does not include it. */
const without = (permission: Permission) => ALL.filter((other) => !expand([other]).has(permission));

let server: MatrixServer;
/** Users by what they have. */
const users = new Map<string, number>();
/** What was valid until its user was disabled. */
let disabled: { session: Headers; token: Headers };
let passed = 0;
/** For requests that leave it as it is. */
let world: World;

beforeAll(async () => {
  server = await startMatrixServer();
  // The first has all, whatever is asked.
  await userWith(ALL, 'all');
  const id = await addUser('disabled', ALL);
  disabled = { session: await server.sessionOf(id), token: await tokenOf(id, ALL) };
  await server.auth.setActive(id, false);
  world = await server.createWorld(null);
});
afterAll(async () => {
  console.log(`${passed} combinations of routes and callers, by ${server.asked()} requests.`);
  await server.close();
});

/** The user who has exactly these. */
async function userWith(permissions: readonly Permission[], username = `user-${users.size}`): Promise<number> {
  const key = permissions.join();
  const id = users.get(key) ?? (await addUser(username, permissions));
  users.set(key, id);
  return id;
}
const addUser = async (username: string, permissions: readonly Permission[]) =>
  (await server.auth.createUser({ username, password: PASSWORD, permissions })).user.id;
const tokenOf = async (userId: number, scopes: readonly Permission[]) =>
  withToken((await server.auth.createToken(userId, { name: 'x', scopes })).token);

/** One cell: a caller, and what is answered. */
async function check(name: string, what: string, answer: Promise<{ status: number; body: unknown }>, expected: object) {
  const { status, body } = await answer;
  expect({ name, what, status, body }).toMatchObject({ name, what, ...expected });
  passed += 1;
}

it('finds a gate and a line of the matrix for every route', () => {
  const ungated = server.routes.filter(({ gate }) => gate === null).map(({ name }) => name);
  expect(ungated, 'routes whose first handler is no gate').toEqual([]);
  const names = server.routes.map(({ name }) => name);
  expect(
    names.filter((name) => !MATRIX[name]),
    'routes that the matrix does not know',
  ).toEqual([]);
  expect(
    Object.keys(MATRIX).filter((name) => !names.includes(name)),
    'lines without a route',
  ).toEqual([]);
  expect(names).toHaveLength(new Set(names).size);
  expect(Object.fromEntries(server.routes.map(({ name, gate }) => [name, gate]))).toEqual(
    Object.fromEntries(Object.entries(MATRIX).map(([name, { gate }]) => [name, gate])),
  );
});

describe.each(Object.entries(MATRIX))('%s', (name, line) => {
  const [method = '', path = ''] = name.split(' ');
  const { gate, status = 200, tokenStatus = status } = line;
  const send = (world: World, as: Headers, params = {}) =>
    server.ask(method, addressOf(path, line, world, params), bodyOf(line, world), as);

  it('answers nobody, and none who is disabled', async () => {
    const refused = gate === 'anyone' ? { status } : { status: 401, body: { detail: expect.any(String) } };
    await check(name, 'nobody', send(world, {}), refused);
    await check(name, 'a session that never was', send(world, session('x'.repeat(43))), refused);
    await check(name, 'the session of a disabled user', send(world, disabled.session), refused);
    await check(name, 'the token of a disabled user', send(world, disabled.token), { status: 401 });
    await check(name, 'a token that never was', send(world, withToken(`stmk_${'x'.repeat(43)}`)), { status: 401 });
    if (method === 'GET') {
      const head = server.ask('HEAD', addressOf(path, line, world), undefined, {});
      await check(name, 'nobody, by HEAD', head, { status: gate === 'anyone' ? status : 401 });
    } else if (gate !== 'anyone') {
      // Were the body read first, it would be a 400, and read from anybody.
      const torn = server.ask(method, addressOf(path, line, world), '{"', { 'content-type': 'application/json' });
      await check(name, 'nobody, with a body that is cut off', torn, { status: 401 });
    }
  });

  it('answers who may, and refuses who may not', async () => {
    for (const { what, userId, as, expected } of await callers(gate, status, tokenStatus)) {
      const isChanging = method !== 'GET' && expected.status < 300;
      await check(name, what, send(isChanging ? await server.createWorld(userId) : world, as), expected);
    }
  });

  it('finds nothing in another place, and tells of nothing to who may not look', async () => {
    const all = await userWith(ALL);
    for (const params of misplacedParams(path, line, world)) {
      const where = JSON.stringify(params);
      await check(name, where, send(world, await server.sessionOf(all), params), { status: 404 });
      await check(name, `nobody, ${where}`, send(world, {}, params), { status: 401 });
      if (!isPermission(gate)) continue;
      const lacking = await server.sessionOf(await userWith(without(gate)));
      const { body } = await send(world, lacking);
      await check(name, `may not look, ${where}`, send(world, lacking, params), { status: 403, body: body as object });
    }
  });
});

const session = (cookie: string) => ({ cookie: `stackmend_sid=${cookie}`, origin: 'http://127.0.0.1:8765' });
const isPermission = (gate: Gate): gate is Permission => ALL.some((permission) => permission === gate);

type Caller = { what: string; userId: number; as: Headers; expected: { status: number; body?: object } };
/** Sessions and tokens, with and without what a gate asks for, and what they are answered. */
async function callers(gate: Gate, status: number, tokenStatus: number): Promise<Caller[]> {
  const bySession = async (what: string, permissions: readonly Permission[], expected: Caller['expected']) => {
    const userId = await userWith(permissions);
    return { what, userId, as: await server.sessionOf(userId), expected };
  };
  const byToken = async (
    what: string,
    permissions: readonly Permission[],
    scopes: readonly Permission[],
    expected: Caller['expected'],
  ) => {
    const userId = await userWith(permissions);
    return { what, userId, as: await tokenOf(userId, scopes), expected };
  };
  const allowed = { status };
  if (!isPermission(gate)) {
    const isForTokens = gate !== 'session';
    return [
      await bySession('a session without any permission', [], allowed),
      await byToken('a token with everything', ALL, ALL, { status: isForTokens ? tokenStatus : 403 }),
      await byToken('a token without any permission in effect', [], ['event:read'], {
        status: isForTokens ? tokenStatus : 403,
      }),
    ];
  }
  const lacking = { status: 403, body: { detail: expect.stringContaining(gate), permission: gate } };
  return [
    await bySession(`without ${gate} alone`, without(gate), lacking),
    await bySession(`with ${gate} alone`, [gate], allowed),
    await byToken('a token without the scope, whose user has it', ALL, without(gate), lacking),
    await byToken('a token with the scope, whose user lacks it', without(gate), ALL, lacking),
    await byToken('a token with the scope, whose user has it', [gate], [gate], allowed),
    await byToken('a token with everything, whose user has it alone', [gate], ALL, allowed),
  ];
}

it('changes no issue that is addressed under another project', async () => {
  const all = await userWith(ALL);
  const world = await server.createWorld(all);
  const as = await server.sessionOf(all);
  const path = '/projects/:organization/:project/issues/';
  const elsewhere = { project: 'internal' };
  for (const method of ['PUT', 'DELETE']) {
    const line: Line = MATRIX[`${method} ${path}`] ?? { gate: 'anyone' };
    await server.ask(method, addressOf(path, line, world, elsewhere), line.body, as);
  }
  const { body } = await server.ask('GET', `/issues/${world.issueId}/`, undefined, as);
  expect(body).toMatchObject({ id: String(world.issueId), status: 'unresolved' });
});

it('keeps consent by user', async () => {
  const [one, other] = await Promise.all([
    userWith(['ai:suggest']).then(server.sessionOf),
    userWith(ALL).then(server.sessionOf),
  ]);
  const path = '/users/me/ai-consent/';
  await server.ask('PUT', path, { consented: true }, one);
  await server.ask('PUT', path, { consented: false }, other);
  expect((await server.ask('GET', path, undefined, one)).body).toEqual({ consented: true });
  expect((await server.ask('GET', path, undefined, other)).body).toEqual({ consented: false });
});

import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { apiTokenSchema, apiTokensSchema, PERMISSIONS } from '../../../server/protocol/contract.ts';
import { startApp, type TestApp, withToken } from './harness.ts';
import { addUser, signIn } from './people.ts';
import { HOUR, NOW } from './seed.ts';

let app: TestApp;
let ada: Record<string, string>;
beforeEach(async () => {
  app = await startApp();
  await addUser(app, 'ada');
  ada = (await signIn(app, 'ada')).as;
});
afterEach(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

const create = (body: unknown, as = ada) => app.ask('POST', '/api-tokens/', body, as);
const list = async (as = ada) => apiTokensSchema.parse((await app.get('/api-tokens/', as)).body);

it('is shown once, and is nowhere in the database', async () => {
  const answer = await create({ name: 'CI', scopes: ['project:releases', 'event:read', 'event:read'] });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { token, ...made } = apiTokenSchema.parse(answer.body);
  expect(token).toMatch(/^stmk_[\w-]{43}$/);
  expect(made).toEqual({
    id: '1',
    name: 'CI',
    scopes: ['event:read', 'project:releases'],
    tokenLastCharacters: token?.slice(-4),
    dateCreated: new Date(NOW).toISOString(),
    dateLastUsed: null,
  });
  expect(await list()).toEqual([made]);
  const stored = JSON.stringify(await app.db.selectFrom('apiToken').selectAll().execute());
  expect(stored).not.toContain(token?.slice(5, 40));
});

it('works until it is revoked, and says when it was last used', async () => {
  const { id, token } = apiTokenSchema.parse((await create({ name: 'reader', scopes: ['event:read'] })).body);
  const as = withToken(token ?? '');
  app.clock.now += HOUR;
  expect((await app.get('/organizations/stackmend/issues/', as)).status).toBe(200);
  expect(await list()).toMatchObject([{ dateLastUsed: new Date(NOW + HOUR).toISOString() }]);
  expect((await app.get('/', as)).body).toMatchObject({ auth: { scopes: ['event:read'] }, user: { username: 'ada' } });

  expect((await app.ask('DELETE', `/api-tokens/${id}/`, undefined, ada)).status).toBe(204);
  expect((await app.get('/organizations/stackmend/issues/', as)).status).toBe(401);
  expect(await list()).toEqual([]);
  expect((await app.ask('DELETE', `/api-tokens/${id}/`, undefined, ada)).status).toBe(404);
});

it('belongs to its user alone', async () => {
  await addUser(app, 'bob');
  const bob = (await signIn(app, 'bob')).as;
  const { id } = apiTokenSchema.parse((await create({ name: 'CI', scopes: ['event:read'] })).body);
  expect(await list(bob)).toEqual([]);
  expect((await app.ask('DELETE', `/api-tokens/${id}/`, undefined, bob)).status).toBe(404);
  expect(await list()).toHaveLength(1);
});

it('goes on when its user signs out everywhere, and stops while they are disabled', async () => {
  const bobId = await addUser(app, 'bob');
  const bob = (await signIn(app, 'bob')).as;
  const as = withToken(
    apiTokenSchema.parse((await create({ name: 'x', scopes: ['event:read'] }, bob)).body).token ?? '',
  );
  await app.ask('DELETE', '/auth/', { all: true }, bob);
  const read = async () => (await app.get('/organizations/stackmend/issues/', as)).status;
  expect(await read()).toBe(200);
  await app.auth.setActive(bobId, false);
  expect(await read()).toBe(401);
  await app.auth.setActive(bobId, true);
  expect(await read()).toBe(200);
});

it('may have scopes beyond its user, which begin to work when the user has them', async () => {
  const bobId = await addUser(app, 'bob', []);
  const bob = (await signIn(app, 'bob')).as;
  const made = await create({ name: 'x', scopes: PERMISSIONS }, bob);
  expect(made.status).toBe(201);
  const as = withToken(apiTokenSchema.parse(made.body).token ?? '');
  const remove = async () => (await app.ask('DELETE', '/issues/999/', undefined, as)).status;
  expect(await remove()).toBe(403);
  await app.auth.addPermission(bobId, 'event:admin');
  expect(await remove()).toBe(404);
  await app.auth.removePermission(bobId, 'event:admin');
  expect(await remove()).toBe(403);
});

test.each([
  [{ name: 'x', scopes: ['event:delete'] }, /There is no permission .{2}event:delete.{2}\. There are: event:read, /],
  [{ name: 'x', scopes: ['__proto__'] }, /There are: event:read, /],
  [{ name: 'x', scopes: [] }, /at least one scope of: event:read, /],
  [{ name: ' ', scopes: ['event:read'] }, /Name the token/],
  [{ name: 'x', scopes: 'event:read' }, /scopes: /],
  [{ name: 'x' }, /scopes: /],
  [{ name: 'x', scopes: ['event:read'], userId: 2 }, /userId/],
])('is not made of %j', async (body, detail) => {
  const answer = await create(body);
  expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(detail)]);
  expect(await list()).toEqual([]);
});

it('is none when it is mistyped or cut off', async () => {
  const { token = '' } = apiTokenSchema.parse((await create({ name: 'x', scopes: ['event:read'] })).body);
  for (const wrong of [`${token}x`, token?.slice(0, -1), token?.slice(5), '', 'stmk_']) {
    expect([wrong, (await app.get('/', withToken(wrong ?? ''))).status]).toEqual([wrong, 401]);
  }
});

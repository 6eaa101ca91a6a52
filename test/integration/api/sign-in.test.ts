import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createSetupLink } from '../../../server/auth/setup-link.ts';
import { apiIndexSchema, PERMISSIONS, userSchema } from '../../../server/protocol/contract.ts';
import { cookieOf, startApp, type TestApp, withCookie } from './harness.ts';
import { addUser, PASSWORD, signIn, tokenOf } from './people.ts';
import { DAY, HOUR, NOW } from './seed.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

const MINUTE = 60_000;
const index = async (headers?: Record<string, string>) => apiIndexSchema.parse((await app.get('/', headers)).body);
const statusOf = async (as: Record<string, string>) => (await app.get('/users/me/', as)).status;

describe('a server without users', () => {
  it('has one who may do everything, and has no row', async () => {
    expect(await index()).toEqual({
      version: '0',
      auth: { scopes: PERMISSIONS },
      user: expect.objectContaining({ id: 'local', username: 'local', isActive: true }),
      state: 'local',
    });
    expect((await app.get('/users/me/')).body).toMatchObject({ id: 'local', permissions: PERMISSIONS });
  });

  test.each([
    ['PUT', '/users/me/', { name: 'x' }],
    ['PUT', '/users/me/password/', { password: 'a', passwordNew: PASSWORD }],
    ['GET', '/api-tokens/', undefined],
    ['POST', '/api-tokens/', { name: 'x', scopes: ['event:read'] }],
  ])('has nobody for %s %s', async (method, path, body) => {
    const answer = await app.ask(method, path, body);
    expect([answer.status, answer.text]).toEqual([403, expect.stringMatching(/no users yet/)]);
  });

  it('lets them make the first user, who has all permissions whatever was asked, and is nobody afterwards', async () => {
    const made = await app.ask('POST', '/organizations/stackmend/members/', {
      username: 'ada',
      password: PASSWORD,
      permissions: ['event:read'],
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ username: 'ada', password: null, permissions: PERMISSIONS.toSorted() });
    expect(await index()).toEqual({ version: '0', auth: null, user: null, state: 'users' });
    expect((await app.get('/organizations/stackmend/projects/')).status).toBe(401);
    expect((await app.ask('POST', '/organizations/stackmend/members/', { username: 'eve' })).status).toBe(401);
    expect((await signIn(app, 'ada')).status).toBe(200);
  });

  it('has no setup link', async () => {
    const answer = await app.ask('POST', '/setup/', { token: '', username: 'ada', password: PASSWORD });
    expect(answer.status).toBe(403);
    expect(await app.auth.hasUsers()).toBe(false);
  });
});

describe('a session', () => {
  beforeEach(async () => {
    await addUser(app, 'ada');
  });

  it('begins with the name and the password, in a cookie that no script reads', async () => {
    const { status, headers, body, as } = await signIn(app, 'ADA');
    expect(status).toBe(200);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^stackmend_sid=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const told = apiIndexSchema.parse(body);
    expect(told).toMatchObject({ user: { username: 'ada' }, auth: { scopes: PERMISSIONS }, state: 'users' });
    expect(await index(as)).toEqual(told);
    expect(userSchema.parse((await app.get('/users/me/', as)).body)).toEqual(told.user);
    expect((await app.get('/organizations/stackmend/projects/', as)).status).toBe(200);
  });

  test.each([
    ['a wrong password', { username: 'ada', password: 'wrong horse battery' }],
    ['nobody', { username: 'eve', password: PASSWORD }],
    ['a password of another case', { username: 'ada', password: PASSWORD.toUpperCase() }],
  ])('does not begin with %s, in the same words', async (_, login) => {
    const answer = await app.ask('POST', '/auth/login/', login);
    expect([answer.status, answer.body]).toEqual([401, { detail: 'The user name or the password is wrong.' }]);
    expect(cookieOf(answer)).toBeNull();
  });

  test.each([
    [{ username: 'ada' }],
    [{ username: ['ada'], password: PASSWORD }],
    [{ username: { $ne: '' }, password: 1 }],
    [[]],
    [null],
  ])('does not begin with %j', async (body) => {
    expect((await app.ask('POST', '/auth/login/', body)).status).toBe(400);
  });

  it('does not begin with a form of another site, which can send text but no JSON', async () => {
    const body = JSON.stringify({ username: 'ada', password: PASSWORD });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await app.ask('POST', '/auth/login/', body, { 'content-type': type });
      expect([type, answer.status, cookieOf(answer)]).toEqual([type, 400, null]);
    }
  });

  it('is a new one at each login, which ends the one before in the same browser', async () => {
    const planted = withCookie('p'.repeat(43));
    const first = await signIn(app, 'ada', { as: planted });
    expect(first.as).not.toEqual(planted);
    const elsewhere = await signIn(app, 'ada');
    const second = await signIn(app, 'ada', { as: first.as });
    expect(second.cookie).not.toBe(first.cookie);
    expect(await Promise.all([planted, first.as, second.as, elsewhere.as].map(statusOf))).toEqual([401, 401, 200, 200]);
  });

  it('goes on after a login that failed', async () => {
    const { as } = await signIn(app, 'ada');
    expect((await signIn(app, 'ada', { password: 'wrong horse battery', as })).status).toBe(401);
    expect(await statusOf(as)).toBe(200);
  });

  it('ends with signing out, and takes the cookie away', async () => {
    const [one, other] = [await signIn(app, 'ada'), await signIn(app, 'ada')];
    const answer = await app.ask('DELETE', '/auth/', undefined, one.as);
    expect([answer.status, cookieOf(answer), answer.text]).toEqual([204, '', '']);
    expect(await Promise.all([one.as, other.as].map(statusOf))).toEqual([401, 200]);
    expect((await app.ask('DELETE', '/auth/', undefined, one.as)).status).toBe(401);
  });

  it('ends with all others of its user when one signs out everywhere', async () => {
    await addUser(app, 'bob');
    const [one, other, bob] = [await signIn(app, 'ada'), await signIn(app, 'ada'), await signIn(app, 'bob')];
    expect((await app.ask('DELETE', '/auth/', { all: true }, one.as)).status).toBe(204);
    expect(await Promise.all([one.as, other.as, bob.as].map(statusOf))).toEqual([401, 401, 200]);
  });

  it('is nothing that a token could end', async () => {
    const { as, body } = await signIn(app, 'ada');
    const token = await tokenOf(app, Number(apiIndexSchema.parse(body).user?.id), PERMISSIONS);
    for (const all of [true, false]) expect((await app.ask('DELETE', '/auth/', { all }, token)).status).toBe(400);
    expect(await statusOf(as)).toBe(200);
  });

  it('ends when it was not used for its idle time', async () => {
    const { as } = await signIn(app, 'ada');
    app.clock.now = NOW + 7 * DAY - 1;
    expect(await statusOf(as)).toBe(200);
    app.clock.now += 7 * DAY;
    expect(await statusOf(as)).toBe(401);
    expect(await index(as)).toMatchObject({ auth: null, user: null, state: 'users' });
  });

  it('ends after its life, however much it is used', async () => {
    const { as } = await signIn(app, 'ada');
    for (let day = 5; day < 30; day += 5) {
      app.clock.now = NOW + day * DAY;
      expect([day, await statusOf(as)]).toEqual([day, 200]);
    }
    app.clock.now = NOW + 30 * DAY;
    expect(await statusOf(as)).toBe(401);
  });
});

describe('signing in is throttled', () => {
  beforeEach(async () => {
    await addUser(app, 'ada');
  });

  it('by account: also the right password waits, and is told how long', async () => {
    for (let count = 0; count < 10; count += 1)
      expect((await signIn(app, 'ada', { password: 'wrong' })).status).toBe(401);
    const refused = await signIn(app, 'ada');
    expect(refused.status).toBe(429);
    expect(cookieOf(refused)).toBeNull();
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    app.clock.now += seconds * 1000;
    expect((await signIn(app, 'ada')).status).toBe(200);
  });

  it('by address, whatever a client claims that its address is', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 51; count += 1) {
      const as = { 'x-forwarded-for': `203.0.113.${count}`, forwarded: `for=203.0.113.${count}` };
      statuses.push((await signIn(app, `nobody-${count}`, { as })).status);
    }
    expect(statuses).toEqual([...Array(50).fill(401), 429]);
  });
});

describe("one's own account", () => {
  it('has a name and an e-mail, which one may change, and nothing else', async () => {
    await addUser(app, 'ada');
    await addUser(app, 'bob');
    const [ada, bob] = [await signIn(app, 'ada'), await signIn(app, 'bob')];
    const put = (body: unknown, as = bob.as) => app.ask('PUT', '/users/me/', body, as);
    expect((await put({ name: 'Bob', email: 'bob@example.com' })).body).toMatchObject({
      username: 'bob',
      name: 'Bob',
      email: 'bob@example.com',
      permissions: expect.arrayContaining(['event:read']),
    });
    expect((await put({ email: '' })).body).toMatchObject({ name: 'Bob', email: null });
    expect((await put({ email: 'BOB@example.com' }, ada.as)).status).toBe(200);
    expect((await put({ email: 'bob@example.com' })).status).toBe(409);
    for (const wrong of [
      { email: 'x' },
      { permissions: ['member:admin'] },
      { isActive: true },
      { username: 'eve' },
      { id: 1 },
      [],
    ]) {
      expect([wrong, (await put(wrong)).status]).toEqual([wrong, 400]);
    }
    expect((await app.get('/users/me/', bob.as)).body).toMatchObject({ username: 'bob', email: null });
  });

  it('has a password: to change it one says the current one, and the other sessions end', async () => {
    await addUser(app, 'ada');
    const [one, other] = [await signIn(app, 'ada'), await signIn(app, 'ada')];
    const put = (body: unknown) => app.ask('PUT', '/users/me/password/', body, one.as);
    const wrong = await put({ password: 'wrong', passwordNew: 'another horse battery' });
    expect([wrong.status, wrong.body]).toEqual([400, { detail: 'The current password is wrong.' }]);
    expect((await put({ password: PASSWORD, passwordNew: 'short' })).status).toBe(400);
    expect(await statusOf(other.as)).toBe(200);
    expect((await put({ password: PASSWORD, passwordNew: 'another horse battery' })).status).toBe(204);
    expect(await Promise.all([one.as, other.as].map(statusOf))).toEqual([200, 401]);
    expect((await signIn(app, 'ada')).status).toBe(401);
    expect((await signIn(app, 'ada', { password: 'another horse battery' })).status).toBe(200);
  });
});

describe('the setup link', () => {
  const first = { username: 'ada', password: PASSWORD };
  let link: ReturnType<typeof createSetupLink>;
  let time: number;
  beforeEach(async () => {
    await app.close();
    time = NOW;
    link = createSetupLink({ now: () => time });
    app = await startApp({ setupLink: link });
  });
  const setUp = (body: object) => app.ask('POST', '/setup/', body);

  it('makes the first user once, and signs them in', async () => {
    expect(await index()).toEqual({ version: '0', auth: null, user: null, state: 'setup' });
    expect((await app.get('/organizations/stackmend/projects/')).status).toBe(403);
    const made = await setUp({ ...first, token: link.token });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ user: { username: 'ada' }, auth: { scopes: PERMISSIONS }, state: 'users' });
    expect(await statusOf(withCookie(cookieOf(made) ?? ''))).toBe(200);
    expect((await setUp({ ...first, username: 'eve', token: link.token })).status).toBe(403);
    expect(await app.auth.users()).toHaveLength(1);
  });

  it('is not used up by a name or password that is refused, nor by a wrong token', async () => {
    for (const wrong of [{ ...first, password: 'short' }, { ...first, username: 'no spaces' }, { username: 'ada' }]) {
      expect((await setUp({ ...wrong, token: link.token })).status).toBe(400);
    }
    for (const token of ['', `${link.token}x`, link.token.toUpperCase()]) {
      expect((await setUp({ ...first, token })).status).toBe(403);
    }
    expect((await setUp({ ...first, token: link.token })).status).toBe(201);
  });

  it('is over after half an hour, and when somebody made a user meanwhile', async () => {
    time += 30 * MINUTE;
    expect((await setUp({ ...first, token: link.token })).status).toBe(403);
    time = NOW + HOUR / 4;
    await addUser(app, 'bob');
    expect((await setUp({ ...first, token: link.token })).status).toBe(409);
    expect(await app.auth.users()).toHaveLength(1);
  });

  it('makes one user of two who use it at the same time', async () => {
    const both = await Promise.all(['ada', 'bob'].map((username) => setUp({ ...first, username, token: link.token })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await app.auth.users()).toHaveLength(1);
  });
});

it('lets no cache keep who is signed in', async () => {
  await addUser(app, 'ada');
  const { as, headers } = await signIn(app, 'ada');
  const answers = [{ headers }, await app.get('/', as), await app.get('/users/me/', as), await app.get('/users/me/')];
  for (const { headers: given } of answers) {
    expect(given.get('cache-control')).toBe('no-store');
    expect(given.get('content-type')).toBe('application/json; charset=utf-8');
  }
});

import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { NEW_USER_PERMISSIONS } from '../../../server/auth/permissions.ts';
import { createdUserSchema, PERMISSIONS, usersSchema } from '../../../server/protocol/contract.ts';
import { startApp, type TestApp } from './harness.ts';
import { addUser, PASSWORD, signIn, tokenOf } from './people.ts';

const MEMBERS = '/organizations/stackmend/members/';

let app: TestApp;
let adaId: number;
let ada: Record<string, string>;
beforeEach(async () => {
  app = await startApp();
  adaId = await addUser(app, 'ada');
  ada = (await signIn(app, 'ada')).as;
});
afterEach(async () => {
  expect(app.logged).toEqual([]);
  await app.close();
});

const statusOf = async (as: Record<string, string>) => (await app.get('/users/me/', as)).status;

describe('members', () => {
  const add = (body: unknown, as = ada) => app.ask('POST', MEMBERS, body, as);
  const change = (id: number | string, body: unknown, as = ada) => app.ask('PUT', `${MEMBERS}${id}/`, body, as);

  it('are listed with their permissions, without anything of their passwords', async () => {
    await addUser(app, 'bob');
    const answer = await app.get(MEMBERS, ada);
    expect(usersSchema.parse(answer.body)).toMatchObject([
      { id: String(adaId), username: 'ada', isActive: true, permissions: PERMISSIONS.toSorted() },
      { username: 'bob', permissions: NEW_USER_PERMISSIONS.toSorted(), lastLogin: null },
    ]);
    expect(answer.text).not.toMatch(/argon|hash|password/i);
    expect((await app.get('/organizations/other/members/', ada)).status).toBe(404);
  });

  it('are made with a password that is told once, unless one is given', async () => {
    const made = await add({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { password, permissions } = createdUserSchema.parse(made.body);
    expect(permissions).toEqual(NEW_USER_PERMISSIONS.toSorted());
    expect((await signIn(app, 'bob@example.com', { password: password ?? '' })).status).toBe(200);
    expect((await app.get(MEMBERS, ada)).text).not.toContain(password);

    const eve = await add({ username: 'eve', password: PASSWORD, permissions: ['ai:suggest'] });
    expect(eve.body).toMatchObject({ password: null, permissions: ['ai:suggest'] });
    expect((await signIn(app, 'eve')).status).toBe(200);
  });

  test.each([
    [{ username: 'ADA' }, 409, /taken/],
    [{ username: 'a b' }, 400, /user name has/],
    [{}, 400, /username/],
    [{ username: 'bob', password: 'short' }, 400, /at least 10/],
    [{ username: 'bob', email: 'x' }, 400, /e-mail/],
    [{ username: 'bob', permissions: ['root'] }, 400, /There is no permission .{2}root.{2}\. There are: event:read, /],
    [{ username: 'bob', permissions: 'event:read' }, 400, /permissions/],
    [{ username: 'bob', isAdmin: true }, 400, /isAdmin/],
  ])('are not made of %j', async (body, status, detail) => {
    const answer = await add(body);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(detail)]);
    expect(await app.auth.users()).toHaveLength(1);
  });

  it('are never given more than who makes them has', async () => {
    await addUser(app, 'bob', ['member:admin', 'event:write']);
    const bob = (await signIn(app, 'bob')).as;
    const token = await tokenOf(app, adaId, ['member:admin']);
    const refused = await add({ username: 'eve', permissions: ['event:read', 'event:admin', 'ai:admin'] }, bob);
    expect([refused.status, refused.body]).toEqual([
      403,
      { detail: expect.stringMatching(/: event:admin, ai:admin\.$/), permission: 'event:admin' },
    ]);
    // Those of a new user are more than nothing, too.
    expect((await add({ username: 'eve' }, bob)).body).toMatchObject({ permission: 'attachment:read' });
    expect((await add({ username: 'eve', permissions: ['event:read'] }, token)).status).toBe(403);
    expect(await app.auth.users()).toHaveLength(2);
    expect((await add({ username: 'eve', permissions: ['event:read', 'member:admin'] }, bob)).status).toBe(201);
  });

  it('are disabled and enabled: sessions and tokens stop at once, and only tokens come back', async () => {
    const id = await addUser(app, 'bob');
    const [bob, token] = [(await signIn(app, 'bob')).as, await tokenOf(app, id, ['event:read'])];
    expect((await change(id, { isActive: false })).body).toMatchObject({ username: 'bob', isActive: false });
    expect(await Promise.all([bob, token].map(statusOf))).toEqual([401, 401]);
    expect((await signIn(app, 'bob')).status).toBe(401);
    expect((await change(id, { isActive: true })).body).toMatchObject({ isActive: true });
    expect(await Promise.all([bob, token].map(statusOf))).toEqual([401, 200]);
    expect((await signIn(app, 'bob')).status).toBe(200);
  });

  it('get a new password, which ends their sessions', async () => {
    const id = await addUser(app, 'bob');
    const bob = await signIn(app, 'bob');
    const { password } = createdUserSchema.parse((await change(id, { password: true })).body);
    expect(password).toMatch(/^[\w-]{20,}$/);
    expect(await statusOf(bob.as)).toBe(401);
    expect((await signIn(app, 'bob', { password: password ?? '' })).status).toBe(200);
    const given = await change(id, { password: 'another horse battery' });
    expect(given.text).not.toMatch(/password|horse/);
    expect((await signIn(app, 'bob', { password: 'another horse battery' })).status).toBe(200);
    expect((await change(id, { password: 'short' })).status).toBe(400);
    for (const wrong of [{ password: false }, { password: null }, { isActive: 'no' }, { permissions: [] }]) {
      expect([wrong, (await change(id, wrong)).status]).toEqual([wrong, 400]);
    }
  });

  it('do not lock themselves out, nor change their own password without the current one', async () => {
    await addUser(app, 'bob', ['member:admin']);
    const token = await tokenOf(app, adaId, PERMISSIONS);
    for (const as of [ada, token]) {
      expect((await change(adaId, { isActive: false }, as)).status).toBe(409);
      expect((await change(adaId, { password: true }, as)).status).toBe(409);
    }
    expect(await statusOf(ada)).toBe(200);
    expect((await change(adaId, { isActive: true })).status).toBe(200);
  });

  it('set no password of one who may do more', async () => {
    await addUser(app, 'bob', ['member:admin', 'event:admin']);
    const eveId = await addUser(app, 'eve', ['event:read']);
    const bob = (await signIn(app, 'bob')).as;
    const refused = await change(adaId, { password: true }, bob);
    expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ permission: 'ai:admin' })]);
    expect((await change(adaId, { password: true }, await tokenOf(app, eveId, PERMISSIONS))).status).toBe(403);
    expect(await statusOf(ada)).toBe(200);
    expect((await change(eveId, { password: true }, bob)).status).toBe(200);
  });

  test.each([['999'], ['0'], ['-1'], ['1e0'], ['me'], ['ada'], ['__proto__'], ['99999999999999999999']])(
    'are found by their number, not as %s',
    async (id) => {
      expect((await change(id, { isActive: false })).status).toBe(404);
    },
  );
});

describe('permissions of a user', () => {
  let bobId: number;
  beforeEach(async () => {
    bobId = await addUser(app, 'bob', ['event:read']);
  });
  const path = (user: number | string, permission = '') =>
    `/users/${user}/permissions/${permission}${permission && '/'}`;
  const given = async (user: number | string) => (await app.get(path(user), ada)).body as unknown;
  const ask = async (method: string, url: string, as = ada) => (await app.ask(method, url, undefined, as)).status;

  it('are added, told when they are there already, and taken away', async () => {
    expect(await given(bobId)).toEqual(['event:read']);
    expect(await ask('POST', path(bobId, 'ai:suggest'))).toBe(201);
    expect(await ask('POST', path(bobId, 'ai:suggest'))).toBe(200);
    expect(await given(bobId)).toEqual(['ai:suggest', 'event:read']);
    expect(await ask('DELETE', path(bobId, 'ai:suggest'))).toBe(204);
    expect(await ask('DELETE', path(bobId, 'ai:suggest'))).toBe(404);
    expect(await given(bobId)).toEqual(['event:read']);
  });

  it('work from the next request on, in a session that is open already', async () => {
    const bob = (await signIn(app, 'bob')).as;
    const projects = async () => (await app.get('/organizations/stackmend/projects/', bob)).status;
    expect(await projects()).toBe(403);
    await ask('POST', path(bobId, 'project:write'));
    expect(await projects()).toBe(200);
    await ask('DELETE', path(bobId, 'project:write'));
    expect(await projects()).toBe(403);
  });

  it("are one's own as `me`", async () => {
    expect(await given('me')).toEqual(PERMISSIONS.toSorted());
    expect(await ask('DELETE', path('me', 'ai:admin'))).toBe(204);
    expect(await given(adaId)).not.toContain('ai:admin');
  });

  test.each([['event:delete'], ['EVENT:READ'], ['__proto__'], ['constructor']])(
    'are none such as %s, and which there are is told',
    async (name) => {
      for (const method of ['POST', 'DELETE']) {
        const answer = await app.ask(method, path(bobId, name), undefined, ada);
        expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(PERMISSIONS.join(', '))]);
      }
    },
  );

  test.each([['999'], ['bob'], ['__proto__']])('are those of nobody for %s', async (user) => {
    for (const [method, url] of [
      ['GET', path(user)],
      ['POST', path(user, 'event:read')],
      ['DELETE', path(user, 'event:read')],
    ] as const) {
      expect(await ask(method, url)).toBe(404);
    }
  });

  it('keep somebody who manages users', async () => {
    const answer = await app.ask('DELETE', path('me', 'member:admin'), undefined, ada);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('member:admin')]);
    await ask('POST', path(bobId, 'member:admin'));
    expect(await ask('DELETE', path('me', 'member:admin'))).toBe(204);
    expect(await ask('GET', path('me'))).toBe(403);
  });

  it('are given by none who lacks them, also not to oneself', async () => {
    await app.auth.addPermission(bobId, 'member:admin');
    const bob = (await signIn(app, 'bob')).as;
    for (const user of ['me', adaId]) {
      const refused = await app.ask('POST', path(user, 'project:admin'), undefined, bob);
      expect([refused.status, refused.body]).toMatchObject([403, { permission: 'project:admin' }]);
    }
    const token = await tokenOf(app, adaId, ['member:admin']);
    expect(await ask('POST', path(bobId, 'project:admin'), token)).toBe(403);
    expect(await given(bobId)).toEqual(['event:read', 'member:admin']);
  });
});

import { describe, expect, it, test } from 'vitest';
import type { NewUser } from '../../../../server/auth/auth.ts';
import { PERMISSIONS } from '../../../../server/protocol/contract.ts';
import { ADDRESS, createHouse, createHouseWithFirst, HOUR, PASSWORD, signedIn } from './harness.ts';

const added = (username: string, more: Partial<NewUser> = {}): NewUser => ({ username, password: PASSWORD, ...more });

describe('a user', () => {
  test.each<[string, NewUser, RegExp]>([
    ['an empty name', added(' '), /1 to 64/],
    ['a name of 65 characters', added('x'.repeat(65)), /1 to 64/],
    ['a name with a space', added('ada lovelace'), /1 to 64/],
    ['a name with a slash', added('ada/..'), /1 to 64/],
    ['a name that looks like another', added('\u0430da'), /1 to 64/],
    ['a name of two lines', added('ada\nbob'), /1 to 64/],
    ['an e-mail without @', added('ada', { email: 'example.com' }), /no e-mail/],
    ['an e-mail with two', added('ada', { email: 'ada@example@com' }), /no e-mail/],
    ['an e-mail with a space', added('ada', { email: 'a da@example.com' }), /no e-mail/],
    ['an e-mail that is too long', added('ada', { email: `${'x'.repeat(250)}@e.com` }), /no e-mail/],
    ['a name that moves the cursor', added('ada', { name: '\u001b[2JAda' }), /control characters/],
    ['a name that turns the text around', added('ada', { name: '\u202eAda' }), /control characters/],
    ['a long name', added('ada', { name: 'x'.repeat(129) }), /at most 128/],
    ['a short password', added('ada', { password: 'short' }), /at least 10/],
    ['no password at all', added('ada', { password: '' }), /at least 10/],
    ['the name as password', added('ada.lovelace', { password: 'Ada.Lovelace' }), /neither the user name/],
    // @ts-expect-error: what a caller did not check
    ['an unknown permission', added('ada', { permissions: ['event:reed'] }), /no permission "event:reed"/],
  ])('is refused with %s', async (_, user, words) => {
    const { auth } = await createHouse();
    await expect(auth.createUser(user)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(words) });
    expect(await auth.users()).toEqual([]);
  });

  test.each(['a', 'x'.repeat(64), 'ada', 'Ada.B-C_d+e@example.com', '12345', '__proto__', 'constructor'])(
    'may be called %s',
    async (username) => {
      const { auth } = await createHouse();
      const { user } = await auth.createUser(added(`  ${username} `));
      expect(user).toMatchObject({ username, email: null, name: null, isActive: true, lastLogin: null });
      expect(await auth.findUser(username.toUpperCase())).toEqual(user);
    },
  );

  test.each<[string, NewUser, RegExp]>([
    ['the name of another', added('ADA'), /user name ADA is taken/],
    ['the e-mail of another', added('bob', { email: 'ADA@example.com' }), /ADA@example.com belongs to another/],
    ['the e-mail of another as name', added('Ada@Example.com'), /is taken/],
    ['the name of another as e-mail', added('bob', { email: 'Cleo@Example.com' }), /belongs to another/],
    ['the e-mail of another as name and e-mail', added('ada@example.com', { email: 'ada@example.com' }), /is taken/],
  ])('is refused with %s', async (_, user, words) => {
    const { auth } = await createHouse();
    await auth.createUser(added('Ada', { email: 'ada@example.com' }));
    await auth.createUser(added('cleo@example.com'));
    await expect(auth.createUser(user)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(words) });
    expect(await auth.users()).toHaveLength(2);
  });

  it('may have its own e-mail as name', async () => {
    const { auth } = await createHouse();
    const { user } = await auth.createUser(added('ada@example.com', { email: 'Ada@example.com' }));
    expect(await auth.findUser('ADA@EXAMPLE.COM')).toEqual(user);
    expect(await auth.updateUser(user.id, { email: 'ADA@example.com' })).toMatchObject({ email: 'ADA@example.com' });
  });

  it('is one of two made at once with the same name', async () => {
    const { auth, another } = await createHouseWithFirst();
    const made = await Promise.allSettled([auth.createUser(added('ada')), another().createUser(added('ADA'))]);
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(made.flatMap((result) => (result.status === 'rejected' ? [result.reason.status] : []))).toEqual([409]);
  });

  it('never comes with its hash', async () => {
    const { auth, db } = await createHouse();
    const { user, identity } = await signedIn(auth, 'ada');
    const { passwordHash } = await db.selectFrom('user').select('passwordHash').executeTakeFirstOrThrow();
    const told = [user, identity, await auth.users(), await auth.user(user.id), await auth.findUser('ada')];
    expect(JSON.stringify(told)).not.toContain('argon2');
    expect(JSON.stringify(told)).not.toContain(passwordHash);
  });
});

describe('finding a user', () => {
  test.each([
    ['Ada', 'Ada'],
    ['  aDA ', 'Ada'],
    ['ADA@Example.COM', 'Ada'],
    ['bob@example.com', 'bob@example.com'],
    ['example.com', null],
    ['1', null],
    ['', null],
    ['ad_', null],
    ['@', null],
    ["' OR ''='", null],
  ])('by %j finds %j', async (text, username) => {
    const { auth } = await createHouse();
    await auth.createUser(added('Ada', { email: 'ada@example.com' }));
    await auth.createUser(added('bob@example.com'));
    expect((await auth.findUser(text))?.username ?? null).toBe(username);
  });

  it('lists them by name, with permissions as given', async () => {
    const { auth } = await createHouse();
    for (const username of ['cleo', 'Ada', 'bob']) {
      await auth.createUser(added(username, { permissions: ['org:read', 'event:write'] }));
    }
    const users = await auth.users();
    expect(users.map(({ username }) => username)).toEqual(['Ada', 'bob', 'cleo']);
    expect(users[0]?.permissions).toEqual(['event:write', 'org:read']);
    expect(await auth.user(users[0]?.id ?? 0)).toEqual(users[0]);
    expect(await auth.user(99)).toBeNull();
  });
});

describe('changing a user', () => {
  it('changes what is named, and takes away what is empty', async () => {
    const { auth } = await createHouse();
    const { user } = await auth.createUser(added('ada', { email: 'ada@example.com', name: 'Ada' }));
    expect(await auth.updateUser(user.id, { name: ' Ada L. ' })).toEqual({ ...user, name: 'Ada L.' });
    expect(await auth.updateUser(user.id, { email: '' })).toEqual({ ...user, name: 'Ada L.', email: null });
    expect(await auth.updateUser(user.id, { name: null })).toEqual({ ...user, name: null, email: null });
    expect(await auth.findUser('ada')).toEqual({ ...user, name: null, email: null });
    await expect(auth.updateUser(99, { name: 'Ada' })).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    ['e-mail', 'BOB@example.com'],
    ['name', 'cleo@Example.com'],
  ])("refuses another's %s as e-mail", async (_, email) => {
    const { auth } = await createHouse();
    const { user } = await auth.createUser(added('ada'));
    await auth.createUser(added('bob', { email: 'bob@example.com' }));
    await auth.createUser(added('cleo@example.com'));
    await expect(auth.updateUser(user.id, { email })).rejects.toMatchObject({ status: 409 });
    expect((await auth.user(user.id))?.email).toBeNull();
  });
});

describe('a new password', () => {
  const login = (password: string) => ({ username: 'ada', password, address: ADDRESS });

  it('set by another ends all sessions; one that is not given is made', async () => {
    const { auth } = await createHouseWithFirst();
    const { user, cookie } = await signedIn(auth, 'ada');
    expect(await auth.setPassword(user.id, 'another long one')).toBeNull();
    expect(await auth.fromSession(cookie)).toBeNull();
    await expect(auth.logIn(login(PASSWORD))).rejects.toMatchObject({ status: 401 });
    await auth.logIn(login('another long one'));
    const made = await auth.setPassword(user.id);
    await auth.logIn(login(made ?? ''));
    await expect(auth.setPassword(user.id, 'short')).rejects.toMatchObject({ status: 400 });
    await expect(auth.setPassword(99)).rejects.toMatchObject({ status: 404 });
  });

  it('of one who knows the old one keeps the session at hand, and ends the others', async () => {
    const { auth } = await createHouseWithFirst();
    const kept = await signedIn(auth, 'ada');
    const other = await auth.logIn(login(PASSWORD));
    const foreign = await auth.logIn({ username: 'first', password: PASSWORD, address: ADDRESS });
    const change = (current: string, next: string) =>
      auth.changePassword(kept.user.id, current, next, kept.identity.sessionId);
    const wrong = { status: 400, message: 'The current password is wrong.' };
    await expect(change('wrong horse battery', 'another long one')).rejects.toMatchObject(wrong);
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ status: 400 });
    await expect(change(PASSWORD, 'ada')).rejects.toMatchObject({ status: 400 });
    expect(await auth.fromSession(other.cookie)).not.toBeNull();
    await change(PASSWORD, 'another long one');
    expect(await auth.fromSession(kept.cookie)).not.toBeNull();
    expect(await auth.fromSession(other.cookie)).toBeNull();
    expect(await auth.fromSession(foreign.cookie)).not.toBeNull();
    await auth.logIn(login('another long one'));
  });

  it('is not reached by guessing the old one at an open session', async () => {
    const { auth, pass } = await createHouseWithFirst();
    const { user } = await signedIn(auth, 'ada');
    const change = (current: string) => auth.changePassword(user.id, current, 'another long one', null);
    for (let turn = 0; turn < 10; turn++) {
      await expect(change('wrong horse battery')).rejects.toMatchObject({ status: 400 });
    }
    await expect(change(PASSWORD)).rejects.toMatchObject({ status: 429, retryAfter: 900 });
    pass(HOUR);
    await change(PASSWORD);
  });

  it('may be chosen as often as one likes', async () => {
    const { auth } = await createHouseWithFirst();
    const { user } = await signedIn(auth, 'ada');
    for (let turn = 0; turn < 11; turn++) await auth.changePassword(user.id, PASSWORD, PASSWORD, null);
    await auth.logIn(login(PASSWORD));
  });

  it('is one of two that are chosen at once', async () => {
    const { auth } = await createHouseWithFirst();
    const { user } = await signedIn(auth, 'ada');
    const changes = await Promise.allSettled(
      ['another long one', 'a third long one'].map((next) => auth.changePassword(user.id, PASSWORD, next, null)),
    );
    const statuses = changes.map((result) => (result.status === 'rejected' ? result.reason.status : 200));
    expect(statuses.toSorted()).toEqual([200, 409]);
  });
});

describe('permissions', () => {
  it('are added once and removed once, and count at once', async () => {
    const { auth } = await createHouseWithFirst();
    const { user, cookie } = await signedIn(auth, 'ada', { permissions: [] });
    const allowed = async () => [...((await auth.fromSession(cookie))?.permissions ?? [])].toSorted();
    expect(await allowed()).toEqual([]);
    expect(await auth.addPermission(user.id, 'project:write')).toBe(true);
    expect(await auth.addPermission(user.id, 'project:write')).toBe(false);
    expect(await auth.permissions(user.id)).toEqual(['project:write']);
    expect(await allowed()).toEqual(['project:read', 'project:write']);
    expect(await auth.removePermission(user.id, 'project:write')).toBe(true);
    expect(await auth.removePermission(user.id, 'project:write')).toBe(false);
    expect(await allowed()).toEqual([]);
  });

  it('are sorted, and none for somebody who is not there', async () => {
    const { auth, first } = await createHouseWithFirst();
    expect(await auth.permissions(first.id)).toEqual([...PERMISSIONS].toSorted());
    expect(await auth.permissions(99)).toEqual([]);
    await expect(auth.addPermission(99, 'org:read')).rejects.toMatchObject({ status: 404 });
    await expect(auth.removePermission(99, 'org:read')).rejects.toMatchObject({ status: 404 });
    // @ts-expect-error: what a caller did not check
    await expect(auth.addPermission(first.id, 'event:reed')).rejects.toMatchObject({ status: 400 });
  });

  it('that this version does not know give nothing', async () => {
    const { auth, db, first } = await createHouseWithFirst();
    await db.deleteFrom('userPermission').where('permission', '!=', 'org:read').execute();
    await db.insertInto('userPermission').values({ userId: first.id, permission: 'world:admin' }).execute();
    expect(await auth.permissions(first.id)).toEqual(['org:read']);
    const { identity } = await auth.startSession(first.id);
    expect([...identity.permissions]).toEqual(['org:read']);
  });
});

describe('the last active user with member:admin', () => {
  const refused = { status: 409, message: expect.stringContaining('Give another active user member:admin first') };

  it('is neither disabled nor stripped of it', async () => {
    const { auth, first } = await createHouseWithFirst();
    const { cookie } = await auth.startSession(first.id);
    await auth.createUser(added('ada'));
    await expect(auth.setActive(first.id, false)).rejects.toMatchObject(refused);
    await expect(auth.removePermission(first.id, 'member:admin')).rejects.toMatchObject(refused);
    expect(await auth.user(first.id)).toMatchObject({ isActive: true, permissions: [...PERMISSIONS].toSorted() });
    expect(await auth.fromSession(cookie)).not.toBeNull();
    expect(await auth.removePermission(first.id, 'ai:admin')).toBe(true);
  });

  it('is not the last with another who has it, unless that one is disabled', async () => {
    const { auth, first } = await createHouseWithFirst();
    const { user } = await auth.createUser(added('ada', { permissions: ['member:admin'] }));
    await auth.setActive(user.id, false);
    await expect(auth.setActive(first.id, false)).rejects.toMatchObject(refused);
    await expect(auth.removePermission(first.id, 'member:admin')).rejects.toMatchObject(refused);
    await auth.setActive(user.id, true);
    await auth.setActive(first.id, false);
    await expect(auth.setActive(user.id, false)).rejects.toMatchObject(refused);
    expect(await auth.removePermission(first.id, 'member:admin')).toBe(true);
  });

  it('is left when two processes disable and strip two of them at once', async () => {
    const { auth, another, first } = await createHouseWithFirst();
    const { user } = await auth.createUser(added('ada', { permissions: ['member:admin'] }));
    const other = another();
    const changes = await Promise.allSettled([
      auth.setActive(first.id, false),
      other.removePermission(user.id, 'member:admin'),
      other.setActive(user.id, false),
      auth.removePermission(first.id, 'member:admin'),
    ]);
    expect(changes.some(({ status }) => status === 'rejected')).toBe(true);
    for (const result of changes) if (result.status === 'rejected') expect(result.reason).toMatchObject(refused);
    const admins = (await auth.users()).filter((one) => one.isActive && one.permissions.includes('member:admin'));
    expect(admins).toHaveLength(1);
  });
});

describe('a disabled user', () => {
  it('has no session and no token that works, at once; enabled again, the tokens do', async () => {
    const { auth, another } = await createHouseWithFirst();
    const { user, cookie } = await signedIn(auth, 'ada');
    const { token } = await auth.createToken(user.id, { name: 'CI', scopes: ['event:read'] });
    expect(await auth.fromToken(token)).not.toBeNull();
    await another().setActive(user.id, false);
    expect(await auth.fromSession(cookie)).toBeNull();
    expect(await auth.fromToken(token)).toBeNull();
    await auth.setActive(user.id, true);
    expect(await auth.fromSession(cookie)).toBeNull();
    expect(await auth.fromToken(token)).not.toBeNull();
    await expect(auth.setActive(99, true)).rejects.toMatchObject({ status: 404 });
    await expect(auth.setActive(99, false)).rejects.toMatchObject({ status: 404 });
  });

  it('has none either when only the table says so', async () => {
    const { auth, db } = await createHouseWithFirst();
    const { user, cookie } = await signedIn(auth, 'ada');
    await db.updateTable('user').set({ isActive: 0 }).where('id', '=', user.id).execute();
    expect(await auth.fromSession(cookie)).toBeNull();
  });
});

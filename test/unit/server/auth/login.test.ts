import { hash } from '@node-rs/argon2';
import { describe, expect, it, test } from 'vitest';
import type { Auth } from '../../../../server/auth/auth.ts';
import { createLogins } from '../../../../server/auth/login.ts';
import { createPasswords } from '../../../../server/auth/passwords.ts';
import { ADDRESS, createHouseWithFirst, DAY, type House, MINUTE, PASSWORD } from './harness.ts';

const WRONG = { status: 401, message: 'The user name or the password is wrong.' };
const login = (username: string, password = PASSWORD, address = ADDRESS) => ({ username, password, address });

describe('signing in', () => {
  test.each(['Ada', 'ada', ' ADA ', 'ada@example.com', 'ADA@EXAMPLE.COM'])('works as %j', async (typed) => {
    const { auth } = await createHouseWithFirst();
    await auth.createUser({ username: 'Ada', email: 'Ada@example.com', password: PASSWORD });
    const { user, cookie } = await auth.logIn(login(typed));
    expect(user.username).toBe('Ada');
    expect(await auth.fromSession(cookie)).toMatchObject({ kind: 'session', user: { username: 'Ada' } });
  });

  test.each([
    ['a wrong password', 'first', 'wrong horse battery'],
    ['an unknown name', 'nobody', PASSWORD],
    ['an unknown e-mail', 'nobody@example.com', PASSWORD],
    ['a disabled user', 'gone', PASSWORD],
    ['an empty password', 'first', ''],
    ['a password that is too long', 'first', 'x'.repeat(100_000)],
    ['an empty name', '', PASSWORD],
    ['a pattern', '%', PASSWORD],
    ['the id', '1', PASSWORD],
  ])('fails with the same words for %s', async (_, username, password) => {
    const { auth } = await createHouseWithFirst();
    const { user } = await auth.createUser({ username: 'gone', password: PASSWORD });
    await auth.setActive(user.id, false);
    await expect(auth.logIn(login(username, password))).rejects.toMatchObject(WRONG);
  });

  it('hashes once for a wrong password, for nobody and for a disabled user', async () => {
    const { auth, db, now } = await createHouseWithFirst();
    const { user } = await auth.createUser({ username: 'gone', password: PASSWORD });
    await auth.setActive(user.id, false);
    const real = createPasswords();
    const asked: string[] = [];
    const logins = createLogins({
      db,
      now,
      sessionIdleMs: DAY,
      sessionLifeMs: DAY,
      passwords: {
        ...real,
        verify: (stored, password) => {
          asked.push(stored === null ? 'nobody' : 'somebody');
          return real.verify(stored, password);
        },
      },
    });
    for (const username of ['first', 'nobody', 'nobody@example.com', 'gone']) {
      await expect(logins.logIn(login(username, 'wrong horse battery'))).rejects.toMatchObject(WRONG);
    }
    expect(asked).toEqual(['somebody', 'nobody', 'nobody', 'nobody']);
  });

  it('makes another session each time, and keeps neither secret', async () => {
    const { auth, db } = await createHouseWithFirst();
    const one = await auth.logIn(login('first'));
    const other = await auth.logIn(login('first'));
    expect(other.cookie).not.toBe(one.cookie);
    expect(one.cookie).toMatch(/^[\w-]{43}$/);
    expect(await auth.fromSession(one.cookie)).toEqual({ ...one.identity, user: other.user });
    const stored = JSON.stringify(await db.selectFrom('session').selectAll().execute());
    expect(stored).not.toContain(one.cookie);
    expect(one.identity.sessionId).not.toBe(one.cookie);
    expect(await auth.fromSession(one.identity.sessionId ?? '')).toBeNull();
  });

  it('notes when', async () => {
    const { auth, first, pass, now } = await createHouseWithFirst();
    expect(first.lastLogin).toBeNull();
    pass(5 * MINUTE);
    await expect(auth.logIn(login('first', 'wrong horse battery'))).rejects.toThrow();
    expect((await auth.user(first.id))?.lastLogin).toBeNull();
    await auth.logIn(login('first'));
    expect((await auth.user(first.id))?.lastLogin).toBe(now());
  });
});

describe('a session without a password', () => {
  it('begins for an active user alone', async () => {
    const { auth, first } = await createHouseWithFirst();
    const { cookie } = await auth.startSession(first.id);
    expect(await auth.fromSession(cookie)).toMatchObject({ user: { id: first.id } });
    const { user } = await auth.createUser({ username: 'gone', password: PASSWORD });
    await auth.setActive(user.id, false);
    await expect(auth.startSession(user.id)).rejects.toMatchObject({ status: 404 });
    await expect(auth.startSession(99)).rejects.toMatchObject({ status: 404 });
  });
});

describe('a hash with the parameters of another time', () => {
  async function weaken({ db }: House, userId: number): Promise<string> {
    const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1, parallelism: 1 });
    await db.updateTable('user').set({ passwordHash }).where('id', '=', userId).execute();
    return passwordHash;
  }
  const hashOf = async ({ db }: House, userId: number) =>
    (await db.selectFrom('user').select('passwordHash').where('id', '=', userId).executeTakeFirst())?.passwordHash;

  it('is made anew at the next sign-in that succeeds', async () => {
    const house = await createHouseWithFirst();
    const weak = await weaken(house, house.first.id);
    await expect(house.auth.logIn(login('first', 'wrong horse battery'))).rejects.toMatchObject(WRONG);
    expect(await hashOf(house, house.first.id)).toBe(weak);
    await house.auth.logIn(login('first'));
    const strong = await hashOf(house, house.first.id);
    expect(strong).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await house.auth.logIn(login('first'));
    expect(await hashOf(house, house.first.id)).toBe(strong);
  });

  it('refuses none of several who sign in at once', async () => {
    const house = await createHouseWithFirst();
    await weaken(house, house.first.id);
    const users = await Promise.all([1, 2, 3, 4].map(() => house.auth.logIn(login('first'))));
    expect(new Set(users.map(({ cookie }) => cookie)).size).toBe(4);
  });
});

test.each<[string, (auth: Auth, userId: number) => Promise<unknown>]>([
  ['is disabled', (auth, userId) => auth.setActive(userId, false)],
  ['gets another password', (auth, userId) => auth.setPassword(userId, 'another long one')],
])('starts no session when the user %s while the password is being checked', async (_, change) => {
  const { auth, db, now } = await createHouseWithFirst();
  const { user } = await auth.createUser({ username: 'ada', password: PASSWORD });
  const real = createPasswords();
  const logins = createLogins({
    db,
    now,
    sessionIdleMs: DAY,
    sessionLifeMs: DAY,
    passwords: {
      ...real,
      verify: async (stored, password) => {
        const isRight = await real.verify(stored, password);
        await change(auth, user.id);
        return isRight;
      },
    },
  });
  await expect(logins.logIn(login('ada'))).rejects.toMatchObject(WRONG);
  expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
});

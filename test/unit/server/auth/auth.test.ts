import { describe, expect, it, test } from 'vitest';
import { ALL, NEW_USER_PERMISSIONS } from '../../../../server/auth/permissions.ts';
import { PERMISSIONS } from '../../../../server/protocol/contract.ts';
import { ADDRESS, createHouse, createHouseWithFirst, PASSWORD, signedIn } from './harness.ts';

const sorted = (texts: Iterable<string>) => [...texts].toSorted();

describe('a new user', () => {
  it('gets all permissions as the first, whatever was asked, and reads and triages as another', async () => {
    const { auth } = await createHouse();
    expect(await auth.hasUsers()).toBe(false);
    const first = await auth.createUser({ username: 'Ada', password: PASSWORD, permissions: ['event:read'] });
    expect(first.password).toBeNull();
    expect(await auth.hasUsers()).toBe(true);
    expect(await auth.permissions(first.user.id)).toEqual(sorted(PERMISSIONS));
    const second = await auth.createUser({ username: 'Bob', password: PASSWORD });
    expect(await auth.permissions(second.user.id)).toEqual(sorted(NEW_USER_PERMISSIONS));
    const third = await auth.createUser({
      username: 'Cleo',
      password: PASSWORD,
      permissions: ['org:read', 'org:read'],
    });
    expect(await auth.permissions(third.user.id)).toEqual(['org:read']);
  });

  it('is asked for again while there is none, also when another process makes it', async () => {
    const { auth, another } = await createHouse();
    expect(await auth.hasUsers()).toBe(false);
    await another().createUser({ username: 'ada', password: PASSWORD });
    expect(await auth.hasUsers()).toBe(true);
  });

  it('is the first alone of two made at once, by two processes', async () => {
    const { auth, another } = await createHouse();
    const made = await Promise.allSettled([
      auth.createFirstUser({ username: 'ada', password: PASSWORD }),
      another().createFirstUser({ username: 'bob', password: PASSWORD }),
      auth.createFirstUser({ username: 'cleo', password: PASSWORD }),
    ]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = made.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toMatchObject([{ status: 409 }, { status: 409 }]);
    const users = await auth.users();
    expect(users).toHaveLength(1);
    expect(users[0]?.permissions).toEqual(sorted(PERMISSIONS));
  });

  it('is first with all permissions, and second without, when both are made at once', async () => {
    const { auth, another } = await createHouse();
    await Promise.all([
      auth.createUser({ username: 'ada', password: PASSWORD }),
      another().createUser({ username: 'bob', password: PASSWORD }),
    ]);
    const counts = (await auth.users()).map(({ permissions }) => permissions.length);
    expect(sorted(counts.map(String))).toEqual(sorted([PERMISSIONS.length, NEW_USER_PERMISSIONS.length].map(String)));
  });

  it('gets a password that can be read out, told once, and signs in with it', async () => {
    const { auth } = await createHouse();
    const { user, password } = await auth.createUser({ username: 'ada' });
    expect(password).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
    const { user: signed } = await auth.logIn({ username: 'ada', password: password ?? '', address: ADDRESS });
    expect(signed.id).toBe(user.id);
  });
});

describe('who asks', () => {
  it('is told by the cookie, with what is allowed, until the session ends', async () => {
    const { auth, now } = await createHouse();
    const { user, cookie, identity } = await signedIn(auth, 'Ada', { email: 'ada@example.com', name: 'Ada L.' });
    expect(user).toEqual({
      id: 1,
      username: 'Ada',
      email: 'ada@example.com',
      name: 'Ada L.',
      isActive: true,
      dateCreated: now(),
      lastLogin: now(),
    });
    expect(identity).toEqual({ kind: 'session', user, permissions: ALL, sessionId: expect.any(String) });
    expect(await auth.fromSession(cookie)).toEqual(identity);
    await auth.logOut(identity.sessionId ?? '');
    expect(await auth.fromSession(cookie)).toBeNull();
  });

  it('is told by a token, which allows what both it and its user have', async () => {
    const { auth } = await createHouseWithFirst();
    const { user } = await auth.createUser({ username: 'bob', password: PASSWORD, permissions: ['event:write'] });
    const { token, row } = await auth.createToken(user.id, { name: ' CI ', scopes: ['event:admin', 'org:read'] });
    expect(token).toMatch(/^stmk_[\w-]{43}$/);
    expect(row).toMatchObject({ name: 'CI', scopes: ['event:admin', 'org:read'], lastUsed: null });
    expect(row.lastCharacters).toBe(token.slice(-4));
    const identity = await auth.fromToken(token);
    expect(identity).toMatchObject({ kind: 'token', user: { id: user.id }, sessionId: null });
    expect(sorted(identity?.permissions ?? [])).toEqual(['event:read', 'event:write']);
    expect(await auth.revokeToken(user.id, row.id)).toBe(true);
    expect(await auth.fromToken(token)).toBeNull();
  });

  test.each([
    ['nothing', ''],
    ['the hash', 'a'.repeat(64)],
    ['a secret that was never made', 'a'.repeat(43)],
    ['a token that was never made', `stmk_${'a'.repeat(43)}`],
    ['SQL', "' OR 1=1 --"],
  ])('is nobody with %s', async (_, text) => {
    const { auth } = await createHouseWithFirst();
    expect(await auth.fromSession(text)).toBeNull();
    expect(await auth.fromToken(text)).toBeNull();
  });
});

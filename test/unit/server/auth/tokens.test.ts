import { describe, expect, it, test } from 'vitest';
import { PERMISSIONS } from '../../../../server/protocol/contract.ts';
import { createHouseWithFirst, MINUTE, PASSWORD } from './harness.ts';

describe('a token', () => {
  test.each<[string, string, string[], RegExp]>([
    ['no name', '  ', ['event:read'], /Name the token/],
    ['a long name', 'x'.repeat(129), ['event:read'], /at most 128/],
    ['a name of two lines', 'a\nb', ['event:read'], /control characters/],
    ['no scope', 'CI', [], /at least one scope of: event:read, /],
    ['an unknown scope', 'CI', ['event:read', 'event:reed'], /no permission "event:reed"/],
    ['a scope in capitals', 'CI', ['EVENT:READ'], /no permission/],
  ])('is refused with %s', async (_, name, scopes, words) => {
    const { auth, first } = await createHouseWithFirst();
    const creating = auth.createToken(first.id, { name, scopes });
    await expect(creating).rejects.toMatchObject({ status: 400, message: expect.stringMatching(words) });
    expect(await auth.tokens(first.id)).toEqual([]);
  });

  it('is not made for somebody who is not there', async () => {
    const { auth } = await createHouseWithFirst();
    const creating = auth.createToken(99, { name: 'CI', scopes: ['event:read'] });
    await expect(creating).rejects.toMatchObject({ status: 404 });
  });

  it('is listed without what it is, newest first, each scope once', async () => {
    const { auth, db, first, now, pass } = await createHouseWithFirst();
    const one = await auth.createToken(first.id, { name: 'one', scopes: ['org:read', 'event:read', 'org:read'] });
    pass(1);
    const two = await auth.createToken(first.id, { name: 'two', scopes: ['event:read'] });
    expect(one.row).toEqual({
      id: 1,
      name: 'one',
      scopes: ['event:read', 'org:read'],
      lastCharacters: one.token.slice(-4),
      dateCreated: now() - 1,
      lastUsed: null,
    });
    expect(await auth.tokens(first.id)).toEqual([two.row, one.row]);
    const stored = JSON.stringify(await db.selectFrom('apiToken').selectAll().execute());
    expect(stored).not.toContain(one.token.slice(5));
  });

  it('writes its use at once, and then at most once a minute', async () => {
    const { auth, first, now, pass } = await createHouseWithFirst();
    const { token } = await auth.createToken(first.id, { name: 'CI', scopes: ['event:read'] });
    const lastUsed = async () => (await auth.tokens(first.id))[0]?.lastUsed;
    const start = now();
    await auth.fromToken(token);
    expect(await lastUsed()).toBe(start);
    pass(MINUTE - 1);
    await auth.fromToken(token);
    expect(await lastUsed()).toBe(start);
    pass(1);
    await auth.fromToken(token);
    expect(await lastUsed()).toBe(now());
  });

  it('is revoked by its own user alone', async () => {
    const { auth, first } = await createHouseWithFirst();
    const { user } = await auth.createUser({ username: 'mallory', password: PASSWORD, permissions: [...PERMISSIONS] });
    const { token, row } = await auth.createToken(first.id, { name: 'CI', scopes: ['event:read'] });
    expect(await auth.revokeToken(user.id, row.id)).toBe(false);
    expect(await auth.tokens(user.id)).toEqual([]);
    expect(await auth.fromToken(token)).not.toBeNull();
    expect(await auth.revokeToken(first.id, row.id)).toBe(true);
    expect(await auth.revokeToken(first.id, row.id)).toBe(false);
    expect(await auth.fromToken(token)).toBeNull();
  });

  it('loses what its user loses, at once', async () => {
    const { auth, first } = await createHouseWithFirst();
    const { token } = await auth.createToken(first.id, { name: 'CI', scopes: ['project:releases', 'org:read'] });
    expect([...((await auth.fromToken(token))?.permissions ?? [])].toSorted()).toEqual([
      'org:read',
      'project:releases',
    ]);
    await auth.removePermission(first.id, 'project:releases');
    expect([...((await auth.fromToken(token))?.permissions ?? [])]).toEqual(['org:read']);
  });

  it('with a scope that this version does not know allows the others', async () => {
    const { auth, db, first } = await createHouseWithFirst();
    const { token } = await auth.createToken(first.id, { name: 'CI', scopes: ['org:read'] });
    await db.updateTable('apiToken').set({ scopes: '["org:read","world:admin"]' }).execute();
    expect([...((await auth.fromToken(token))?.permissions ?? [])]).toEqual(['org:read']);
    expect((await auth.tokens(first.id))[0]?.scopes).toEqual(['org:read']);
  });

  it('with scopes that are no list opens nothing', async () => {
    const { auth, db, first } = await createHouseWithFirst();
    const { token } = await auth.createToken(first.id, { name: 'CI', scopes: ['org:read'] });
    await db.updateTable('apiToken').set({ scopes: '{"org:read":true}' }).execute();
    await expect(auth.fromToken(token)).rejects.toThrow('no list of texts');
  });
});

import { PERMISSIONS, type Permission } from '../protocol/contract.ts';
import { BadRequestError } from '../protocol/errors.ts';
import { createApiTokenStore, type StoredToken } from '../storage/api-tokens.ts';
import type { Database } from '../storage/tables.ts';
import type { Identity } from './identity.ts';
import { inBoth, isPermission, parsePermission } from './permissions.ts';
import { createSecret, hashSecret, isSecret } from './secret.ts';
import { TOUCH_MS, withoutFail } from './sessions.ts';
import { parseName } from './user-fields.ts';
import { permissionsOf, toUser } from './users.ts';

/** So that a person, and what looks for leaked secrets, can tell what it is. */
const PREFIX = 'stmk_';

/** Times are Unix milliseconds. `scopes` are as given, sorted. */
export type ApiTokenRow = {
  id: number;
  name: string;
  scopes: Permission[];
  lastCharacters: string;
  dateCreated: number;
  lastUsed: number | null;
};
export type CreatedToken = { token: string; row: ApiTokenRow };

export function createTokens({ db, now }: { db: Database; now: () => number }) {
  const store = createApiTokenStore(db);
  return {
    create: async (userId: number, added: { name: string; scopes: readonly string[] }): Promise<CreatedToken> => {
      const name = parseName(added.name);
      if (!name) throw new BadRequestError('Name the token, so that you know later what uses it.');
      const scopes = [...new Set(added.scopes.map(parsePermission))].toSorted();
      if (!scopes.length) throw new BadRequestError(`Choose at least one scope of: ${PERMISSIONS.join(', ')}.`);
      const token = PREFIX + createSecret();
      const row = { userId, name, scopes, hash: hashSecret(token), lastCharacters: token.slice(-4) };
      return { token, row: toRow(await store.add(row, now())) };
    },

    find: async (token: string): Promise<Identity | null> => {
      if (!token.startsWith(PREFIX) || !isSecret(token.slice(PREFIX.length))) return null;
      const found = await store.find(hashSecret(token));
      if (!found) return null;
      const { id, lastUsed, user } = found;
      if (lastUsed === null || now() - lastUsed >= TOUCH_MS) await withoutFail(store.touch(id, now()));
      const permissions = inBoth(permissionsOf(user), found.scopes.filter(isPermission));
      return { kind: 'token', user: toUser(user), permissions, sessionId: null };
    },

    list: async (userId: number): Promise<ApiTokenRow[]> => (await store.list(userId)).map(toRow),
    revoke: store.remove,
  };
}

/** What an older or newer version called a scope, and this one does not know, gives nothing. */
const toRow = (row: StoredToken): ApiTokenRow => ({ ...row, scopes: row.scopes.filter(isPermission) });

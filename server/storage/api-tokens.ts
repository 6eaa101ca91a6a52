import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';
import { type StoredUser, toStoredUser, USER_COLUMNS } from './users.ts';

/** Times are Unix milliseconds. Never with the token's hash. */
export type StoredToken = {
  id: number;
  name: string;
  scopes: string[];
  lastCharacters: string;
  dateCreated: number;
  lastUsed: number | null;
};
export type NewToken = { userId: number; name: string; scopes: string[]; hash: string; lastCharacters: string };
export type FoundToken = { id: number; scopes: string[]; lastUsed: number | null; user: StoredUser };

/** API tokens by their hash. */
export function createApiTokenStore(db: Database) {
  return {
    add: async (token: NewToken, dateCreated: number): Promise<StoredToken> => {
      const row = { ...token, scopes: JSON.stringify(token.scopes), dateCreated, lastUsed: null };
      return toStoredToken(await db.insertInto('apiToken').values(row).returningAll().executeTakeFirstOrThrow());
    },

    /** In one query, as every request asks. @returns null also for a disabled user's */
    find: async (hash: string): Promise<FoundToken | null> => {
      const rows = await db
        .selectFrom('apiToken')
        .innerJoin('user', 'user.id', 'apiToken.userId')
        .leftJoin('userPermission', 'userPermission.userId', 'user.id')
        .select(USER_COLUMNS)
        .select(['apiToken.id as tokenId', 'apiToken.scopes as scopes', 'apiToken.lastUsed as lastUsed'])
        .where('apiToken.hash', '=', hash)
        .where('user.isActive', '=', 1)
        .execute();
      const [row] = rows;
      const user = toStoredUser(rows);
      return row && user ? { id: row.tokenId, scopes: parseScopes(row.scopes), lastUsed: row.lastUsed, user } : null;
    },

    touch: async (id: number, lastUsed: number): Promise<void> => {
      await db.updateTable('apiToken').set({ lastUsed }).where('id', '=', id).execute();
    },

    /** Newest first. */
    list: async (userId: number): Promise<StoredToken[]> => {
      const rows = await db
        .selectFrom('apiToken')
        .selectAll()
        .where('userId', '=', userId)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toStoredToken);
    },

    /** @returns false: the user has no such token */
    remove: async (userId: number, id: number): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('apiToken')
        .where('id', '=', id)
        .where('userId', '=', userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function toStoredToken(row: Selectable<Tables['apiToken']>): StoredToken {
  const { id, name, scopes, lastCharacters, dateCreated, lastUsed } = row;
  return { id, name, scopes: parseScopes(scopes), lastCharacters, dateCreated, lastUsed };
}

/** Our own row: what is no list of texts is our fault, and gives nothing to anybody. */
function parseScopes(text: string): string[] {
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value) && value.every((scope) => typeof scope === 'string')) return value;
  throw new Error('The scopes of a stored token are no list of texts.');
}

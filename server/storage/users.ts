import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

type UserRow = Omit<Selectable<Tables['user']>, 'passwordHash'>;
/** Never with the password's hash. `permissions` are those in the table, sorted, as text: a version may know fewer. */
export type StoredUser = Omit<UserRow, 'isActive'> & { isActive: boolean; permissions: string[] };
export type NewUser = { username: string; email: string | null; name: string | null; passwordHash: string };

/** For a query that joins `user` and, on the left, `userPermission`: `toStoredUser` folds its rows into one user. */
export const USER_COLUMNS = [
  'user.id as id',
  'user.username as username',
  'user.email as email',
  'user.name as name',
  'user.isActive as isActive',
  'user.dateCreated as dateCreated',
  'user.lastLogin as lastLogin',
  'userPermission.permission as permission',
] as const;

/** @param rows of one user, one for each permission, or one whose `permission` is null */
export function toStoredUser([row, ...others]: (UserRow & { permission: string | null })[]): StoredUser | null {
  if (!row) return null;
  const { id, username, email, name, isActive, dateCreated, lastLogin } = row;
  const permissions = [row, ...others].flatMap(({ permission }) => permission ?? []).toSorted();
  return { id, username, email, name, isActive: isActive === 1, dateCreated, lastLogin, permissions };
}

/** Users and their permissions; in a transaction, hand in that. Names and e-mails match without regard to case. */
export function createUserStore(db: Database) {
  const withPermissions = () =>
    db
      .selectFrom('user')
      .leftJoin('userPermission', 'userPermission.userId', 'user.id')
      .select(USER_COLUMNS)
      .orderBy('user.username');
  const one = async (column: 'id' | 'username' | 'email', value: number | string) =>
    toStoredUser(await withPermissions().where(`user.${column}`, '=', value).execute());

  return {
    any: async (): Promise<boolean> =>
      (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined,

    /** By name. */
    list: async (): Promise<StoredUser[]> => {
      const rows = Map.groupBy(await withPermissions().execute(), ({ id }) => id);
      return [...rows.values()].flatMap((user) => toStoredUser(user) ?? []);
    },

    byId: (id: number) => one('id', id),
    byUsername: (username: string) => one('username', username),
    byEmail: (email: string) => one('email', email),

    passwordHash: async (id: number): Promise<string | null> =>
      (await db.selectFrom('user').select('passwordHash').where('id', '=', id).executeTakeFirst())?.passwordHash ??
      null,

    /** Another user who has one of these as a name or an e-mail, so that no text ever means two people. */
    otherNamed: (id: number | null, names: string[]) =>
      db
        .selectFrom('user')
        .select(['username', 'email'])
        .where((eb) => eb.or([eb('username', 'in', names), eb('email', 'in', names)]))
        .where('id', '!=', id ?? 0)
        .executeTakeFirst(),

    add: async (user: NewUser, dateCreated: number): Promise<number> =>
      (
        await db
          .insertInto('user')
          .values({ ...user, dateCreated })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id,

    update: async (id: number, change: { email?: string | null; name?: string | null }): Promise<void> => {
      await db.updateTable('user').set(change).where('id', '=', id).execute();
    },

    /** @returns whether the user is there, and was not disabled nor its password changed since `hash` was read */
    recordLogin: async (id: number, hash: string, change: { passwordHash: string; lastLogin: number }) => {
      const { numUpdatedRows } = await db
        .updateTable('user')
        .set(change)
        .where('id', '=', id)
        .where('isActive', '=', 1)
        .where('passwordHash', '=', hash)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** @returns whether there is such a user; with `previous`, whether that was its hash still */
    setPasswordHash: async (id: number, passwordHash: string, previous?: string): Promise<boolean> => {
      let query = db.updateTable('user').set({ passwordHash }).where('id', '=', id);
      if (previous !== undefined) query = query.where('passwordHash', '=', previous);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    },

    setActive: async (id: number, isActive: boolean): Promise<void> => {
      await db
        .updateTable('user')
        .set({ isActive: isActive ? 1 : 0 })
        .where('id', '=', id)
        .execute();
    },

    /** @returns false: it was there already */
    addPermission: async (userId: number, permission: string): Promise<boolean> => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('userPermission')
        .values({ userId, permission })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    /** @returns false: it was not there */
    removePermission: async (userId: number, permission: string): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('userPermission')
        .where('userId', '=', userId)
        .where('permission', '=', permission)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /** Is there an active user with this permission? */
    anyActiveWith: async (permission: string): Promise<boolean> => {
      const row = await db
        .selectFrom('userPermission')
        .innerJoin('user', 'user.id', 'userPermission.userId')
        .select('user.id')
        .where('userPermission.permission', '=', permission)
        .where('user.isActive', '=', 1)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
export type UserStore = ReturnType<typeof createUserStore>;

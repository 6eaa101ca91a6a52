import type { Permission } from '../protocol/contract.ts';
import { ConflictError, NotFoundError } from '../protocol/errors.ts';
import type { Database } from '../storage/tables.ts';
import { createUserStore, type StoredUser, type UserStore } from '../storage/users.ts';
import type { User } from './identity.ts';
import { ALL, isPermission, NEW_USER_PERMISSIONS, parsePermission } from './permissions.ts';
import { parseEmail, parseName, parseUsername } from './user-fields.ts';

/** `permissions` are as given, sorted; what they include is not listed. */
export type Member = User & { permissions: Permission[] };

export function toUser({ permissions: _, ...user }: StoredUser): User {
  return user;
}
/** What an older or newer version called a permission, and this one does not know, gives nothing. */
export const permissionsOf = (user: StoredUser): Permission[] => user.permissions.filter(isPermission);
export const toMember = (user: StoredUser): Member => ({ ...toUser(user), permissions: permissionsOf(user) });

/**
 * By name first, then, of what has an `@`, by e-mail; both without regard to case. No name is another's e-mail (see
 * `refuseTaken`), so that it is never two people. Not by id: digits are a user name too.
 */
export async function findUser(store: UserStore, text: string): Promise<StoredUser | null> {
  const name = text.trim();
  return (await store.byUsername(name)) ?? (name.includes('@') ? await store.byEmail(name) : null);
}

/** @throws {NotFoundError} */
export async function requireUser(store: UserStore, userId: number): Promise<StoredUser> {
  const user = await store.byId(userId);
  if (!user) throw new NotFoundError(`There is no user ${userId}.`);
  return user;
}

/** What a new user is, checked. */
export type NewMember = {
  username: string;
  email: string | null;
  name: string | null;
  permissions: Permission[];
  passwordHash: string;
};

/** @throws {BadRequestError} a name, e-mail or permission that is none */
export function parseMember(given: {
  username: string;
  email?: string | null;
  name?: string | null;
  permissions?: readonly string[];
}): Omit<NewMember, 'passwordHash'> {
  return {
    username: parseUsername(given.username),
    email: parseEmail(given.email),
    name: parseName(given.name),
    permissions: (given.permissions ?? NEW_USER_PERMISSIONS).map(parsePermission),
  };
}

/**
 * Whoever is first gets all permissions, whatever was asked: somebody must be able to give them. In one transaction, so
 * that of two at once one is the first.
 *
 * @throws {ConflictError} the name or e-mail is taken; there is a user, and `onlyFirst`
 */
export function addMember(db: Database, { permissions, ...user }: NewMember, now: number, onlyFirst: boolean) {
  return db.transaction().execute(async (tx) => {
    const store = createUserStore(tx);
    const isFirst = !(await store.any());
    if (onlyFirst && !isFirst) {
      throw new ConflictError(
        'The first user was made already. Sign in, or ask whoever made it for a user of your own.',
      );
    }
    await refuseTaken(store, null, user.username, user.email);
    const id = await store.add(user, now);
    for (const permission of isFirst ? ALL : permissions) await store.addPermission(id, permission);
    return requireUser(store, id);
  });
}

/**
 * @param change what it does not name stays; null or an empty text takes away
 * @throws {NotFoundError}
 * @throws {BadRequestError}
 * @throws {ConflictError} the e-mail is another's
 */
export async function updateMember(
  db: Database,
  userId: number,
  change: { email?: string | null; name?: string | null },
): Promise<StoredUser> {
  const email = change.email === undefined ? undefined : parseEmail(change.email);
  const name = change.name === undefined ? undefined : parseName(change.name);
  return db.transaction().execute(async (tx) => {
    const store = createUserStore(tx);
    const user = await requireUser(store, userId);
    const updated = { email: email === undefined ? user.email : email, name: name === undefined ? user.name : name };
    if (email) await refuseTaken(store, userId, null, email);
    await store.update(userId, updated);
    return { ...user, ...updated };
  });
}

/**
 * A name may be its user's own e-mail, and never another's: whoever types an address means one person, and nobody
 * catches what is meant for another.
 */
async function refuseTaken(store: UserStore, id: number | null, username: string | null, email: string | null) {
  const names = [username, email].filter((name) => name !== null);
  const other = await store.otherNamed(id, names);
  if (!other) return;
  const others = [other.username, other.email].map((name) => name?.toLowerCase());
  if (username !== null && others.includes(username.toLowerCase())) {
    throw new ConflictError(`The user name ${username} is taken. Choose another.`);
  }
  throw new ConflictError(`The e-mail address ${email} belongs to another user. Choose another, or leave it empty.`);
}

/**
 * Calls `change`, and undoes it when it leaves nobody who could give permissions.
 *
 * @throws {NotFoundError}
 * @throws {ConflictError} nobody active would have member:admin
 */
export function keepingAnAdmin<T>(
  db: Database,
  userId: number,
  change: (tx: Database, user: StoredUser) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const store = createUserStore(tx);
    const result = await change(tx, await requireUser(store, userId));
    if (await store.anyActiveWith('member:admin')) return result;
    throw new ConflictError('Nobody else could manage users then. Give another active user member:admin first.');
  });
}

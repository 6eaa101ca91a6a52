import { createRateLimit } from '../limits/rate-limit.ts';
import type { Permission } from '../protocol/contract.ts';
import { BadRequestError, ConflictError } from '../protocol/errors.ts';
import { createSessionStore } from '../storage/sessions.ts';
import type { Database } from '../storage/tables.ts';
import { createUserStore } from '../storage/users.ts';
import type { Identity, User } from './identity.ts';
import { createLogins, type Login } from './login.ts';
import { takeOrThrow } from './login-throttle.ts';
import { checkPassword, createPassword, createPasswords } from './passwords.ts';
import { parsePermission } from './permissions.ts';
import { createSessions, type StartedSession } from './sessions.ts';
import { type ApiTokenRow, type CreatedToken, createTokens } from './tokens.ts';
import {
  addMember,
  findUser,
  keepingAnAdmin,
  type Member,
  parseMember,
  permissionsOf,
  requireUser,
  toMember,
  toUser,
  updateMember,
} from './users.ts';

export type { ApiTokenRow } from './tokens.ts';
export type { Member } from './users.ts';

/** Without `password` one is made; without `permissions` it is those of a new user. */
export type NewUser = {
  username: string;
  email?: string | null;
  name?: string | null;
  password?: string | null;
  permissions?: readonly Permission[];
};
/** `password` is the one that was made here, told this once; null when one was given. */
type CreatedUser = { user: User; password: string | null };

/**
 * Users, sessions, tokens and permissions. To change a user who is not there, a permission or token of theirs included,
 * throws NotFoundError; to ask, sign out or revoke finds nothing. Disabled users have no session and no token that works,
 * at once: every request asks the table.
 */
export type Auth = {
  /** Once true stays true, as users are never deleted. */
  hasUsers(): Promise<boolean>;

  /**
   * Starts a new session; the caller ends the one that the browser had before. `cookie` is the secret for the cookie.
   *
   * @throws {UnauthorizedError} for whatever reason: they all read alike
   * @throws {RateLimitedError} too many failed tries with this name, or from this address
   * @throws {UnavailableError} too many sign in at once
   */
  logIn(login: Login): Promise<{ user: User } & StartedSession>;
  /** A session without a password, for who has just made the first user. @throws {NotFoundError} none, or disabled */
  startSession(userId: number): Promise<StartedSession>;
  /** @returns null for what is no session, or over */
  fromSession(cookie: string): Promise<Identity | null>;
  /** @returns null for what is no token, or revoked */
  fromToken(token: string): Promise<Identity | null>;
  logOut(sessionId: string): Promise<void>;
  logOutEverywhere(userId: number): Promise<void>;
  deleteExpiredSessions(): Promise<void>;

  /**
   * The very first user gets all permissions, whatever was asked.
   *
   * @throws {ConflictError} the name or the e-mail is taken, without regard to case
   * @throws {BadRequestError} a bad name, e-mail, permission or password
   */
  createUser(added: NewUser): Promise<CreatedUser>;
  /** As `createUser`. @throws {ConflictError} also when there is a user already */
  createFirstUser(added: NewUser): Promise<CreatedUser>;
  /** What is not named stays; null takes away. @throws {BadRequestError} @throws {ConflictError} another's e-mail */
  updateUser(userId: number, change: { email?: string | null; name?: string | null }): Promise<User>;
  /** Ends the user's sessions; tokens stay. @returns the password that was made, when none was given */
  setPassword(userId: number, password?: string | null): Promise<string | null>;
  /**
   * Ends the user's other sessions; tokens stay.
   *
   * @throws {BadRequestError} the current one is wrong, or the next one is none
   * @throws {RateLimitedError} too many wrong ones
   */
  changePassword(userId: number, current: string, next: string, keepSessionId: string | null): Promise<void>;
  /**
   * Disabling ends the user's sessions; the tokens rest, and work again once the user is enabled.
   *
   * @throws {ConflictError} nobody active would have member:admin
   */
  setActive(userId: number, isActive: boolean): Promise<void>;

  /** By name. */
  users(): Promise<Member[]>;
  /** @returns null for one that is not there */
  user(userId: number): Promise<Member | null>;
  /** By name, or by e-mail, without regard to case. Nobody proved the e-mail: say the name of whom was found. */
  findUser(text: string): Promise<User | null>;

  /** As given, sorted; what they include is not listed. None for one that is not there. */
  permissions(userId: number): Promise<Permission[]>;
  /** @returns false: it was there already. @throws {BadRequestError} there is no such permission */
  addPermission(userId: number, permission: Permission): Promise<boolean>;
  /** @returns false: it was not there. @throws {ConflictError} nobody active would have member:admin */
  removePermission(userId: number, permission: Permission): Promise<boolean>;

  /** `token` is told this once. @throws {BadRequestError} no name, no scope or an unknown one */
  createToken(userId: number, added: { name: string; scopes: readonly string[] }): Promise<CreatedToken>;
  /** Newest first. */
  tokens(userId: number): Promise<ApiTokenRow[]>;
  /** @returns false: the user has no such token */
  revokeToken(userId: number, tokenId: number): Promise<boolean>;
};

/** Wrong current passwords in 15 minutes, from whoever sits at somebody's open session. */
const WRONG_PASSWORDS = { limit: 10, windowMs: 15 * 60_000 };

/** @param deps.now Unix milliseconds; the other times are milliseconds since the last use, and since the login */
export function createAuth(deps: {
  db: Database;
  now: () => number;
  sessionIdleMs: number;
  sessionLifeMs: number;
}): Auth {
  const { db, now } = deps;
  const store = createUserStore(db);
  const passwords = createPasswords();
  const sessions = createSessions(deps);
  const tokens = createTokens(deps);
  const { logIn, startSession } = createLogins({ ...deps, passwords });
  const changes = createRateLimit({ ...WRONG_PASSWORDS, now });
  let hasUsers = false;

  async function create(added: NewUser, onlyFirst: boolean): Promise<CreatedUser> {
    const member = parseMember(added);
    const password = added.password ?? createPassword();
    checkPassword(password, [member.username, member.email]);
    // Before the transaction, which makes every other query wait.
    const passwordHash = await passwords.hash(password);
    const user = await addMember(db, { ...member, passwordHash }, now(), onlyFirst);
    return { user: toUser(user), password: added.password == null ? password : null };
  }

  /** @returns false when `previous` is given, and no longer the user's hash */
  const replacePassword = (userId: number, hash: string, keepSessionId: string | null, previous?: string) =>
    db.transaction().execute(async (tx) => {
      const isReplaced = await createUserStore(tx).setPasswordHash(userId, hash, previous);
      if (isReplaced) await createSessionStore(tx).endAll(userId, keepSessionId);
      return isReplaced;
    });

  return {
    hasUsers: async () => {
      hasUsers ||= await store.any();
      return hasUsers;
    },

    logIn,
    startSession,
    fromSession: sessions.find,
    fromToken: tokens.find,
    logOut: sessions.end,
    logOutEverywhere: (userId) => sessions.endAll(userId),
    deleteExpiredSessions: sessions.deleteOver,

    createUser: (added) => create(added, false),
    createFirstUser: (added) => create(added, true),
    updateUser: async (userId, change) => toUser(await updateMember(db, userId, change)),

    setPassword: async (userId, given) => {
      const { username, email } = await requireUser(store, userId);
      const password = given ?? createPassword();
      checkPassword(password, [username, email]);
      await replacePassword(userId, await passwords.hash(password), null);
      return given == null ? password : null;
    },

    changePassword: async (userId, current, next, keepSessionId) => {
      const { username, email } = await requireUser(store, userId);
      checkPassword(next, [username, email]);
      const key = String(userId);
      takeOrThrow(changes, key, 'with the current password');
      const stored = await store.passwordHash(userId);
      if (!stored || !(await passwords.verify(stored, current))) {
        throw new BadRequestError('The current password is wrong.');
      }
      changes.giveBack(key);
      if (await replacePassword(userId, await passwords.hash(next), keepSessionId, stored)) return;
      throw new ConflictError('The password was changed by somebody else just now. Sign in with the new one.');
    },

    setActive: async (userId, isActive) => {
      if (isActive) {
        await requireUser(store, userId);
        return store.setActive(userId, true);
      }
      await keepingAnAdmin(db, userId, async (tx) => {
        await createUserStore(tx).setActive(userId, false);
        await createSessionStore(tx).endAll(userId);
      });
    },

    users: async () => (await store.list()).map(toMember),
    user: async (userId) => {
      const user = await store.byId(userId);
      return user && toMember(user);
    },
    findUser: async (text) => {
      const user = await findUser(store, text);
      return user && toUser(user);
    },

    permissions: async (userId) => {
      const user = await store.byId(userId);
      return user ? permissionsOf(user) : [];
    },
    addPermission: async (userId, permission) => {
      await requireUser(store, userId);
      return store.addPermission(userId, parsePermission(permission));
    },
    removePermission: (userId, permission) =>
      keepingAnAdmin(db, userId, (tx) => createUserStore(tx).removePermission(userId, permission)),

    createToken: async (userId, added) => {
      await requireUser(store, userId);
      return tokens.create(userId, added);
    },
    tokens: tokens.list,
    revokeToken: tokens.revoke,
  };
}

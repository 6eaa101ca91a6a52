import { NotFoundError, UnauthorizedError } from '../protocol/errors.ts';
import type { Database } from '../storage/tables.ts';
import { createUserStore } from '../storage/users.ts';
import type { User } from './identity.ts';
import { createLoginThrottle } from './login-throttle.ts';
import type { Passwords } from './passwords.ts';
import { createSessions, type StartedSession } from './sessions.ts';
import { findUser, requireUser, toUser } from './users.ts';

export type Login = { username: string; password: string; address: string };
type Deps = { db: Database; now: () => number; sessionIdleMs: number; sessionLifeMs: number; passwords: Passwords };

/** What leads to a new session: a password, or having just made the first user. */
export function createLogins(deps: Deps) {
  const { db, now, passwords } = deps;
  const users = createUserStore(db);
  const throttle = createLoginThrottle({ now });

  /** @returns null when the user was disabled, or the password changed, since `hash` was read */
  const start = (userId: number, hash: string, newHash: string): Promise<StartedSession | null> =>
    db.transaction().execute(async (tx) => {
      const store = createUserStore(tx);
      const isSame = await store.recordLogin(userId, hash, { passwordHash: newHash, lastLogin: now() });
      return isSame ? createSessions({ ...deps, db: tx }).start(await requireUser(store, userId)) : null;
    });

  /**
   * Nobody, somebody disabled and a wrong password cost the same and get the same words.
   *
   * @throws {UnauthorizedError}
   */
  async function check(username: string, password: string): Promise<{ user: User } & StartedSession> {
    const found = await findUser(users, username);
    const stored = await users.passwordHash(found?.id ?? 0);
    const isRight = await passwords.verify(found?.isActive ? stored : null, password);
    if (!found || !stored || !isRight) throw new UnauthorizedError('The user name or the password is wrong.');
    const hash = passwords.isOutdated(stored) ? await passwords.hash(password) : stored;
    const started = await start(found.id, stored, hash);
    // Changed meanwhile, if only because another login hashed the password anew: ask again.
    return started ? { user: started.identity.user ?? toUser(found), ...started } : check(username, password);
  }

  return {
    logIn: async ({ username, password, address }: Login) => {
      const attempt = throttle.take(username, address);
      const started = await check(username, password);
      attempt.succeeded([started.user.username, started.user.email]);
      return started;
    },

    startSession: async (userId: number): Promise<StartedSession> => {
      const hash = await users.passwordHash(userId);
      const started = hash === null ? null : await start(userId, hash, hash);
      if (!started) throw new NotFoundError(`There is no active user ${userId}.`);
      return started;
    },
  };
}

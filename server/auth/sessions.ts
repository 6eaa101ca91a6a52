import { createSessionStore, type SessionEnds } from '../storage/sessions.ts';
import type { Database } from '../storage/tables.ts';
import type { StoredUser } from '../storage/users.ts';
import type { Identity } from './identity.ts';
import { expand } from './permissions.ts';
import { createSecret, hashSecret, isSecret } from './secret.ts';
import { permissionsOf, toUser } from './users.ts';

/** Uses are written at most this often (milliseconds): nearly every request would else be a write. */
export const TOUCH_MS = 60_000;

/** What a new session gives; `cookie` is the secret, which is nowhere else. */
export type StartedSession = { cookie: string; identity: Identity };
type SessionTimes = { now: () => number; sessionIdleMs: number; sessionLifeMs: number };

/** In a transaction, hand in that as `db`. */
export function createSessions({ db, now, sessionIdleMs, sessionLifeMs }: SessionTimes & { db: Database }) {
  const store = createSessionStore(db);
  // Shorter where the idle time is short, or a session in use would end for want of a write.
  const touchMs = Math.min(TOUCH_MS, sessionIdleMs / 10);
  const ends = (): SessionEnds => ({ dateCreated: now() - sessionLifeMs, lastSeen: now() - sessionIdleMs });

  return {
    /** Always a new one: an id that somebody planted in the browser before is worth nothing after. */
    start: async (user: StoredUser): Promise<StartedSession> => {
      const cookie = createSecret();
      const id = hashSecret(cookie);
      await store.add(id, user.id, now());
      return { cookie, identity: toIdentity(id, user) };
    },

    find: async (cookie: string): Promise<Identity | null> => {
      if (!isSecret(cookie)) return null;
      const id = hashSecret(cookie);
      const found = await store.find(id, ends());
      if (!found) return null;
      if (now() - found.lastSeen >= touchMs) await withoutFail(store.touch(id, now()));
      return toIdentity(id, found.user);
    },

    end: store.end,
    endAll: store.endAll,
    deleteOver: () => store.deleteOver(ends()),
  };
}

function toIdentity(sessionId: string, user: StoredUser): Identity {
  return { kind: 'session', user: toUser(user), permissions: expand(permissionsOf(user)), sessionId };
}

/** A disk that is full must not keep anybody from reading; that it is full, the health page says. */
export async function withoutFail(write: Promise<void>): Promise<void> {
  await write.catch(() => {});
}

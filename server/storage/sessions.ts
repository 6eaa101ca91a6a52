import type { Database } from './tables.ts';
import { type StoredUser, toStoredUser, USER_COLUMNS } from './users.ts';

export type FoundSession = { lastSeen: number; user: StoredUser };
/** A session is over when it was made, or last seen, at or before these times (Unix milliseconds). */
export type SessionEnds = { dateCreated: number; lastSeen: number };

/** Sessions by the hash of what their cookies hold; in a transaction, hand in that. */
export function createSessionStore(db: Database) {
  return {
    add: async (id: string, userId: number, now: number): Promise<void> => {
      await db.insertInto('session').values({ id, userId, dateCreated: now, lastSeen: now }).execute();
    },

    /** In one query, as every request asks. @returns null for one that is over, and for a disabled user's */
    find: async (id: string, ends: SessionEnds): Promise<FoundSession | null> => {
      const rows = await db
        .selectFrom('session')
        .innerJoin('user', 'user.id', 'session.userId')
        .leftJoin('userPermission', 'userPermission.userId', 'user.id')
        .select(USER_COLUMNS)
        .select('session.lastSeen as lastSeen')
        .where('session.id', '=', id)
        .where('session.dateCreated', '>', ends.dateCreated)
        .where('session.lastSeen', '>', ends.lastSeen)
        .where('user.isActive', '=', 1)
        .execute();
      const user = toStoredUser(rows);
      return user && rows[0] ? { lastSeen: rows[0].lastSeen, user } : null;
    },

    touch: async (id: string, lastSeen: number): Promise<void> => {
      await db.updateTable('session').set({ lastSeen }).where('id', '=', id).execute();
    },

    end: async (id: string): Promise<void> => {
      await db.deleteFrom('session').where('id', '=', id).execute();
    },

    /** Ends a user's sessions, but the one to keep. */
    endAll: async (userId: number, keepId: string | null = null): Promise<void> => {
      await db
        .deleteFrom('session')
        .where('userId', '=', userId)
        .where('id', '!=', keepId ?? '')
        .execute();
    },

    deleteOver: async (ends: SessionEnds): Promise<void> => {
      await db
        .deleteFrom('session')
        .where((eb) => eb.or([eb('dateCreated', '<=', ends.dateCreated), eb('lastSeen', '<=', ends.lastSeen)]))
        .execute();
    },
  };
}

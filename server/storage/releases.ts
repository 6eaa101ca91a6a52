import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

export type Release = Selectable<Tables['release']>;

/** Releases of a project. Digest makes them as events name them; who uploads coverage may say their commit. */
export function createReleaseStore(db: Database) {
  return {
    /** Newest first. */
    list: async (projectId: number, limit = 100): Promise<Release[]> =>
      db
        .selectFrom('release')
        .selectAll()
        .where('projectId', '=', projectId)
        .orderBy('dateCreated', 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .execute(),

    /** First seen from `start` up to `end`, oldest first; the newest `limit` of them. */
    firstSeenIn: async (projectId: number, start: number, end: number, limit: number): Promise<Release[]> => {
      const newest = await db
        .selectFrom('release')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('dateCreated', '>=', start)
        .where('dateCreated', '<', end)
        .orderBy('dateCreated', 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .execute();
      return newest.reverse();
    },

    byVersion: async (projectId: number, version: string): Promise<Release | null> =>
      (await db
        .selectFrom('release')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('version', '=', version)
        .executeTakeFirst()) ?? null,
  };
}
export type ReleaseStore = ReturnType<typeof createReleaseStore>;

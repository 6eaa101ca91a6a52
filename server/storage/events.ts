import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

/** The row of an event, without its body (that is nodestore's). Times are Unix milliseconds; `user` is JSON. */
export type EventRow = Selectable<Tables['event']>;
/** Rows of events. Every look-up is within an issue or a project that the caller has checked. */
export function createEventStore(db: Database) {
  const ofIssue = (issueId: number) => db.selectFrom('event').selectAll().where('issueId', '=', issueId);

  return {
    /** By the row's own number, which is what Sentry's older URLs hold. */
    byRowId: async (issueId: number, id: number): Promise<EventRow | null> =>
      (await ofIssue(issueId).where('id', '=', id).executeTakeFirst()) ?? null,

    /** In the order of `ids`. */
    byRowIds: async (issueId: number, ids: readonly number[]): Promise<EventRow[]> => {
      if (ids.length === 0) return [];
      const rows = await ofIssue(issueId)
        .where('id', 'in', [...ids])
        .execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** @param eventId 32 lower-case hex digits */
    byEventId: async (projectId: number, eventId: string): Promise<EventRow | null> =>
      (await db
        .selectFrom('event')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .executeTakeFirst()) ?? null,

    /** Event ids are unique within a project only, so all that match are given. */
    byEventIdIn: async (projectIds: readonly number[], eventId: string): Promise<EventRow[]> =>
      db
        .selectFrom('event')
        .selectAll()
        .where('projectId', 'in', [...projectIds])
        .where('eventId', '=', eventId)
        .execute(),

    /** The newest of some releases, newest first; found by their tag, as there is an index of that. */
    newestOfReleases: async (projectId: number, releases: readonly string[], limit: number): Promise<EventRow[]> =>
      db
        .selectFrom('event')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('issueTag')
            .innerJoin('eventTag', (join) =>
              join
                .onRef('eventTag.issueId', '=', 'issueTag.issueId')
                .onRef('eventTag.key', '=', 'issueTag.key')
                .onRef('eventTag.value', '=', 'issueTag.value'),
            )
            .select('eventRowId')
            .where('issueTag.key', '=', 'release')
            .where('issueTag.value', 'in', [...releases]),
        )
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    /** What the user wrote about an event; the newest report. */
    userReport: async (projectId: number, eventId: string): Promise<Selectable<Tables['userReport']> | null> =>
      (await db
        .selectFrom('userReport')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()) ?? null,
  };
}
export type EventStore = ReturnType<typeof createEventStore>;

import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

/** The row of an event, without its body (that is nodestore's). Times are Unix milliseconds; `user` is JSON. */
export type EventRow = Selectable<Tables['event']>;
/** Event ids of the neighbours within the issue, by time and then by arrival; null at either end. */
export type Neighbours = { nextEventID: string | null; previousEventID: string | null };
export type EventPosition = 'latest' | 'oldest' | 'recommended';

/** The recommended event is the richest of this many newest ones. */
const RECOMMENDED_OF = 50;

/** Rows of events. Every look-up is within an issue or a project that the caller has checked. */
export function createEventStore(db: Database) {
  const ofIssue = (issueId: number) => db.selectFrom('event').selectAll().where('issueId', '=', issueId);

  return {
    /** `null` for an issue without events. */
    at: async (issueId: number, position: EventPosition): Promise<EventRow | null> => {
      if (position === 'recommended') {
        const newest = ofIssue(issueId).orderBy('timestamp', 'desc').orderBy('id', 'desc').limit(RECOMMENDED_OF);
        const richest = await db
          .selectFrom(newest.as('newest'))
          .selectAll()
          .orderBy('richness', 'desc')
          .orderBy('timestamp', 'desc')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        return richest ?? null;
      }
      const order = position === 'latest' ? 'desc' : 'asc';
      return (
        (await ofIssue(issueId).orderBy('timestamp', order).orderBy('id', order).limit(1).executeTakeFirst()) ?? null
      );
    },

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

    neighbours: async ({ issueId, timestamp, id }: EventRow): Promise<Neighbours> => {
      const neighbour = (order: 'asc' | 'desc') => {
        const sign = order === 'asc' ? '>' : '<';
        return db
          .selectFrom('event')
          .select('eventId')
          .where('issueId', '=', issueId)
          .where((eb) => eb(eb.refTuple('timestamp', 'id'), sign, eb.tuple(timestamp, id)))
          .orderBy('timestamp', order)
          .orderBy('id', order)
          .limit(1);
      };
      const row = await db
        .selectNoFrom([neighbour('asc').as('nextEventID'), neighbour('desc').as('previousEventID')])
        .executeTakeFirstOrThrow();
      return { nextEventID: row.nextEventID ?? null, previousEventID: row.previousEventID ?? null };
    },

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

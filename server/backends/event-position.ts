import { sql } from 'kysely';
import type { Database } from '../storage/tables.ts';
import type { Condition } from './search-condition.ts';

/** Event ids of the neighbours within the issue, by time and then by arrival; null at either end. */
export type Neighbours = { nextEventID: string | null; previousEventID: string | null };
export type EventPosition = 'latest' | 'oldest' | 'recommended';

/** The recommended event is the richest of this many newest ones. */
const RECOMMENDED_OF = 50;

/** @returns the row's id; null when no event is `where` it is sought */
export async function eventAt(db: Database, where: Condition, position: EventPosition): Promise<number | null> {
  const order = sql.raw(position === 'oldest' ? 'asc' : 'desc');
  const limit = sql.lit(position === 'recommended' ? RECOMMENDED_OF : 1);
  const { rows } = await sql<{ id: number }>`
    select id from (select id, timestamp, richness from event where ${where}
      order by timestamp ${order}, id ${order} limit ${limit})
    order by richness desc, timestamp desc, id desc limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** @param at the row that is between them; it need not be `where` they are sought */
export async function neighboursOf(
  db: Database,
  where: Condition,
  { timestamp, id }: { timestamp: number; id: number },
): Promise<Neighbours> {
  const neighbour = (sign: '>' | '<', order: 'asc' | 'desc') => sql`(select eventId from event
    where ${where} and (event.timestamp, event.id) ${sql.raw(sign)} (${timestamp}, ${id})
    order by timestamp ${sql.raw(order)}, id ${sql.raw(order)} limit 1)`;
  const { rows } = await sql<Neighbours>`
    select ${neighbour('>', 'asc')} as nextEventID, ${neighbour('<', 'desc')} as previousEventID`.execute(db);
  return rows[0] ?? { nextEventID: null, previousEventID: null };
}

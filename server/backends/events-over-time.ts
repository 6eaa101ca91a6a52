import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../storage/tables.ts';
import { type EventFilter, eventWhere, matchConditions, parseSpan } from './event-filter.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAX_BUCKETS = 100;
/** Each is at most four times the one before it, so that a span has at least 24 buckets (but one of some seconds). */
const INTERVALS = [
  ...[1, 2, 5, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 15, 30].map((count) => count * MINUTE),
  ...[1, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 3, 7, 14, 30, 90, 360, 1_080].map((count) => count * DAY),
];

/** Events and distinct users of each bucket, and of all together. */
type Counted = { events: number[]; users: number[]; eventCount: number; userCount: number };
/** Times are Unix milliseconds. `matching` is null where the filter asks nothing of an event but its time. */
export type EventsOverTime = {
  start: number;
  end: number;
  intervalMs: number;
  total: Counted;
  matching: Counted | null;
};
type Buckets = { start: number; end: number; intervalMs: number; count: number };

/**
 * Buckets that cover the span, from a whole one in UTC. What they count is of the span exactly, so that the sums are those
 * of the list: its first and last bucket may be partly outside.
 */
export function bucketsOf(start: number, end: number): Buckets {
  for (const intervalMs of INTERVALS) {
    const first = start - (start % Math.min(intervalMs, DAY));
    const count = Math.max(1, Math.ceil((end - first) / intervalMs));
    if (count <= MAX_BUCKETS) return { start: first, end: first + count * intervalMs, intervalMs, count };
  }
  throw new RangeError(`No bucket is long enough for ${start} to ${end}.`);
}

/**
 * @param firstSeen where a span that says no start begins; at least an hour is shown
 * @throws {BadRequestError} the query or the span cannot be read
 */
export async function countOverTime(
  db: Database,
  filter: EventFilter,
  firstSeen: number,
  now: number,
): Promise<EventsOverTime> {
  const span = parseSpan(filter, now);
  const end = span.end ?? Math.max(now, span.start ?? 0) + 1;
  const start = span.start ?? Math.max(0, Math.min(firstSeen, end - HOUR));
  const buckets = bucketsOf(start, end);
  const conditions = matchConditions(filter, now);
  const asked: Asked = {
    db,
    buckets,
    issueId: filter.issueId,
    where: eventWhere({ ...filter, query: '', environments: [] }, now),
    matches: conditions.length === 0 ? null : sql`(${sql.join(conditions, sql` and `)})`,
  };
  const isWhole = span.start === null && span.end === null && buckets.intervalMs >= HOUR;
  const counted = (await hasUsers(db, filter.issueId)) ? await countUsers(asked) : await countEvents(asked, isWhole);
  return { start: buckets.start, end: buckets.end, intervalMs: buckets.intervalMs, ...counted };
}

type Asked = {
  db: Database;
  buckets: Buckets;
  issueId: number;
  where: RawBuilder<unknown>;
  matches: RawBuilder<unknown> | null;
};
type Both = { total: Counted; matching: Counted | null };

async function hasUsers(db: Database, issueId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from eventTag where issueId = ${issueId} and key = 'user' limit 1`.execute(db);
  return rows.length > 0;
}

/** @param isWhole all events of the issue are asked for, in buckets of whole hours: these are counted already */
async function countEvents({ db, buckets, issueId, where, matches }: Asked, isWhole: boolean): Promise<Both> {
  const counts = sql<{ bucket: number; events: number; matching: number }>`
    select ${bucketOf(sql`event.timestamp`, buckets)} as bucket, count(*) as events,
      ${matches ? sql`count(*) filter (where ${matches})` : sql`0`} as matching
    from event where ${where} group by 1`;
  const hours = sql<{ bucket: number; events: number; matching: number }>`
    select ${bucketOf(sql`hour`, buckets)} as bucket, sum(timesSeen) as events, 0 as matching
    from issueStat where issueId = ${issueId} group by 1`;
  const { rows } = await (isWhole && !matches ? hours : counts).execute(db);
  const both = emptyOf(buckets, matches !== null);
  for (const { bucket, events, matching } of rows) addEvents(both, bucket, events, matching);
  return both;
}

/**
 * Which user an event had, only `eventTag` tells, and when it was, only `event`: the index of each is read once, and the two
 * are joined here by the rows' ids. SQLite's own join of 100,000 events took 130 to 220 ms, with all other queries waiting.
 */
async function countUsers({ db, buckets, issueId, where, matches }: Asked): Promise<Both> {
  // The id of an event that matches is made negative: the condition is then evaluated once, not for two lists.
  const id = matches ? sql`case when ${matches} then -event.id else event.id end` : sql`event.id`;
  const times = sql<{ bucket: number; ids: string }>`
    select ${bucketOf(sql`event.timestamp`, buckets)} as bucket, json_group_array(${id}) as ids
    from event where ${where} group by 1`;
  const users = sql<{ ids: string }>`
    select json_group_array(eventRowId) as ids from eventTag where issueId = ${issueId} and key = 'user' group by value`;
  const [{ rows: bucketRows }, { rows: userRows }] = await Promise.all([times.execute(db), users.execute(db)]);
  const both = emptyOf(buckets, matches !== null);
  /** Of each event, twice its bucket, and one more if it matches. */
  const places = new Map<number, number>();
  for (const { bucket, ids: json } of bucketRows) {
    const ids = parseIds(json);
    let matching = 0;
    for (const id of ids) {
      places.set(Math.abs(id), id < 0 ? bucket * 2 + 1 : bucket * 2);
      if (id < 0) matching += 1;
    }
    addEvents(both, bucket, ids.length, matching);
  }
  const countTotal = createUserCount(both.total);
  const countMatching = both.matching && createUserCount(both.matching);
  for (const [user, { ids }] of userRows.entries()) {
    for (const id of parseIds(ids)) {
      const place = places.get(id);
      if (place === undefined) continue;
      countTotal(user, place >> 1);
      if (place & 1) countMatching?.(user, place >> 1);
    }
  }
  return both;
}

/** A time that clocks put outside of the span counts at its edge. */
function bucketOf(time: RawBuilder<unknown>, { start, intervalMs, count }: Buckets): RawBuilder<number> {
  // Numbers are bound as floating point, which would divide exactly.
  const bucket = sql`(${time} - ${sql.lit(start)}) / ${sql.lit(intervalMs)}`;
  return sql<number>`max(0, min(${sql.lit(count - 1)}, ${bucket}))`;
}

function emptyOf({ count }: Buckets, isFiltered: boolean): Both {
  const zeros = () => Array<number>(count).fill(0);
  const empty = (): Counted => ({ events: zeros(), users: zeros(), eventCount: 0, userCount: 0 });
  return { total: empty(), matching: isFiltered ? empty() : null };
}

function addEvents({ total, matching }: Both, bucket: number, events: number, matchingEvents: number): void {
  total.events[bucket] = (total.events[bucket] ?? 0) + events;
  total.eventCount += events;
  if (!matching) return;
  matching.events[bucket] = (matching.events[bucket] ?? 0) + matchingEvents;
  matching.eventCount += matchingEvents;
}

/** Users must come one after another, each by a number of its own. */
function createUserCount(counted: Counted): (user: number, bucket: number) => void {
  /** Who was counted last, in each bucket and at all. */
  const last = new Int32Array(counted.users.length).fill(-1);
  let lastUser = -1;
  return (user, bucket) => {
    if (lastUser !== user) counted.userCount += 1;
    lastUser = user;
    if (last[bucket] === user) return;
    last[bucket] = user;
    counted.users[bucket] = (counted.users[bucket] ?? 0) + 1;
  };
}

/** What SQLite made of whole numbers. */
function parseIds(json: string): number[] {
  const ids: unknown = JSON.parse(json);
  return Array.isArray(ids) ? ids : [];
}

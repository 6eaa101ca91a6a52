import { sql } from 'kysely';
import type { Database } from '../storage/tables.ts';
import type { EventFilter } from './event-filter.ts';
import { countOverTime, type EventsOverTime } from './events-over-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long a bucket is, and how many there are; the last one is the present. Days are UTC. */
const PERIODS = {
  '24h': { bucket: HOUR, count: 24 },
  '14d': { bucket: DAY, count: 14 },
  '30d': { bucket: DAY, count: 30 },
} as const;
export type StatsPeriod = keyof typeof PERIODS;
/** `[Unix seconds at the start of the bucket, events]`, oldest first, without gaps. */
type Series = [number, number][];

export function isStatsPeriod(text: unknown): text is StatsPeriod {
  return typeof text === 'string' && Object.hasOwn(PERIODS, text);
}

/** Counts over time. */
export interface Tsdb {
  /** Of each issue asked for, in one query; an issue without events has zeros. */
  counts(issueIds: readonly number[], period: StatsPeriod): Promise<Map<number, Series>>;
  /** Events of each issue since `since` (Unix ms, counted from the start of its hour). */
  totals(issueIds: readonly number[], since: number): Promise<Map<number, number>>;
  /**
   * Events and users of one issue in 24 to 100 buckets. @param firstSeen where a span that says no start begins (Unix ms)
   * @throws {BadRequestError} the query or the span cannot be read
   */
  overTime(filter: EventFilter, firstSeen: number): Promise<EventsOverTime>;
}

export function createSqlTsdb(db: Database, options: { now?: () => number } = {}): Tsdb {
  const now = options.now ?? Date.now;
  return {
    async counts(issueIds, period) {
      const { bucket, count } = PERIODS[period];
      const last = floorTo(now(), bucket);
      const starts = Array.from({ length: count }, (_, index) => last - (count - 1 - index) * bucket);
      const [first = last] = starts;
      const counted = new Map<number, Map<number, number>>(issueIds.map((id) => [id, new Map()]));
      if (issueIds.length > 0) {
        const { rows } = await sql<{ issueId: number; start: number; total: number }>`
          select issueId, hour - hour % ${sql.lit(bucket)} as start, sum(timesSeen) as total from issueStat
          where issueId in (${sql.join([...issueIds])}) and hour >= ${first} and hour < ${last + bucket}
          group by issueId, start`.execute(db);
        for (const { issueId, start, total } of rows) counted.get(issueId)?.set(start, total);
      }
      return new Map(
        [...counted].map(([id, totals]) => [id, starts.map((start) => [start / 1_000, totals.get(start) ?? 0])]),
      );
    },

    async totals(issueIds, since) {
      if (issueIds.length === 0) return new Map();
      const { rows } = await sql<{ issueId: number; total: number }>`
        select issueId, sum(timesSeen) as total from issueStat
        where issueId in (${sql.join([...issueIds])}) and hour >= ${floorTo(since, HOUR)} group by issueId`.execute(db);
      return new Map(rows.map(({ issueId, total }) => [issueId, total]));
    },

    overTime: async (filter, firstSeen) => countOverTime(db, filter, firstSeen, now()),
  };
}

function floorTo(time: number, size: number): number {
  return time - (time % size);
}

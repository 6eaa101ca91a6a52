import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import type { Database } from '../storage/tables.ts';
import { type Page, parseCursor, toPage } from './cursor.ts';
import { type EventFilter, eventWhere, matchConditions } from './event-filter.ts';
import { type EventPosition, eventAt, type Neighbours, neighboursOf } from './event-position.ts';
import type { Condition } from './search-condition.ts';
import { issueCondition, issueTag } from './search-issues.ts';
import { parsePeriod, parseSearchQuery, type SearchValue } from './search-query.ts';

export type IssueSearch = {
  /** What the caller may see. */
  projectIds: readonly number[];
  query: string;
  /** `date` (last seen), `new` (first seen), `freq`, `user`; Sentry's own others count as `date`. */
  sort?: string | undefined;
  /** `14d`: only issues with an event in that time; `freq` counts in it. */
  statsPeriod?: string | undefined;
  environments?: readonly string[] | undefined;
  /** Who asks, which is what `me` means; null for nobody of the users. */
  userId?: number | null | undefined;
  cursor?: string | undefined;
  limit: number;
};
type EventSearch = EventFilter & {
  /** `-timestamp` is newest first, as without it; `timestamp` oldest first. */
  sort?: 'timestamp' | '-timestamp' | undefined;
  cursor?: string | undefined;
  limit: number;
};

/**
 * Finds ids; the stores have the rows. `hits` counts up to 1,000, as Sentry does, and up to 100,000 where no row need be
 * read for it. All throw BadRequestError when the query, sort, span or cursor cannot be read; the message says what is wrong.
 */
export interface Search {
  issues(search: IssueSearch): Promise<Page<number>>;
  /** Events of one issue. */
  events(search: EventSearch): Promise<Page<number>>;
  /** The row's id of an event among those of the filter; null when there are none. */
  event(filter: EventFilter, position: EventPosition): Promise<number | null>;
  /** Those before and after an event, among those of the filter; the event itself need not be one. */
  neighbours(filter: EventFilter, event: { timestamp: number; id: number }): Promise<Neighbours>;
}

const MAX_HITS = 1_000;
/** The index alone is read: some ten milliseconds. */
const MAX_INDEX_HITS = 100_000;

export function createSqlSearch(db: Database, options: { now?: () => number } = {}): Search {
  const now = options.now ?? Date.now;

  /**
   * @param from everything behind `select`: a table and its condition; the sort value is a whole number, the greatest
   *   first unless `ascending`
   */
  async function page(
    from: { table: RawBuilder<unknown>; where: Condition; sort: RawBuilder<unknown>; ascending?: boolean },
    limit: number,
    cursorText: string | undefined,
    maxHits = MAX_HITS,
  ) {
    const cursor = parseCursor(cursorText);
    const upwards = (cursor?.isPrevious ?? false) !== (from.ascending ?? false);
    const sign = sql.raw(upwards ? '>' : '<');
    const order = sql.raw(upwards ? 'asc' : 'desc');
    const place = cursor
      ? sql<SqlBool>`(value, id) ${sign} (${cursor.value}, ${Number(cursor.id) || 0})`
      : sql<SqlBool>`1 = 1`;
    const found = sql<{ id: number; value: number }>`
      select id, value from (select id, ${from.sort} as value from ${from.table} where ${from.where})
      where ${place} order by value ${order}, id ${order} limit ${limit + 1}`.execute(db);
    const counted = sql<{ hits: number }>`
      select count(*) as hits from (select 1 from ${from.table} where ${from.where} limit ${maxHits})`.execute(db);
    const [{ rows }, { rows: counts }] = await Promise.all([found, counted]);
    const { items, ...links } = toPage(rows, limit, cursor, (row) => row, counts[0]?.hits ?? 0);
    return { ...links, items: items.map(({ id }) => id) };
  }

  return {
    async issues(search) {
      const since = search.statsPeriod ? now() - parsePeriod(search.statsPeriod) : null;
      const conditions = parseSearchQuery(search.query).map((term) =>
        issueCondition(term, { now: now(), userId: search.userId ?? null }),
      );
      const where = and([
        sql`issue.projectId in (${sql.join(search.projectIds.map((id) => sql`${id}`))})`,
        ...(since === null ? [] : [sql<SqlBool>`issue.lastSeen >= ${since}`]),
        ...environmentsOf(search.environments, (values) => issueTag('environment', values)),
        ...conditions,
      ]);
      return page({ table: sql`issue`, where, sort: issueSort(search.sort, since) }, search.limit, search.cursor);
    },

    async events(search) {
      const where = eventWhere(search, now());
      const maxHits = matchConditions(search, now()).length === 0 ? MAX_INDEX_HITS : MAX_HITS;
      const ascending = search.sort === 'timestamp';
      const from = { table: sql`event`, where, sort: sql`event.timestamp`, ascending };
      return page(from, search.limit, search.cursor, maxHits);
    },

    event: async (filter, position) => eventAt(db, eventWhere(filter, now()), position),
    neighbours: async (filter, event) => neighboursOf(db, eventWhere(filter, now()), event),
  };
}

const SORTS = ['date', 'new', 'freq', 'user', 'inbox', 'trends', 'recommended', 'betterPriority', 'priority'];

function issueSort(sort = 'date', since: number | null): RawBuilder<unknown> {
  if (!SORTS.includes(sort))
    throw new BadRequestError(`sort "${sort.slice(0, 40)}" is unknown. Use date, new, freq or user.`);
  if (sort === 'new') return sql`issue.firstSeen`;
  if (sort === 'user') return sql`issue.userCount`;
  if (sort !== 'freq') return sql`issue.lastSeen`;
  if (since === null) return sql`issue.timesSeen`;
  return sql`(select coalesce(sum(issueStat.timesSeen), 0) from issueStat
    where issueStat.issueId = issue.id and issueStat.hour >= ${since - (since % HOUR)})`;
}
const HOUR = 3_600_000;

function environmentsOf(
  environments: readonly string[] | undefined,
  make: (values: SearchValue[]) => Condition,
): Condition[] {
  return environments?.length ? [make(environments.map((text) => ({ text, isPattern: false })))] : [];
}

const and = (conditions: Condition[]): Condition => sql`${sql.join(conditions, sql` and `)}`;

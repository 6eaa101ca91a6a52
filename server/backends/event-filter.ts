import { type SqlBool, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import { type Condition, parseDate } from './search-condition.ts';
import { eventCondition, eventTag } from './search-events.ts';
import { parsePeriod, parseSearchQuery, type SearchTerm } from './search-query.ts';

/** Which events of an issue: all that the page's filter says. Texts are as the caller wrote them; empty is absent. */
export type EventFilter = EventSpan & {
  issueId: number;
  query?: string | undefined;
  /** One of these. */
  environments?: readonly string[] | undefined;
};
export type EventSpan = {
  /** `14d`: up to now. */
  statsPeriod?: string | undefined;
  /** ISO 8601 (UTC unless it says otherwise) or Unix seconds; `start` belongs to the span, `end` does not. */
  start?: string | undefined;
  end?: string | undefined;
};

/** Of an absolute span; what lies outside is a slip of the keyboard, or seconds that are milliseconds. */
const FIRST_YEAR = Date.UTC(1970, 0);
const LAST_YEAR = Date.UTC(2100, 0);

/**
 * @returns Unix milliseconds; null where the span is open
 * @throws {BadRequestError} a time cannot be read, both kinds of span are given, or it ends before it starts
 */
export function parseSpan({ statsPeriod, start, end }: EventSpan, now: number) {
  if (statsPeriod && (start || end)) throw new BadRequestError('Give either statsPeriod or start and end, not both.');
  if (statsPeriod) return { start: Math.max(now - parsePeriod(statsPeriod), 0), end: null };
  const span = { start: parseTime('start', start), end: parseTime('end', end) };
  if (span.start !== null && span.end !== null && span.start >= span.end)
    throw new BadRequestError('start must be before end.');
  return span;
}

function parseTime(name: string, text: string | undefined): number | null {
  if (!text) return null;
  const time = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1_000) : parseDate(text);
  if (time >= FIRST_YEAR && time < LAST_YEAR) return time;
  throw new BadRequestError(
    `${name} "${text.slice(0, 40)}" is no time. Write 2026-01-31T12:00:00Z, or seconds since 1970.`,
  );
}

/** @throws {BadRequestError} the query or the span cannot be read; the message says what is wrong */
export function eventWhere(filter: EventFilter, now: number): Condition {
  const { start, end } = parseSpan(filter, now);
  const conditions = [
    sql<SqlBool>`event.issueId = ${filter.issueId}`,
    ...(start === null ? [] : [sql<SqlBool>`event.timestamp >= ${start}`]),
    ...(end === null ? [] : [sql<SqlBool>`event.timestamp < ${end}`]),
    ...matchConditions(filter, now),
  ];
  return sql`${sql.join(conditions, sql` and `)}`;
}

/** What the filter asks of an event itself, wherever and whenever it was: empty when it asks nothing. */
export function matchConditions({ issueId, query, environments }: EventFilter, now: number): Condition[] {
  return [
    ...(environments?.length ? [eventTag(issueId, 'environment', environments.map(exactly))] : []),
    ...byCost(parseSearchQuery(query ?? '')).map((term) => eventCondition(term, issueId, now)),
  ];
}

const exactly = (text: string) => ({ text, isPattern: false });

/** Text is sought in the rows themselves; what a tag rules out before need not be read. */
const byCost = (terms: SearchTerm[]) => terms.toSorted((a, b) => Number(a.kind === 'text') - Number(b.kind === 'text'));

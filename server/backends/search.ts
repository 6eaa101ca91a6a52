import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import { parseShortId } from '../storage/issues.ts';
import type { Database } from '../storage/tables.ts';
import { type Page, parseCursor, toPage } from './cursor.ts';
import { parsePeriod, parseSearchQuery, type SearchTerm, type SearchValue } from './search-query.ts';

export type IssueSearch = {
  /** What the caller may see. */
  projectIds: readonly number[];
  query: string;
  /** `date` (last seen), `new` (first seen), `freq`, `user`; Sentry's own others count as `date`. */
  sort?: string | undefined;
  /** `14d`: only issues with an event in that time; `freq` counts in it. */
  statsPeriod?: string | undefined;
  environments?: readonly string[] | undefined;
  cursor?: string | undefined;
  limit: number;
};
export type EventSearch = {
  issueId: number;
  query: string;
  statsPeriod?: string | undefined;
  environments?: readonly string[] | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** Finds ids; the stores have the rows. `hits` counts up to 1,000, as Sentry does. */
export interface Search {
  /** @throws {BadRequestError} the query, sort, period or cursor cannot be read; the message says what is wrong */
  issues(search: IssueSearch): Promise<Page<number>>;
  /** Events of one issue, newest first. */
  events(search: EventSearch): Promise<Page<number>>;
}

type Condition = RawBuilder<SqlBool>;
const MAX_HITS = 1_000;

export function createSqlSearch(db: Database, options: { now?: () => number } = {}): Search {
  const now = options.now ?? Date.now;

  /** @param from everything behind `select`: a table and its condition; the sort value is a whole number */
  async function page(
    from: { table: RawBuilder<unknown>; where: Condition; sort: RawBuilder<unknown> },
    limit: number,
    cursorText: string | undefined,
  ) {
    const cursor = parseCursor(cursorText);
    const backwards = cursor?.isPrevious ?? false;
    const sign = sql.raw(backwards ? '>' : '<');
    const order = sql.raw(backwards ? 'asc' : 'desc');
    const place = cursor
      ? sql<SqlBool>`(value, id) ${sign} (${cursor.value}, ${Number(cursor.id) || 0})`
      : sql<SqlBool>`1 = 1`;
    const found = sql<{ id: number; value: number }>`
      select id, value from (select id, ${from.sort} as value from ${from.table} where ${from.where})
      where ${place} order by value ${order}, id ${order} limit ${limit + 1}`.execute(db);
    const counted = sql<{ hits: number }>`
      select count(*) as hits from (select 1 from ${from.table} where ${from.where} limit ${MAX_HITS})`.execute(db);
    const [{ rows }, { rows: counts }] = await Promise.all([found, counted]);
    const { items, ...links } = toPage(rows, limit, cursor, (row) => row, counts[0]?.hits ?? 0);
    return { ...links, items: items.map(({ id }) => id) };
  }

  return {
    async issues(search) {
      const since = search.statsPeriod ? now() - parsePeriod(search.statsPeriod) : null;
      const conditions = parseSearchQuery(search.query).map((term) => issueCondition(term, now()));
      const where = and([
        sql`issue.projectId in (${sql.join(search.projectIds.map((id) => sql`${id}`))})`,
        ...(since === null ? [] : [sql<SqlBool>`issue.lastSeen >= ${since}`]),
        ...environmentsOf(search.environments, (values) => issueTag('environment', values)),
        ...conditions,
      ]);
      return page({ table: sql`issue`, where, sort: issueSort(search.sort, since) }, search.limit, search.cursor);
    },

    async events(search) {
      const since = search.statsPeriod ? now() - parsePeriod(search.statsPeriod) : null;
      const where = and([
        sql`event.issueId = ${search.issueId}`,
        ...(since === null ? [] : [sql<SqlBool>`event.timestamp >= ${since}`]),
        ...environmentsOf(search.environments, (values) => anyOf(sql`event.environment`, values)),
        ...parseSearchQuery(search.query).map((term) => eventCondition(term, now())),
      ]);
      return page({ table: sql`event`, where, sort: sql`event.timestamp` }, search.limit, search.cursor);
    },
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

const IS: Record<string, Condition> = {
  unresolved: sql`issue.status = 'unresolved'`,
  resolved: sql`issue.status = 'resolved'`,
  ignored: sql`issue.status = 'ignored'`,
  archived: sql`issue.status = 'ignored'`,
  unhandled: sql`issue.isUnhandled = 1`,
  handled: sql`issue.isUnhandled = 0`,
  bookmarked: sql`issue.isBookmarked = 1`,
  new: sql`issue.substatus = 'new'`,
  ongoing: sql`issue.substatus = 'ongoing'`,
  regressed: sql`issue.substatus = 'regressed'`,
};

const ISSUE_NUMBERS: Record<string, RawBuilder<unknown>> = {
  timesSeen: sql`issue.timesSeen`,
  times_seen: sql`issue.timesSeen`,
  userCount: sql`issue.userCount`,
  users_seen: sql`issue.userCount`,
};
const ISSUE_TIMES: Record<string, RawBuilder<unknown>> = {
  firstSeen: sql`issue.firstSeen`,
  first_seen: sql`issue.firstSeen`,
  age: sql`issue.firstSeen`,
  lastSeen: sql`issue.lastSeen`,
  last_seen: sql`issue.lastSeen`,
};
const ISSUE_TEXTS: Record<string, RawBuilder<unknown>> = {
  level: sql`issue.level`,
  title: sql`issue.title`,
  culprit: sql`issue.culprit`,
  location: sql`issue.location`,
  platform: sql`issue.platform`,
  'platform.name': sql`issue.platform`,
  logger: sql`issue.logger`,
  firstRelease: sql`issue.firstRelease`,
  'error.type': sql`json_extract(issue.metadata, '$.type')`,
  'error.value': sql`json_extract(issue.metadata, '$.value')`,
  project: sql`(select slug from project where project.id = issue.projectId)`,
};

function issueCondition(term: SearchTerm, now: number): Condition {
  if (term.kind === 'text') return unless(term.negated, issueText(term.text));
  const { key, values } = term;
  if (key === 'is') return unless(term.negated, or(values.map(({ text }) => known(IS, text, 'is'))));
  if (key === 'has') return unless(term.negated, or(values.map(({ text }) => hasIssueTag(text))));
  if (key === 'message') return unless(term.negated, or(values.map(({ text }) => issueText(text.replaceAll('*', '')))));
  if (key === 'issue' || key === 'issue.id') return unless(term.negated, or(values.map(({ text }) => issueId(text))));
  if (key === 'error.unhandled')
    return unless(term.negated !== (values[0]?.text === 'false'), known(IS, 'unhandled', 'is'));
  const compared = comparison(term, ISSUE_NUMBERS, ISSUE_TIMES, now);
  if (compared) return unless(term.negated, compared);
  const column = Object.hasOwn(ISSUE_TEXTS, key) ? ISSUE_TEXTS[key] : undefined;
  if (column) return unless(term.negated, anyOf(column, values));
  const tag = toTag(key, values);
  return unless(term.negated, issueTag(tag.key, tag.values));
}

/** By short id, as in CHECKOUT-12, or by number. */
function issueId(text: string): Condition {
  if (/^\d{1,15}$/.test(text)) return sql`issue.id = ${Number(text)}`;
  const parsed = parseShortId(text);
  if (!parsed) throw new BadRequestError(`"${text.slice(0, 40)}" is no issue. Write issue:CHECKOUT-12 or its number.`);
  return sql`issue.number = ${parsed.number} and issue.projectId = (select id from project where slug = ${parsed.slug})`;
}

/** A scan with LIKE: 50,000 issues take some 20 ms, where an index of trigrams would slow every write of digest. */
function issueText(text: string): Condition {
  const pattern = contains(text);
  // Metadata is stored as JSON, in which quotes and line breaks are escaped.
  const inJson = contains(JSON.stringify(text).slice(1, -1));
  return sql`(issue.title like ${pattern} escape '\\' or issue.culprit like ${pattern} escape '\\'
    or issue.metadata like ${inJson} escape '\\')`;
}

function issueTag(key: string, values: readonly SearchValue[]): Condition {
  if (isEmpty(values)) return not(hasIssueTag(key));
  return sql`exists (select 1 from issueTag where issueTag.issueId = issue.id and issueTag.key = ${key}
    and ${anyOf(sql`issueTag.value`, values)})`;
}

function hasIssueTag(key: string): Condition {
  return sql`exists (select 1 from issueTag where issueTag.issueId = issue.id and issueTag.key = ${key})`;
}

const EVENT_TIMES: Record<string, RawBuilder<unknown>> = {
  timestamp: sql`event.timestamp`,
  age: sql`event.timestamp`,
};
const EVENT_TEXTS: Record<string, RawBuilder<unknown>> = {
  id: sql`event.eventId`,
  level: sql`event.level`,
  title: sql`event.title`,
  culprit: sql`event.culprit`,
  location: sql`event.location`,
  platform: sql`event.platform`,
  'platform.name': sql`event.platform`,
  release: sql`event.release`,
  environment: sql`event.environment`,
};

function eventCondition(term: SearchTerm, now: number): Condition {
  if (term.kind === 'text') return unless(term.negated, eventText(term.text));
  const { key, values } = term;
  if (key === 'is') throw new BadRequestError('"is:" is about issues, and these are the events of one. Leave it out.');
  if (key === 'has') return unless(term.negated, or(values.map(({ text }) => hasEventTag(text))));
  if (key === 'message') return unless(term.negated, or(values.map(({ text }) => eventText(text.replaceAll('*', '')))));
  const compared = comparison(term, {}, EVENT_TIMES, now);
  if (compared) return unless(term.negated, compared);
  const column = Object.hasOwn(EVENT_TEXTS, key) ? EVENT_TEXTS[key] : undefined;
  if (column) return unless(term.negated, isEmpty(values) ? sql`${column} is null` : anyOf(column, values));
  const tag = toTag(key, values);
  if (isEmpty(tag.values)) return unless(term.negated, not(hasEventTag(tag.key)));
  return unless(
    term.negated,
    sql`exists (select 1 from eventTag where eventTag.issueId = event.issueId and eventTag.key = ${tag.key}
      and ${anyOf(sql`eventTag.value`, tag.values)} and eventTag.eventRowId = event.id)`,
  );
}

function eventText(text: string): Condition {
  const pattern = contains(text);
  // An id may be pasted, with its dashes or cut short as the page shows it.
  const id = `${text.replaceAll('-', '').toLowerCase()}%`;
  return sql`(event.title like ${pattern} escape '\\' or event.message like ${pattern} escape '\\'
    or event.culprit like ${pattern} escape '\\' or ${/^[0-9a-f-]{8,36}$/i.test(text) ? sql`event.eventId like ${id}` : sql`1 = 0`})`;
}

function hasEventTag(key: string): Condition {
  return sql`exists (select 1 from eventTag where eventTag.issueId = event.issueId and eventTag.key = ${key}
    and eventTag.eventRowId = event.id)`;
}

/** Null when the key is neither a number nor a time. */
function comparison(
  { key, operator, values }: Extract<SearchTerm, { kind: 'filter' }>,
  numbers: Record<string, RawBuilder<unknown>>,
  times: Record<string, RawBuilder<unknown>>,
  now: number,
): Condition | null {
  const number = Object.hasOwn(numbers, key) ? numbers[key] : undefined;
  const time = Object.hasOwn(times, key) ? times[key] : undefined;
  if (number) {
    return or(
      values.map(({ text }) => {
        if (!/^\d{1,15}$/.test(text))
          throw new BadRequestError(`${key} is a number: write ${key}:>10, not ${key}:${text.slice(0, 40)}.`);
        return sql<SqlBool>`${number} ${sql.raw(operator)} ${Number(text)}`;
      }),
    );
  }
  return time ? or(values.map(({ text }) => timeCondition(key, time, operator, text, now))) : null;
}

/** `-24h`: within the last 24 hours; `+24h`: before that; `>2026-01-31` or `<=2026-01-31T12:00:00Z`; a bare day: on that day (UTC). */
function timeCondition(key: string, time: RawBuilder<unknown>, operator: string, text: string, now: number): Condition {
  const relative = /^([+-])(.*)$/.exec(text);
  if (relative) {
    const limit = now - parsePeriod(relative[2] ?? '', key);
    return relative[1] === '-' ? sql`${time} >= ${limit}` : sql`${time} <= ${limit}`;
  }
  const date = /^\d{4}-\d\d-\d\d(T[\d:.]{5,12}(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(withZone(text))
    : Number.NaN;
  if (Number.isNaN(date)) {
    throw new BadRequestError(
      `${key}:${text.slice(0, 40)} is no time. Write ${key}:-24h (within), ${key}:+7d (before) or ${key}:>2026-01-31.`,
    );
  }
  if (operator === '=') return sql`${time} >= ${date} and ${time} < ${date + (text.length === 10 ? 24 * HOUR : 1_000)}`;
  return sql`${time} ${sql.raw(operator)} ${date}`;
}

function withZone(text: string): string {
  return text.length === 10 || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
}

/** `user.id:7` is the tag `user` with the value `id:7`. */
function toTag(key: string, values: readonly SearchValue[]): { key: string; values: readonly SearchValue[] } {
  const part = /^user\.(id|email|username|ip)$/.exec(key)?.[1];
  if (!part || isEmpty(values)) return { key, values };
  return { key: 'user', values: values.map(({ text, isPattern }) => ({ text: `${part}:${text}`, isPattern })) };
}

/** `key:""` asks for what has no value. */
function isEmpty(values: readonly SearchValue[]): boolean {
  return values.length === 1 && values[0]?.text === '';
}

/** Exact, or by pattern; then without regard to case. Nothing is compared with null, so that a negation includes it. */
function anyOf(column: RawBuilder<unknown>, values: readonly SearchValue[]): Condition {
  return or(
    values.map(({ text, isPattern }) =>
      isPattern
        ? sql<SqlBool>`coalesce(${column}, '') like ${text.split('*').map(escapeLike).join('%')} escape '\\'`
        : sql<SqlBool>`coalesce(${column}, '') = ${text}`,
    ),
  );
}

function environmentsOf(
  environments: readonly string[] | undefined,
  make: (values: SearchValue[]) => Condition,
): Condition[] {
  return environments?.length ? [make(environments.map((text) => ({ text, isPattern: false })))] : [];
}

function known(conditions: Record<string, Condition>, name: string, key: string): Condition {
  const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (condition) return condition;
  throw new BadRequestError(
    `${key}:${name.slice(0, 40)} is unknown. Use one of: ${Object.keys(conditions).join(', ')}.`,
  );
}

const contains = (text: string) => `%${escapeLike(text)}%`;
const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');
const not = (condition: Condition): Condition => sql`not (${condition})`;
const unless = (negated: boolean, condition: Condition): Condition => (negated ? not(condition) : sql`(${condition})`);
const and = (conditions: Condition[]): Condition => sql`${sql.join(conditions, sql` and `)}`;
const or = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;

import { type RawBuilder, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import { anyOf, type Condition, comparison, contains, isEmpty, not, or, toTag, unless } from './search-condition.ts';
import type { SearchTerm, SearchValue } from './search-query.ts';

const EVENT_TIMES: Record<string, RawBuilder<unknown>> = {
  timestamp: sql`event.timestamp`,
  age: sql`event.timestamp`,
};
/** What is no tag. Those that are both (level, release, environment) are sought as tags, for which no row need be read. */
const EVENT_TEXTS: Record<string, RawBuilder<unknown>> = {
  id: sql`event.eventId`,
  title: sql`event.title`,
  culprit: sql`event.culprit`,
  location: sql`event.location`,
  platform: sql`event.platform`,
  'platform.name': sql`event.platform`,
};

/**
 * A term as a condition on rows of `event`, of one issue. Tags are found by a list of rows: asked row by row, SQLite
 * chose to go through all of the issue's tags for each.
 * @throws {BadRequestError} a value that the key does not take
 */
export function eventCondition(term: SearchTerm, issueId: number, now: number): Condition {
  if (term.kind === 'text') return unless(term.negated, eventText(term.text));
  const { key, values } = term;
  if (key === 'is') throw new BadRequestError('"is:" is about issues, and these are the events of one. Leave it out.');
  if (key === 'has') return unless(term.negated, or(values.map(({ text }) => hasEventTag(issueId, text))));
  if (key === 'message') return unless(term.negated, or(values.map(({ text }) => eventText(text.replaceAll('*', '')))));
  const compared = comparison(term, {}, EVENT_TIMES, now);
  if (compared) return unless(term.negated, compared);
  const column = Object.hasOwn(EVENT_TEXTS, key) ? EVENT_TEXTS[key] : undefined;
  if (column) return unless(term.negated, isEmpty(values) ? sql`${column} is null` : anyOf(column, values));
  const tag = toTag(key, values);
  if (isEmpty(tag.values)) return unless(term.negated, not(hasEventTag(issueId, tag.key)));
  return unless(term.negated, eventTag(issueId, tag.key, tag.values));
}

/** Has the tag with one of the values. */
export function eventTag(issueId: number, key: string, values: readonly SearchValue[]): Condition {
  return sql`event.id in (select eventRowId from eventTag where issueId = ${issueId} and key = ${key}
    and ${anyOf(sql`eventTag.value`, values)})`;
}

function eventText(text: string): Condition {
  const pattern = contains(text);
  // An id may be pasted, with its dashes or cut short as the page shows it.
  const id = `${text.replaceAll('-', '').toLowerCase()}%`;
  return sql`(event.title like ${pattern} escape '\\' or event.message like ${pattern} escape '\\'
    or event.culprit like ${pattern} escape '\\' or ${/^[0-9a-f-]{8,36}$/i.test(text) ? sql`event.eventId like ${id}` : sql`1 = 0`})`;
}

function hasEventTag(issueId: number, key: string): Condition {
  return sql`event.id in (select eventRowId from eventTag where issueId = ${issueId} and key = ${key})`;
}

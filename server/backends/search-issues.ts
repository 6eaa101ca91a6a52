import { type RawBuilder, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import { parseShortId } from '../storage/issues.ts';
import {
  anyOf,
  type Condition,
  comparison,
  contains,
  isEmpty,
  known,
  not,
  or,
  toTag,
  unless,
} from './search-condition.ts';
import type { SearchTerm, SearchValue } from './search-query.ts';

/** `userId` is who asks; null for nobody of the users. `now` is Unix milliseconds. */
type Asking = { now: number; userId: number | null };

const IS: Record<string, Condition> = {
  unresolved: sql`issue.status = 'unresolved'`,
  resolved: sql`issue.status = 'resolved'`,
  ignored: sql`issue.status = 'ignored'`,
  archived: sql`issue.status = 'ignored'`,
  unhandled: sql`issue.isUnhandled = 1`,
  handled: sql`issue.isUnhandled = 0`,
  bookmarked: sql`issue.isBookmarked = 1`,
  assigned: sql`issue.assigneeId is not null`,
  unassigned: sql`issue.assigneeId is null`,
  new: sql`issue.substatus = 'new'`,
  ongoing: sql`issue.substatus = 'ongoing'`,
  regressed: sql`issue.substatus = 'regressed'`,
};

const PRIORITIES: Record<string, Condition> = {
  high: sql`issue.priority = 'high'`,
  medium: sql`issue.priority = 'medium'`,
  low: sql`issue.priority = 'low'`,
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
  'first-release': sql`issue.firstRelease`,
  'error.type': sql`json_extract(issue.metadata, '$.type')`,
  'error.value': sql`json_extract(issue.metadata, '$.value')`,
  project: sql`(select slug from project where project.id = issue.projectId)`,
};

/** A term as a condition on rows of `issue`. @throws {BadRequestError} a value that the key does not take */
export function issueCondition(term: SearchTerm, { now, userId }: Asking): Condition {
  if (term.kind === 'text') return unless(term.negated, issueText(term.text));
  const { key, values } = term;
  if (key === 'is') return unless(term.negated, or(values.map(({ text }) => known(IS, text, 'is'))));
  if (key === 'has') return unless(term.negated, or(values.map(({ text }) => hasIssueTag(text))));
  if (key === 'message') return unless(term.negated, or(values.map(({ text }) => issueText(text.replaceAll('*', '')))));
  if (key === 'issue' || key === 'issue.id') return unless(term.negated, or(values.map(({ text }) => issueId(text))));
  if (key === 'error.unhandled')
    return unless(term.negated !== (values[0]?.text === 'false'), known(IS, 'unhandled', 'is'));
  if (key === 'priority' || key === 'issue.priority')
    return unless(term.negated, or(values.map(({ text }) => known(PRIORITIES, text, key))));
  if (key === 'assigned' || key === 'assigned_to')
    return unless(term.negated, or(values.map(({ text }) => assignedTo(text, userId))));
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

/** `me`, `none`, or a user's name or e-mail address. */
function assignedTo(text: string, userId: number | null): Condition {
  if (text === 'none' || text === '') return sql`issue.assigneeId is null`;
  if (text !== 'me') return sql`issue.assigneeId in (select id from user where username = ${text} or email = ${text})`;
  if (userId !== null) return sql`issue.assigneeId = ${userId}`;
  throw new BadRequestError(
    'assigned:me is for users, and you are none yet. Write assigned:<user name> or assigned:none.',
  );
}

/** A scan with LIKE: 50,000 issues take 50 to 100 ms, where an index of trigrams would slow every write of digest. */
function issueText(text: string): Condition {
  const pattern = contains(text);
  // Metadata is stored as JSON, in which quotes and line breaks are escaped.
  const inJson = contains(JSON.stringify(text).slice(1, -1));
  return sql`(issue.title like ${pattern} escape '\\' or issue.culprit like ${pattern} escape '\\'
    or issue.metadata like ${inJson} escape '\\')`;
}

/** Issues that have had an event with one of these values. */
export function issueTag(key: string, values: readonly SearchValue[]): Condition {
  if (isEmpty(values)) return not(hasIssueTag(key));
  return sql`issue.id in (select issueId from issueTag where key = ${key} and ${anyOf(sql`issueTag.value`, values)})`;
}

function hasIssueTag(key: string): Condition {
  return sql`issue.id in (select issueId from issueTag where key = ${key})`;
}

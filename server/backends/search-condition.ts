import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { BadRequestError } from '../protocol/errors.ts';
import { parsePeriod, type SearchTerm, type SearchValue } from './search-query.ts';

/** A piece of SQL that is true for what is sought; values are always parameters of it. */
export type Condition = RawBuilder<SqlBool>;
const HOUR = 3_600_000;

/** Null when the key is neither a number nor a time. */
export function comparison(
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
  const date = parseDate(text);
  if (Number.isNaN(date)) {
    throw new BadRequestError(
      `${key}:${text.slice(0, 40)} is no time. Write ${key}:-24h (within), ${key}:+7d (before) or ${key}:>2026-01-31.`,
    );
  }
  if (operator === '=') return sql`${time} >= ${date} and ${time} < ${date + (text.length === 10 ? 24 * HOUR : 1_000)}`;
  return sql`${time} ${sql.raw(operator)} ${date}`;
}

/** `2026-01-31`, with a time or without; UTC unless it says otherwise. @returns Unix milliseconds, NaN when it is none */
export function parseDate(text: string): number {
  const zone = /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,16}(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!zone) return Number.NaN;
  return Date.parse(text.length === 10 || zone[1] ? text : `${text}Z`);
}

/** `user.id:7` is the tag `user` with the value `id:7`. */
export function toTag(key: string, values: readonly SearchValue[]): { key: string; values: readonly SearchValue[] } {
  const part = /^user\.(id|email|username|ip)$/.exec(key)?.[1];
  if (!part || isEmpty(values)) return { key, values };
  return { key: 'user', values: values.map(({ text, isPattern }) => ({ text: `${part}:${text}`, isPattern })) };
}

/** `key:""` asks for what has no value. */
export function isEmpty(values: readonly SearchValue[]): boolean {
  return values.length === 1 && values[0]?.text === '';
}

/** Exact, or by pattern; then without regard to case. A null is no match, also not for a negation, which includes it. */
export function anyOf(column: RawBuilder<unknown>, values: readonly SearchValue[]): Condition {
  return or(
    values.map(({ text, isPattern }) =>
      isPattern
        ? sql<SqlBool>`${column} like ${text.split('*').map(escapeLike).join('%')} escape '\\'`
        : sql<SqlBool>`${column} = ${text}`,
    ),
  );
}

export function known(conditions: Record<string, Condition>, name: string, key: string): Condition {
  const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (condition) return condition;
  throw new BadRequestError(
    `${key}:${name.slice(0, 40)} is unknown. Use one of: ${Object.keys(conditions).join(', ')}.`,
  );
}

export const contains = (text: string) => `%${escapeLike(text)}%`;
const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');
/** What is neither true nor false, as a comparison with null, counts as false. */
export const not = (condition: Condition): Condition => sql`(${condition}) is not true`;
export const unless = (negated: boolean, condition: Condition): Condition =>
  negated ? not(condition) : sql`(${condition})`;
export const or = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;

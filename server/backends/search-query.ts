import { BadRequestError } from '../protocol/errors.ts';

/**
 * One term of Sentry's query language. `text` is free text; a filter matches when any of its values does. A value with
 * `*` is a pattern, unless it was quoted.
 */
export type SearchTerm =
  | { kind: 'text'; negated: boolean; text: string }
  | { kind: 'filter'; negated: boolean; key: string; operator: Operator; values: SearchValue[] };
type Operator = '=' | '>' | '>=' | '<' | '<=';
export type SearchValue = { text: string; isPattern: boolean };

const MAX_LENGTH = 4_000;
const MAX_TERMS = 50;
const MAX_VALUES = 100;

/**
 * Reads `is:unresolved level:[error, fatal] !browser:"Edge 12" timesSeen:>10 charge failed`.
 *
 * @throws {BadRequestError} an open quote or bracket, a filter without a value, AND, OR or parentheses, or too long.
 *   Free text may have brackets and quotes within its words, as pasted titles do
 */
export function parseSearchQuery(query: string): SearchTerm[] {
  if (query.length > MAX_LENGTH) throw new BadRequestError(`The query is longer than ${MAX_LENGTH} characters.`);
  const terms: SearchTerm[] = [];
  let rest = query.trimStart();
  while (rest !== '') {
    if (terms.length === MAX_TERMS) throw new BadRequestError(`The query has more than ${MAX_TERMS} terms.`);
    const { term, length } = readTerm(rest);
    terms.push(term);
    rest = rest.slice(length).trimStart();
  }
  return terms;
}

function readTerm(text: string): { term: SearchTerm; length: number } {
  // "TypeError: x" pasted from a title is text: a filter's value follows its colon at once. So is "https://...".
  const key = /^(!?)((?:tags\[[^\]\s]{1,200}\])|[\w.@/-]{1,200}|"[^"\s]{1,200}"):(?!\/\/)/.exec(text);
  if (key) {
    const name = (key[2] ?? '').replace(/^tags\[(.*)\]$/, '$1').replaceAll('"', '');
    const valueText = text.slice(key[0].length);
    if (/^\S/.test(valueText)) return readFilter(key[1] === '!', name, valueText, key[0].length);
    if (/^(is|has|[a-z]+)$/.test(name))
      throw new BadRequestError(
        `"${name}:" needs a value, as in ${name}:${name === 'is' ? 'unresolved' : 'something'}.`,
      );
  }
  const negated = text.startsWith('!') && text.length > 1 && !/^!\s/.test(text);
  const { value, length } = readValue(text.slice(negated ? 1 : 0), /\s/);
  if (!value.quoted && /^(AND|OR|\(.*|.*\))$/.test(value.text) && !/\w\(\)$/.test(value.text)) {
    throw new BadRequestError(
      `"${value.text}": AND, OR and parentheses are not supported. Terms are combined with "and"; write key:[a, b] for "or", and quote a text that has parentheses.`,
    );
  }
  return { term: { kind: 'text', negated, text: value.text }, length: length + (negated ? 1 : 0) };
}

function readFilter(negated: boolean, key: string, text: string, offset: number): { term: SearchTerm; length: number } {
  const operator = /^(>=|<=|>|<|=)/.exec(text)?.[0] ?? '';
  let at = operator.length;
  const values: SearchValue[] = [];
  if (text[at] === '[') {
    at += 1;
    for (let isOpen = true; isOpen; ) {
      while (/[\s,]/.test(text.charAt(at))) at += 1;
      if (text[at] === ']') {
        at += 1;
        isOpen = false;
      } else if (at >= text.length) {
        throw new BadRequestError(`"${key}:[" is not closed. Write ${key}:[a, b].`);
      } else {
        const { value, length } = readValue(text.slice(at), /[\s,\]]/);
        values.push(toSearchValue(key, value));
        at += length;
        if (!/^[\s,\]]?$/.test(text.charAt(at))) throw misquoted(key, text.slice(0, at + 1));
      }
    }
  } else {
    const { value, length } = readValue(text.slice(at), /\s/);
    values.push(toSearchValue(key, value));
    at += length;
  }
  if (/^\S/.test(text.charAt(at))) throw misquoted(key, text.slice(0, at + 1));
  if (values.length === 0 || values.length > MAX_VALUES)
    throw new BadRequestError(`"${key}:[...]" needs 1 to ${MAX_VALUES} values.`);
  return { term: { kind: 'filter', negated, key, operator: toOperator(operator), values }, length: offset + at };
}

function toOperator(text: string): Operator {
  return text === '>' || text === '>=' || text === '<' || text === '<=' ? text : '=';
}

/** @throws {BadRequestError} it has what Sentry's language gives a meaning to, at a place where it has none */
function toSearchValue(key: string, { text, quoted }: { text: string; quoted: boolean }): SearchValue {
  if (!quoted && text.includes('"')) throw misquoted(key, text);
  if (!quoted && (text.startsWith('(') || !isBalanced(text, '(', ')') || !isBalanced(text, '[', ']'))) {
    throw new BadRequestError(
      `"${key}:${text.slice(0, 40)}": parentheses do not group terms here, and a bracket is not paired. Quote a value that has them: ${key}:"${text.slice(0, 40)}".`,
    );
  }
  return { text, isPattern: !quoted && text.includes('*') };
}

function misquoted(key: string, text: string): BadRequestError {
  return new BadRequestError(
    `"${key}:${text.slice(0, 40)}": quote a value as a whole, and write \\" for a quote in it: ${key}:"a \\"b\\" c".`,
  );
}

function isBalanced(text: string, open: string, close: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === open) depth += 1;
    else if (character === close) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** One value up to `end`, or a quoted one, in which `\"` and `\\` stand for themselves. */
function readValue(text: string, end: RegExp): { value: { text: string; quoted: boolean }; length: number } {
  if (!text.startsWith('"')) {
    const found = text.search(end);
    const length = found < 0 ? text.length : found;
    return { value: { text: text.slice(0, length), quoted: false }, length };
  }
  let value = '';
  for (let at = 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { value: { text: value, quoted: true }, length: at + 1 };
    if (character === '\\' && /["\\]/.test(text.charAt(at + 1))) at += 1;
    value += text.charAt(at);
  }
  throw new BadRequestError(`A quote is not closed: ${text.slice(0, 40)}`);
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * `14d` in milliseconds.
 * @throws {BadRequestError} it is not a number and one of s, m, h, d, w
 */
export function parsePeriod(text: string, name = 'statsPeriod'): number {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  const unit = match?.[2];
  if (!match || !(unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' || unit === 'w')) {
    throw new BadRequestError(
      `${name} "${text.slice(0, 40)}" is not a period. Write a number and s, m, h, d or w: 24h, 14d.`,
    );
  }
  return Number(match[1]) * UNITS[unit];
}

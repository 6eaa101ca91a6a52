import type { RedactedKind } from './placeholders.ts';

/** `code`: a value beside `=` is an expression there, so it is taken for a secret in quotes alone. */
export type TextKind = 'data' | 'code';
/** One value in a text; `end` exclusive, both in UTF-16 units. */
export type Finding = { start: number; end: number; kind: RedactedKind };
/** Finds values, in order and without overlaps, in time linear in the text. */
export type Rule = (text: string, kind: TextKind) => Iterable<Finding>;

/**
 * Finds by a pattern. `pick` says which part of a match is the value; null: none is.
 *
 * @param hint what stands in every text that has a match, and is looked for in a fraction of the pattern's time: most
 *   texts have none
 */
export function byPattern(
  pattern: RegExp,
  kind: RedactedKind,
  pick: (match: RegExpMatchArray, kind: TextKind) => string | null = (match) => match[0],
  hint?: RegExp,
): Rule {
  const find: Rule = function* find(text, textKind) {
    for (const match of text.matchAll(pattern)) {
      const value = pick(match, textKind);
      if (!value) continue;
      // The value stands towards the end of its match: before it are the words that gave it away.
      const start = (match.index ?? 0) + match[0].lastIndexOf(value);
      yield { start, end: start + value.length, kind };
    }
  };
  return hint ? where(hint, find) : find;
}

/** A rule that is asked of texts alone which have what the hint looks for. */
export function where(hint: RegExp, rule: Rule): Rule {
  // A `g` or a `y` would go on from where the last text left off.
  if (hint.global || hint.sticky) throw new TypeError(`${hint} remembers its place.`);
  return (text, kind) => (hint.test(text) ? rule(text, kind) : NOTHING);
}

const NOTHING: readonly Finding[] = [];

/** Longer values are found by their first letters, and then by all lengths that begin so. */
const PREFIX = 4;
/** Lengths that may begin alike: a hostile text has no more of them than it can pay for. */
const MAX_LENGTHS = 64;

/**
 * Finds given values as whole words: none begins or ends within a word. The time is the text's length times the number of
 * lengths of values that begin alike, however many values there are.
 */
export function byValues(
  values: ReadonlyMap<string, RedactedKind>,
  isAt: (text: string, start: number, end: number) => boolean,
): Rule {
  const lengths = new Map<string, number[]>();
  for (const value of values.keys()) {
    if (value.length < PREFIX) continue;
    const prefix = value.slice(0, PREFIX);
    const known = lengths.get(prefix) ?? [];
    if (!known.includes(value.length) && known.length < MAX_LENGTHS) known.push(value.length);
    lengths.set(prefix, known);
  }
  for (const known of lengths.values()) known.sort((a, b) => b - a);
  if (lengths.size === 0) return () => NOTHING;
  // Most places are passed by without their prefix being cut out.
  const isPrefix = new Uint8Array(1 << 16);
  for (const prefix of lengths.keys()) isPrefix[hashAt(prefix, 0)] = 1;

  return function* find(text) {
    for (let start = 0; start + PREFIX <= text.length; start++) {
      if (isPrefix[hashAt(text, start)] === 0) continue;
      if (start > 0 && isWord(text, start - 1) && isWord(text, start)) continue;
      for (const length of lengths.get(text.slice(start, start + PREFIX)) ?? []) {
        const end = start + length;
        const kind = end > text.length ? undefined : values.get(text.slice(start, end));
        if (!kind || (isWord(text, end - 1) && isWord(text, end)) || !isAt(text, start, end)) continue;
        yield { start, end, kind };
        start = end - 1;
        break;
      }
    }
  };
}

/** Of `PREFIX` characters, in 16 bits. */
const hashAt = (text: string, at: number): number =>
  (text.charCodeAt(at) ^
    (text.charCodeAt(at + 1) << 3) ^
    (text.charCodeAt(at + 2) << 6) ^
    (text.charCodeAt(at + 3) << 9)) &
  0xffff;

/** Letters and digits of any script, and `_`. Half of a surrogate pair counts as a letter. */
function isWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (Number.isNaN(code)) return false;
  if (code < 128)
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
  return /[\p{L}\p{N}\uD800-\uDFFF]/v.test(text.charAt(index));
}

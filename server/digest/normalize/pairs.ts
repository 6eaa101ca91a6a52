import type { Json, JsonObject, Pairs } from '../../protocol/event.ts';
import { adopt, adoptNode, annotate, at, incomingAt, invalid, isObject, type Place, toStorable } from './place.ts';
import { cleanText, MAX_TEXT, type Reader } from './read.ts';

/** Pairs beyond this are left out. */
const MAX_PAIRS = 500;

/** Splits the text form of pairs, as in a query string or a `Cookie` header. */
export type SplitPairs = (text: string) => [string, string | null][];

/**
 * Reads pairs from their text, an object (a list as value gives a pair for each item), a list of `[key, value]`, or of
 * `{key, value}`. Order and duplicates stay.
 */
export function pairsOf(split: SplitPairs): Reader {
  return (value, place, key) => {
    if (typeof value === 'string') {
      adopt(place, key);
      return cleanPairs(split(value), at(place, key));
    }
    const child = at(place, key);
    if (Array.isArray(value)) return pairsFromList(value, child);
    if (isObject(value)) return pairsFromObject(value, child);
    return invalid(child, [], value, 'expected text, an object or a list of pairs');
  };
}

function cleanPairs(raw: Pairs, place: Place): Pairs {
  return limitPairs(raw, place).map(([name, value], index) => [
    cleanText(name, place, [String(index), '0'], MAX_TEXT),
    value === null ? null : cleanText(value, place, [String(index), '1'], MAX_TEXT),
  ]);
}

function limitPairs(pairs: Pairs, place: Place): Pairs {
  if (pairs.length <= MAX_PAIRS) return pairs;
  annotate(place, [], { rem: [['!limit', 'x']], len: pairs.length });
  return pairs.slice(0, MAX_PAIRS);
}

function pairsFromObject(raw: JsonObject, place: Place): Pairs {
  const pairs: Pairs = [];
  for (const name of Object.keys(raw)) {
    const node = incomingAt(place, name);
    if (node) adoptNode({ ...place, parent: place, key: String(pairs.length) }, '1', node);
    const value = raw[name] ?? null;
    for (const item of Array.isArray(value) ? value : [value]) {
      pairs.push([name, toText(item, place, String(pairs.length))]);
    }
  }
  return cleanPairs(pairs, place);
}

function pairsFromList(raw: Json[], place: Place): Pairs {
  const pairs: Pairs = [];
  raw.forEach((item, wireIndex) => {
    const pair = toPair(item);
    if (!pair) {
      if (item !== null) invalid(place, [String(wireIndex)], item, 'expected a pair');
      return;
    }
    const index = String(pairs.length);
    const node = incomingAt(place, String(wireIndex));
    const part = node && (Array.isArray(item) ? node['1'] : node['value']);
    if (isObject(part)) adoptNode({ ...place, parent: place, key: index }, '1', part);
    pairs.push([pair[0], toText(pair[1], place, index)]);
  });
  return cleanPairs(pairs, place);
}

function toPair(item: Json): [string, Json] | null {
  if (Array.isArray(item)) return typeof item[0] === 'string' ? [item[0], item[1] ?? null] : null;
  return isObject(item) && typeof item['key'] === 'string' ? [item['key'], item['value'] ?? null] : null;
}

function toText(value: Json, place: Place, index: string): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'object' ? invalid(place, [index, '1'], value, 'expected a string') : String(value);
}

/** `a=1&b` as in a URL, percent-decoded where that is possible; not those that are left out anyway. */
export const splitQuery: SplitPairs = (query) => {
  const parts = (query.startsWith('?') ? query.slice(1) : query).split('&').filter(Boolean);
  return parts.map((part, index) => splitAt(part, '=', index < MAX_PAIRS ? decodeQueryPart : (text) => text));
};

/** `a=1; b=2` as in a `Cookie` header. */
export const splitCookies: SplitPairs = (cookies) =>
  cookies
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => splitAt(part, '=', (text) => text.trim()));

/** `Name: value` by lines. */
export const splitHeaders: SplitPairs = (headers) =>
  headers
    .split('\n')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => splitAt(part, ':', (text) => text.trim()));

function splitAt(part: string, separator: string, decode: (text: string) => string): [string, string | null] {
  const index = part.indexOf(separator);
  return index < 0 ? [decode(part), ''] : [decode(part.slice(0, index)), decode(part.slice(index + 1))];
}

function decodeQueryPart(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return toStorable(decodeURIComponent(spaced));
  } catch {
    return spaced;
  }
}

/** Readers: each takes one untrusted value to its canonical form, and never throws. */
import type { Json, JsonObject } from '../../protocol/event.ts';
import {
  addError,
  adopt,
  annotate,
  assign,
  at,
  invalid,
  isObject,
  isStorable,
  type Place,
  placeFrom,
  smallValue,
  toStorable,
} from './place.ts';

/** @param key of the value, in the result and in the SDK's `_meta` alike */
export type Reader<T = Json> = (value: Json, place: Place, key: string) => T | null;
export type Fields = ReadonlyMap<string, Reader>;

/** Longest string in values that have no limit of their own, in UTF-16 units. */
export const MAX_TEXT = 16_384;
/** Levels of nesting that are kept in free-form values. */
const MAX_DEPTH = 64;

/** A reader of values without parts of their own: what the SDK said about them, and about all below, stays with them. */
function leaf<T>(read: Reader<T>): Reader<T> {
  return (value, place, key) => {
    if (place.incoming !== undefined) adopt(place, key);
    return read(value, place, key);
  };
}

/** Numbers and booleans become text, as SDKs of untyped languages send them. */
export function textOf(maxLength = MAX_TEXT): Reader<string> {
  return leaf((value, place, key) => {
    if (typeof value === 'string') return isClean(value, maxLength) ? value : cleanText(value, place, [key], maxLength);
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return invalid(place, [key], value, 'expected a string');
  });
}
export const text = textOf();

/** As `textOf`, but an object or a list becomes its JSON: some clients send a value where a message belongs. */
export const textOrJson: Reader<string> = leaf((value, place, key) => {
  if (typeof value !== 'object') return cleanText(String(value), place, [key], MAX_TEXT);
  return cleanText(JSON.stringify(cleanTree(value, place, [key], 0)), place, [key], MAX_TEXT);
});

export const flag: Reader<boolean> = leaf((value, place, key) =>
  typeof value === 'boolean' ? value : invalid(place, [key], value, 'expected true or false'),
);

/** A whole number that is not negative, also as decimal digits. */
export const count: Reader<number> = leaf((value, place, key) => {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  return invalid(place, [key], value, 'expected a whole number, not negative');
});

export const integer: Reader<number> = leaf((value, place, key) =>
  typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : invalid(place, [key], value, 'expected a whole number'),
);

/** Any JSON, bounded in depth and in length of strings. */
export const tree: Reader = leaf((value, place, key) => cleanTree(value, place, [key], 0));

/** Any JSON object. A list of `[key, value]` pairs is one, too; a list of anything else gets its indexes as keys. */
export const objectTree: Reader<JsonObject> = leaf((value, place, key) => {
  if (Array.isArray(value)) return cleanTree(toObject(value), place, [key], 0) as JsonObject;
  if (!isObject(value)) return invalid(place, [key], value, 'expected an object');
  return cleanTree(value, place, [key], 0) as JsonObject;
});

function toObject(list: Json[]): JsonObject {
  const isPairs = list.every((item) => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string');
  const out: JsonObject = {};
  list.forEach((item, index) => {
    if (isPairs && Array.isArray(item)) assign(out, String(item[0]), item[1] ?? null);
    else out[index] = item;
  });
  return out;
}

/** A list of strings; null entries stay. */
export function textsOf(maxLength = MAX_TEXT): Reader<(string | null)[]> {
  return leaf((value, place, key) => {
    if (!Array.isArray(value)) return invalid(place, [key], value, 'expected a list of strings');
    return value.map((item, index) => {
      if (typeof item === 'string') {
        return isClean(item, maxLength) ? item : cleanText(item, place, [key, String(index)], maxLength);
      }
      if (item === null) return null;
      if (typeof item !== 'object') return String(item);
      return invalid(place, [key, String(index)], item, 'expected a string');
    });
  });
}

/** A reader of an object whose fields are known; others are kept as they are, within bounds. */
export function objectOf<T>(fields: Fields): Reader<T> {
  return (value, place, key) => {
    const child = at(place, key);
    return isObject(value) ? readObject<T>(value, child, fields) : invalid(child, [], value, 'expected an object');
  };
}

/**
 * Reads the fields of one object. The table of readers is what makes the result a `T`.
 *
 * @param fields by names of ours: all others are cleaned
 * @param other reads the fields that are not in the table
 */
export function readObject<T>(raw: JsonObject, place: Place, fields: Fields, other: Reader = tree): T {
  const out: JsonObject = {};
  for (const key of Object.keys(raw)) {
    const value = raw[key];
    if (key === '__proto__') {
      refuseKey(place, [], value ?? null);
    } else if (value === null || value === undefined) {
      adopt(place, key);
      out[toStorable(key)] = null;
    } else {
      const read = fields.get(key);
      if (read) out[key] = read(value, place, key);
      else out[toStorable(key)] = other(value, place, key);
    }
  }
  adoptAbsent(raw, place);
  return out as T;
}

/** SDKs also say why a field is not there. */
export function adoptAbsent(raw: JsonObject, place: Place): void {
  if (place.incoming === undefined) return;
  for (const key of Object.keys(place.incoming)) {
    if (key !== '' && !Object.hasOwn(raw, key)) adopt(place, key);
  }
}

/**
 * Reads the objects of a list; entries that are null or no objects go, and the paths of `_meta` follow the rest.
 *
 * @param place of the list
 */
export function readItems<T>(raw: Json[], place: Place, read: (item: JsonObject, place: Place) => T): T[] {
  const out: T[] = [];
  raw.forEach((item, index) => {
    const wireKey = String(index);
    if (isObject(item)) out.push(read(item, at(place, String(out.length), wireKey)));
    else if (item !== null) invalid(place, [wireKey], item, 'expected an object');
  });
  return out;
}

/**
 * The two forms of a list of objects, `{values: [...]}` and the bare list, as the first; what else stands beside
 * `values` is kept. A single object, without `values`, is a list of one.
 */
export function readValues<T>(
  raw: Json,
  place: Place,
  read: (item: JsonObject, place: Place) => T,
): ({ values: T[] } & JsonObject) | null {
  if (Array.isArray(raw)) {
    return { values: readItems(raw, placeFrom(place, 'values', place.incoming), read) } as { values: T[] } & JsonObject;
  }
  if (!isObject(raw)) return invalid(place, [], raw, 'expected a list');
  if (!Object.hasOwn(raw, 'values')) {
    if (Object.keys(raw).length === 0) return null;
    const values = placeFrom(place, 'values', undefined);
    return { values: [read(raw, placeFrom(values, '0', place.incoming))] } as { values: T[] } & JsonObject;
  }
  const { values, ...rest } = raw;
  const { values: _, ...restMeta } = place.incoming ?? {};
  const out = readObject<JsonObject>(rest, { ...place, incoming: restMeta }, NO_FIELDS);
  const child = at(place, 'values');
  const items = Array.isArray(values) ? readItems(values, child, read) : [];
  if (!Array.isArray(values) && values !== null) invalid(child, [], values ?? null, 'expected a list');
  return Object.assign(out, { values: items }) as { values: T[] } & JsonObject;
}
export const NO_FIELDS: Fields = new Map();

/** Nearly all texts are, and need no path. */
function isClean(value: string, maxLength: number): boolean {
  return value.length <= maxLength && isStorable(value);
}

/** Cuts what is too long, and replaces what databases do not take (see `toStorable`); both are said. */
export function cleanText(value: string, place: Place, keys: readonly string[], maxLength: number): string {
  if (isClean(value, maxLength)) return value;
  let out = value;
  if (out.length > maxLength) {
    out = `${out.slice(0, maxLength - 3)}...`;
    annotate(place, keys, { rem: [['!limit', 's', maxLength - 3, maxLength]], len: value.length });
  }
  if (out.includes('\0')) {
    annotate(place, keys, { err: [['invalid_data', { reason: 'U+0000 is shown as \u2400' }]] });
  }
  if (!out.isWellFormed()) {
    annotate(place, keys, { err: [['invalid_data', { reason: 'half a surrogate pair is shown as \uFFFD' }]] });
  }
  return toStorable(out);
}

function cleanTree(value: Json, place: Place, keys: string[], depth: number): Json {
  if (typeof value === 'string') return cleanText(value, place, keys, MAX_TEXT);
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : invalid(place, keys, String(value), 'too large');
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (depth >= MAX_DEPTH) {
    annotate(place, keys, { rem: [['!limit', 'x']] });
    addError(place, keys, { type: 'value_too_long', reason: `nested deeper than ${MAX_DEPTH}` });
    return null;
  }
  // One list of keys for the whole walk: paths are only wanted where something is said.
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      keys.push(String(index));
      const cleaned = cleanTree(item, place, keys, depth + 1);
      keys.pop();
      return cleaned;
    });
  }
  const out: JsonObject = {};
  for (const key of Object.keys(value)) {
    const child = value[key] ?? null;
    if (key === '__proto__') {
      refuseKey(place, keys, child);
      continue;
    }
    keys.push(key);
    out[toStorable(key)] = cleanTree(child, place, keys, depth + 1);
    keys.pop();
  }
  return out;
}

/** A key of this name would reach the prototype in any code that merges objects: it goes, and its value is in `errors`. */
function refuseKey(place: Place, keys: readonly string[], value: Json): void {
  const kept = smallValue(value) ?? null;
  addError(place, [...keys, '__proto__'], { type: 'invalid_attribute', value: kept, reason: 'the key is not allowed' });
}

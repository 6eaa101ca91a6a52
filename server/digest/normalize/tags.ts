import type { Json, JsonObject } from '../../protocol/event.ts';
import { addError, adoptNode, annotate, at, incomingAt, invalid, isObject, type Place, toStorable } from './place.ts';

/** Tags beyond this go: each is a row, and thousands in one event once held a tracker's single writer. */
const MAX_TAGS = 200;
const MAX_TAG_KEY = 200;
const MAX_TAG_VALUE = 200;

type RawTag = { key: Json; value: Json; wireKey: string; incoming: JsonObject | undefined };

/**
 * Tags from a map, a list of pairs, or a list of `{key, value}`, in the order sent. Of a key that comes twice the first
 * counts. A value that is null is no tag.
 */
export function readTags(raw: Json, place: Place): [string, string][] {
  const child = at(place, 'tags');
  const sent = rawTags(raw, child);
  const tags: [string, string][] = [];
  const seen = new Set<string>();
  let isFull = false;
  for (const tag of sent) {
    if (tags.length === MAX_TAGS) {
      isFull = true;
      break;
    }
    const read = readTag(tag, child, String(tags.length));
    if (!read || seen.has(read[0])) continue;
    seen.add(read[0]);
    tags.push(read);
  }
  if (isFull) {
    annotate(child, [], { rem: [['!limit', 'x']], len: sent.length });
    addError(child, [], { type: 'value_too_long', value: sent.length, reason: `only ${MAX_TAGS} tags are kept` });
  }
  return tags;
}

function rawTags(raw: Json, place: Place): RawTag[] {
  if (isObject(raw)) {
    return Object.keys(raw).map((key) => ({
      key,
      value: raw[key] ?? null,
      wireKey: key,
      incoming: incomingAt(place, key),
    }));
  }
  if (!Array.isArray(raw)) {
    if (raw !== null) invalid(place, [], raw, 'expected tags');
    return [];
  }
  return raw.flatMap((item, index): RawTag[] => {
    const wireKey = String(index);
    const node = incomingAt(place, wireKey);
    if (Array.isArray(item) && item.length >= 1) {
      return [{ key: item[0] ?? null, value: item[1] ?? null, wireKey, incoming: objectOrNone(node?.['1']) }];
    }
    if (isObject(item)) {
      return [
        { key: item['key'] ?? null, value: item['value'] ?? null, wireKey, incoming: objectOrNone(node?.['value']) },
      ];
    }
    if (item !== null) invalid(place, [wireKey], item, 'expected a tag');
    return [];
  });
}

function objectOrNone(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function readTag({ key, value, wireKey, incoming }: RawTag, place: Place, index: string): [string, string] | null {
  const name = tagKey(key);
  if (name === null) return invalid(place, [wireKey], key, 'expected the name of a tag');
  if (value === null) return null;
  if (typeof value === 'object') return invalid(place, [wireKey], value, 'expected a string');
  if (incoming) adoptNode({ ...place, parent: place, key: index }, '1', incoming);
  const text = toStorable(String(value));
  if (text.length <= MAX_TAG_VALUE) return [name, text];
  const cut = cutTagValue(text);
  annotate(place, [index, '1'], { rem: [['!limit', 's', MAX_TAG_VALUE - 3, MAX_TAG_VALUE]], len: text.length });
  return [name, cut];
}

/** @returns null for what cannot be a name; spaces become `-`, so that a search can name it */
function tagKey(key: Json): string | null {
  if (typeof key !== 'string' && typeof key !== 'number') return null;
  const name = String(key).trim().replace(/\s/g, '-').replaceAll('\0', '').toWellFormed();
  return name === '' || name === '__proto__' || name.length > MAX_TAG_KEY ? null : name;
}

export function cutTagValue(value: string): string {
  return value.length <= MAX_TAG_VALUE ? value : `${value.slice(0, MAX_TAG_VALUE - 3).toWellFormed()}...`;
}

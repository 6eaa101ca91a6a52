/** The smaller interfaces of an event, and those that are kept as they are. */
import type { Json, JsonObject, StoredBreadcrumb } from '../../protocol/event.ts';
import { address } from './address.ts';
import { level } from './level.ts';
import { addError, at, invalid, isObject, placeFrom } from './place.ts';
import {
  cleanText,
  type Fields,
  NO_FIELDS,
  objectOf,
  objectTree,
  type Reader,
  readItems,
  readObject,
  readValues,
  text,
  textOrJson,
  textsOf,
  tree,
} from './read.ts';
import { timestamp } from './timestamp.ts';

const BREADCRUMB: Fields = new Map<string, Reader>([
  ['timestamp', timestamp],
  ['type', text],
  ['category', text],
  ['message', textOrJson],
  ['level', level],
  ['data', objectTree],
  ['event_id', text],
]);

export const breadcrumbs: Reader = (value, place, key) => {
  const read = readValues(value, at(place, key), (raw, itemPlace) =>
    readObject<StoredBreadcrumb>(raw, itemPlace, BREADCRUMB),
  );
  return read as JsonObject | null;
};

const LOGENTRY: Fields = new Map<string, Reader>([
  ['message', textOrJson],
  ['formatted', textOrJson],
  ['params', tree],
]);

/** A log message: an object, or text (Sentry's old top-level `message`). `formatted` is made where it can be. */
export const logentry: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!isObject(value)) {
    if (Array.isArray(value)) return invalid(child, [], value, 'expected a message');
    const message = String(value);
    return message === '' ? null : { formatted: cleanText(message, child, ['formatted'], 16_384) };
  }
  const read = readObject<JsonObject>(value, child, LOGENTRY);
  if (read['formatted'] === undefined || read['formatted'] === null) {
    const formatted = formatMessage(read['message'], read['params']);
    if (formatted !== null) read['formatted'] = formatted;
  }
  return read;
};

/** Python's `%s` and the `{}` of others, by position, and `%(name)s` by name; `%%` is how Python writes one `%`. */
function formatMessage(message: Json | undefined, params: Json | undefined): string | null {
  if (typeof message !== 'string') return null;
  const isNamed = isObject(params);
  if (!isNamed && !(Array.isArray(params) && params.length > 0)) return null;
  let index = 0;
  return message.replace(/%%|%\((\w{1,100})\)[sdrif]|%[sdrif]|\{\}/g, (match, name: string | undefined) => {
    if (match === '%%') return '%';
    const value = isNamed ? (name === undefined ? undefined : own(params, name)) : params[index++];
    if (value === undefined) return match;
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? match);
  });
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

const IMAGE: Fields = new Map<string, Reader>([
  ['image_addr', address],
  ['image_vmaddr', address],
]);
const images: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!Array.isArray(value)) return invalid(child, [], value, 'expected a list of images');
  return readItems(value, child, (raw, itemPlace) => readObject<JsonObject>(raw, itemPlace, IMAGE));
};
const DEBUG_META: Fields = new Map<string, Reader>([
  ['images', images],
  ['sdk_info', objectTree],
]);
export const debugMeta: Reader = objectOf<JsonObject>(DEBUG_META);

const PACKAGE: Fields = new Map<string, Reader>([
  ['name', text],
  ['version', text],
]);
const packages: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!Array.isArray(value)) return invalid(child, [], value, 'expected a list of packages');
  return readItems(value, child, (raw, itemPlace) => readObject<JsonObject>(raw, itemPlace, PACKAGE));
};
export const sdk: Reader = objectOf<JsonObject>(
  new Map<string, Reader>([
    ['name', text],
    ['version', text],
    ['integrations', textsOf()],
    ['packages', packages],
    ['settings', objectTree],
  ]),
);

/** Versions of packages by name, or a list of `{name, version}`. */
export const modules: Reader = (value, place, key) => {
  const child = at(place, key);
  const map = Array.isArray(value) ? Object.fromEntries(value.flatMap(toModule)) : value;
  if (!isObject(map)) return invalid(child, [], value, 'expected versions by name');
  return readObject<JsonObject>(map, child, NO_FIELDS, text);
};

function toModule(item: Json): [string, Json][] {
  if (!isObject(item) || typeof item['name'] !== 'string') return [];
  return [[item['name'], item['version'] ?? null]];
}

/** A list of strings; a single string is a list of one. */
export const fingerprint: Reader = (value, place, key) => {
  if (typeof value === 'string') return [text(value, place, key)];
  const read = textsOf()(value, place, key)?.filter((part) => part !== null) ?? [];
  return read.length > 0 ? read : null;
};

/** Errors that the SDK itself reports go into `errors` with ours; each needs a type. */
export const errors: Reader = (value, place) => {
  if (!Array.isArray(value)) return invalid(place, ['errors'], value, 'expected a list of errors');
  const kept = placeFrom(place, 'errors', undefined);
  for (const item of value) {
    if (!isObject(item) || typeof item['type'] !== 'string') continue;
    const { type, name, ...rest } = readObject<JsonObject>(item, kept, NO_FIELDS);
    addError(place, typeof name === 'string' ? [name] : [], { ...rest, type: String(type) });
  }
  return null;
};

import type { Annotation, Json, JsonObject, Meta, ProcessingError } from '../../protocol/event.ts';

/** What normalizing had to say about one event. */
type Report = { meta: Meta; errors: ProcessingError[]; invalid: number };

/**
 * Where in the result a value goes, and what the SDK's own `_meta` said about it where it came from. Both are needed
 * because values move: a bare list of exceptions becomes `exception.values`, a map of headers a list of pairs.
 */
export type Place = {
  readonly report: Report;
  readonly parent: Place | null;
  readonly key: string;
  /** The SDK's `_meta` node for this value, unchecked. */
  readonly incoming: JsonObject | undefined;
};

/** Values of the wrong kind that are marked in `_meta`: a stranger could fill the disk with our remarks on their nonsense. */
export const MAX_NOTES = 1000;
/** Entries in `errors` beyond this are not added: `_meta` still marks the place. */
const MAX_ERRORS = 100;
/** JSON characters, about, of an original value that is worth keeping in `_meta`. */
const MAX_KEPT_VALUE = 1000;
const MAX_META_DEPTH = 80;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets an own key. `__proto__` is refused by the readers, so plain assignment is safe; this keeps it so. */
export function assign<T>(target: { [key: string]: T }, key: string, value: T): void {
  if (key !== '__proto__') target[key] = value;
}

export function rootPlace(incoming: unknown): Place {
  const report: Report = { meta: {}, errors: [], invalid: 0 };
  return { report, parent: null, key: '', incoming: isObject(incoming) ? incoming : undefined };
}

/**
 * The place of a container's child. Takes over what the SDK said about the child itself; its children do the same for
 * theirs.
 *
 * @param wireKey where the child was in the payload, when that differs
 */
export function at(place: Place, key: string, wireKey = key): Place {
  return placeFrom(place, key, incomingAt(place, wireKey));
}

/** As `at`, for a child whose `_meta` was somewhere else. */
export function placeFrom(place: Place, key: string, incoming: JsonObject | undefined): Place {
  const child: Place = { report: place.report, parent: place, key, incoming };
  if (incoming !== undefined && isObject(incoming[''])) annotate(child, [], toAnnotation(incoming['']));
  return child;
}

export function incomingAt(place: Place, wireKey: string): JsonObject | undefined {
  if (place.incoming === undefined || !Object.hasOwn(place.incoming, wireKey)) return undefined;
  const node = place.incoming[wireKey];
  return isObject(node) ? node : undefined;
}

/** Takes over all that the SDK said about a leaf, or about a whole subtree whose paths stay. */
export function adopt(place: Place, key: string, wireKey = key): void {
  const node = incomingAt(place, wireKey);
  if (node !== undefined) adoptNode(place, key, node);
}

export function adoptNode(place: Place, key: string, node: JsonObject): void {
  copyMeta(node, place, [key], 0);
}

function copyMeta(node: JsonObject, place: Place, keys: string[], depth: number): void {
  if (depth > MAX_META_DEPTH) return;
  for (const key of Object.keys(node)) {
    const child = node[key];
    if (!isObject(child)) continue;
    if (key === '') annotate(place, keys, toAnnotation(child));
    else copyMeta(child, place, [...keys, key], depth + 1);
  }
}

/** Keeps of an annotation what has the documented shape (sentry-behaviour 11.8). */
function toAnnotation(raw: JsonObject): Annotation {
  const annotation: Annotation = {};
  if (Array.isArray(raw['rem'])) annotation.rem = raw['rem'].flatMap(toRemark);
  if (Array.isArray(raw['err'])) annotation.err = raw['err'].flatMap(toErr);
  if (typeof raw['len'] === 'number') annotation.len = raw['len'];
  const value = smallValue(raw['val']);
  if (value !== undefined && value !== null) annotation.val = value;
  return annotation;
}

function toRemark(raw: Json): [string, string, number?, number?][] {
  if (!Array.isArray(raw)) return [];
  const [rule, type, start, end] = raw;
  if (typeof rule !== 'string' || typeof type !== 'string') return [];
  const remark: [string, string] = [toStorable(rule), toStorable(type)];
  return typeof start === 'number' && typeof end === 'number' ? [[...remark, start, end]] : [remark];
}

function toErr(raw: Json): (string | [string, JsonObject])[] {
  if (typeof raw === 'string') return [toStorable(raw)];
  if (!Array.isArray(raw) || typeof raw[0] !== 'string') return [];
  const data = smallValue(raw[1]);
  const kind = toStorable(raw[0]);
  return isObject(data) ? [[kind, data]] : [kind];
}

/** Adds to what is said about the value at `keys` below `place`. A key that is `""` cannot be named in `_meta`. */
export function annotate(place: Place, keys: readonly string[], annotation: Annotation): void {
  annotateMeta(place.report.meta, [...keysOf(place), ...keys], annotation);
}

/** @see annotate */
export function annotateMeta(meta: Meta, keys: readonly string[], annotation: Annotation): void {
  if (keys.includes('') || keys.includes('__proto__')) return;
  let node = meta;
  for (const wireKey of keys) {
    const key = toStorable(wireKey);
    if (!Object.hasOwn(node, key)) node[key] = {};
    // Under any key but the empty one there is a node.
    node = node[key] as Meta;
  }
  const known = node[''] ?? {};
  node[''] = {
    ...known,
    ...annotation,
    ...(known.rem && annotation.rem ? { rem: [...known.rem, ...annotation.rem] } : {}),
    ...(known.err && annotation.err ? { err: [...known.err, ...annotation.err] } : {}),
    // The first length is that of the original.
    ...(known.len === undefined ? {} : { len: known.len }),
  };
}

function keysOf(place: Place): string[] {
  return place.parent ? [...keysOf(place.parent), place.key] : [];
}

export function addError(place: Place, keys: readonly string[], error: Omit<ProcessingError, 'name'>): void {
  const { errors } = place.report;
  if (errors.length >= MAX_ERRORS) return;
  const { type, ...rest } = error;
  const name = toStorable([...keysOf(place), ...keys].join('.'));
  errors.push(name === '' ? error : { type, name, ...rest });
}

/** Records a value of the wrong kind; what stands in its place is null. */
export function invalid(place: Place, keys: readonly string[], value: Json, reason: string): null {
  place.report.invalid += 1;
  if (place.report.invalid > MAX_NOTES) return null;
  const kept = smallValue(value);
  annotate(place, keys, {
    err: [['invalid_data', { reason }]],
    ...(kept === undefined ? {} : { val: kept }),
  });
  addError(place, keys, { type: 'invalid_data', ...(kept === undefined ? {} : { value: kept }), reason });
  return null;
}

/** The value when it is small, a string cut when it is long, else undefined: strangers do not choose how much we keep twice. */
export function smallValue(value: Json | undefined): Json | undefined {
  if (typeof value === 'string')
    return toStorable(value.length > MAX_KEPT_VALUE ? `${value.slice(0, MAX_KEPT_VALUE)}…` : value);
  return value === undefined || weigh(value, MAX_KEPT_VALUE) < 0 ? undefined : mapTexts(value);
}

/**
 * Text that every database and every encoding takes: the picture of U+0000 stands for it, and U+FFFD for half a surrogate
 * pair, which SQLite's JSON makes three of.
 */
export function toStorable(text: string): string {
  return isStorable(text) ? text : text.replaceAll('\0', '\u2400').toWellFormed();
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function mapTexts(value: Json): Json {
  if (typeof value === 'string') return toStorable(value);
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [toStorable(key), mapTexts(child)]));
}

/** @returns what is left of the budget; below zero when it does not suffice. Stops there, so it never goes deep. */
function weigh(value: Json | undefined, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (typeof value !== 'object' || value === null) return budget - 5;
  let left = budget - 2;
  for (const key of Object.keys(value)) {
    if (left < 0 || key === '__proto__') return -1;
    left = weigh((value as JsonObject)[key], left - key.length - 3);
  }
  return left;
}

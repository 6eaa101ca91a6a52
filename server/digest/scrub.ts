/**
 * Takes secrets out of an event before it is stored. Never a frame's source, file or function: those are the program's,
 * not its users'.
 */
import type { Annotation, Json, JsonObject, Meta, Pairs } from '../protocol/event.ts';
import { FILTERED, type Finding, findSecrets, isSecretName, isSecretNumberName } from '../protocol/scrub-rules.ts';
import { annotateMeta, isObject, MAX_NOTES } from './normalize/place.ts';
import type { NormalizedEvent } from './normalize.ts';

export type ScrubRules = {
  /** The value under this key is hidden, whatever it is. */
  isSecretName: (name: string) => boolean;
  /** The same where the value is a number. */
  isSecretNumberName: (name: string) => boolean;
  /** Secrets within a text. */
  findSecrets: (text: string) => Finding[];
};
const DEFAULT_RULES: ScrubRules = { isSecretName, isSecretNumberName, findSecrets };

const NAME_RULE = '@password:filter';
/** Of one text. */
const MAX_REMARKS = 100;

/** Where the walk stands, and what it said. `keys` is one list for the whole walk. */
type Walk = { rules: ScrubRules; keys: string[]; notes: { keys: string[]; annotation: Annotation }[] };

/**
 * Names and ids of the protocol, and what holds frames: those are walked by hand. Everything else of an event, fields
 * that we do not know included, is searched in full.
 */
const SKIPPED = new Set([
  'event_id',
  'project',
  'type',
  'platform',
  'level',
  'timestamp',
  'received',
  'logger',
  'server_name',
  'release',
  'dist',
  'environment',
  'version',
  'modules',
  'fingerprint',
  'sdk',
  'debug_meta',
  'template',
  'errors',
  '_meta',
  'exception',
  'threads',
  'stacktrace',
  'tags',
  'contexts',
]);

/** @returns the event without its secrets; the one given is not changed, and parts without secrets are shared with it */
export function scrubEvent<T extends NormalizedEvent>(event: T, rules: ScrubRules = DEFAULT_RULES): T {
  const walk: Walk = { rules, keys: [], notes: [] };
  const out = mapFields(walk, event, (key, value) => {
    if (key === 'exception') return mapValues(walk, value, scrubException);
    if (key === 'threads') return mapValues(walk, value, scrubThread);
    if (key === 'stacktrace') return scrubStacktrace(walk, value);
    if (key === 'tags') return scrubPairs(walk, value);
    if (key === 'contexts') return mapObject(walk, value, (_, context) => scrubTree(walk, context));
    if (key === 'errors') return scrubErrors(walk, value);
    if (key === 'request') return scrubRequest(walk, value);
    return SKIPPED.has(key) ? value : scrubField(walk, key, value);
  });
  const meta = withNotes(event._meta ?? null, walk);
  return meta === event._meta ? out : { ...out, _meta: meta };
}

type Mapper = (key: string, value: Json) => Json;

/** As `mapObject`, of an event: every field of one is JSON. */
function mapFields<T extends NormalizedEvent>(walk: Walk, event: T, map: Mapper): T {
  return mapObject(walk, event as unknown as Json, map) as unknown as T;
}

/** The object with its values mapped; itself when none changed. */
function mapObject(walk: Walk, value: Json | undefined, map: Mapper): Json {
  if (!isObject(value)) return value ?? null;
  let out: JsonObject | null = null;
  for (const key of Object.keys(value)) {
    const child = value[key] ?? null;
    walk.keys.push(key);
    const mapped = map(key, child);
    walk.keys.pop();
    if (mapped === child) continue;
    out ??= { ...value };
    out[key] = mapped;
  }
  return out ?? value;
}

function mapList(walk: Walk, value: Json[], map: (item: Json) => Json): Json[] {
  let out: Json[] | null = null;
  for (let index = 0; index < value.length; index += 1) {
    const item = value[index] ?? null;
    walk.keys.push(String(index));
    const mapped = map(item);
    walk.keys.pop();
    if (mapped === item) continue;
    out ??= value.slice();
    out[index] = mapped;
  }
  return out ?? value;
}

function mapValues(walk: Walk, value: Json, map: (walk: Walk, item: Json) => Json): Json {
  return mapObject(walk, value, (key, child) =>
    key === 'values' && Array.isArray(child) ? mapList(walk, child, (item) => map(walk, item)) : child,
  );
}

function scrubException(walk: Walk, exception: Json): Json {
  return mapObject(walk, exception, (key, value) => {
    if (key === 'stacktrace' || key === 'raw_stacktrace') return scrubStacktrace(walk, value);
    if (key === 'value' || key === 'raw_value') return typeof value === 'string' ? scrubText(walk, value) : value;
    return key === 'mechanism'
      ? mapObject(walk, value, (name, part) => (name === 'data' ? scrubTree(walk, part) : part))
      : value;
  });
}

function scrubThread(walk: Walk, thread: Json): Json {
  return mapObject(walk, thread, (key, value) =>
    key === 'stacktrace' || key === 'raw_stacktrace' ? scrubStacktrace(walk, value) : value,
  );
}

function scrubStacktrace(walk: Walk, stacktrace: Json): Json {
  return mapObject(walk, stacktrace, (key, frames) => {
    if (key !== 'frames' || !Array.isArray(frames)) return frames;
    return mapList(walk, frames, (frame) => {
      if (!isObject(frame) || !isObject(frame['vars'])) return frame;
      return mapObject(walk, frame, (name, value) => (name === 'vars' ? scrubTree(walk, value) : value));
    });
  });
}

function scrubRequest(walk: Walk, request: Json): Json {
  return mapObject(walk, request, (key, value) => {
    if (key === 'cookies') return scrubPairs(walk, value, true);
    return key === 'headers' || key === 'query_string' ? scrubPairs(walk, value) : scrubTree(walk, value);
  });
}

/** @param all hide every value: a cookie is a credential as a rule, and its name seldom says so */
function scrubPairs(walk: Walk, pairs: Json, all = false): Json {
  if (!Array.isArray(pairs)) return pairs;
  return mapList(walk, pairs, (pair): Json => {
    const [name, value] = (Array.isArray(pair) ? pair : []) as Pairs[number];
    if (typeof name !== 'string' || typeof value !== 'string' || value === '') return pair;
    walk.keys.push('1');
    const scrubbed = all || walk.rules.isSecretName(name) ? hide(walk, value) : scrubText(walk, value);
    walk.keys.pop();
    return scrubbed === value ? pair : [name, scrubbed];
  });
}

function scrubTree(walk: Walk, value: Json): Json {
  if (typeof value === 'string') return scrubText(walk, value);
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return mapObject(walk, value, (key, child) => scrubField(walk, key, child));
  // Two strings in a list: how some SDKs write one entry of a map.
  const [name, secret] = value;
  if (value.length === 2 && typeof name === 'string' && typeof secret === 'string' && walk.rules.isSecretName(name)) {
    walk.keys.push('1');
    const hidden = hide(walk, secret);
    walk.keys.pop();
    return [name, hidden];
  }
  return mapList(walk, value, (item) => scrubTree(walk, item));
}

function scrubField(walk: Walk, key: string, value: Json): Json {
  return isSecret(walk, key, value) ? hide(walk, value) : scrubTree(walk, value);
}

/** A flag, nothing, or an empty value is no secret; a number only under some names. */
function isSecret(walk: Walk, key: string, value: Json): boolean {
  if (value === null || typeof value === 'boolean' || value === '') return false;
  return typeof value === 'number' ? walk.rules.isSecretNumberName(key) : walk.rules.isSecretName(key);
}

/** Everything is hidden; so many places are marked. */
function note(walk: Walk, annotation: Annotation): void {
  if (walk.notes.length < MAX_NOTES) walk.notes.push({ keys: [...walk.keys], annotation });
}

function hide(walk: Walk, value: Json): string {
  if (value === FILTERED) return value;
  note(walk, {
    rem: [[NAME_RULE, 's', 0, FILTERED.length]],
    ...(typeof value === 'string' ? { len: value.length } : {}),
  });
  return FILTERED;
}

function scrubText(walk: Walk, text: string): string {
  const found = walk.rules.findSecrets(text).filter(({ start, end }) => text.slice(start, end) !== FILTERED);
  if (found.length === 0) return text;
  let out = '';
  let from = 0;
  const rem: Annotation['rem'] = [];
  for (const { start, end, rule } of found) {
    out += text.slice(from, start);
    if (rem.length < MAX_REMARKS) rem.push([rule, 's', out.length, out.length + FILTERED.length]);
    out += FILTERED;
    from = end;
  }
  note(walk, { rem, len: text.length });
  return out + text.slice(from);
}

/** Original values in `errors` are named by path. */
function scrubErrors(walk: Walk, errors: Json): Json {
  if (!Array.isArray(errors)) return errors;
  return mapList(walk, errors, (error) => {
    if (!isObject(error)) return error;
    const isNamed = typeof error['name'] === 'string' && error['name'].split('.').some(walk.rules.isSecretName);
    return mapObject(walk, error, (key, value) => {
      if (key !== 'value' || value === null) return value;
      return isNamed ? hide(walk, value) : scrubTree(walk, value);
    });
  });
}

/**
 * The `_meta` with what scrubbing said, and without secrets in the original values that it holds. Remarks of the SDK on a
 * text that changed lose their ranges, which no longer point at what they meant.
 */
function withNotes(meta: Meta | null, walk: Walk): Meta | null {
  if (!meta && walk.notes.length === 0) return meta;
  const copy: Meta = meta ? structuredClone(meta) : {};
  scrubOriginals(copy, walk.rules, false);
  for (const { keys, annotation } of walk.notes) {
    loosenRanges(copy, keys);
    annotateMeta(copy, keys, annotation);
  }
  return copy;
}

function loosenRanges(meta: Meta, keys: string[]): void {
  let node: Meta | undefined = meta;
  for (const key of keys) node = ((Object.hasOwn(node, key) ? node[key] : undefined) as Meta | undefined) ?? {};
  const annotation = node[''];
  if (annotation?.rem) annotation.rem = annotation.rem.map(([rule, type]) => [rule, type]);
}

function scrubOriginals(node: Meta, rules: ScrubRules, isSecret: boolean): void {
  for (const key of Object.keys(node)) {
    if (key === '') {
      const annotation = node[''];
      if (annotation?.val === undefined) continue;
      const inner: Walk = { rules, keys: [], notes: [] };
      annotation.val = isSecret ? FILTERED : scrubTree(inner, annotation.val);
    } else {
      scrubOriginals(node[key] as Meta, rules, isSecret || rules.isSecretName(key));
    }
  }
}

/**
 * Where the wire's name of a field is not the API's: `[snake_case, camelCase]`. Read forwards by `toEvent`, for fields and
 * for `_meta` alike, and backwards by `fromApiEvent`.
 */
export const FRAME_KEYS = [
  ['abs_path', 'absPath'],
  ['raw_function', 'rawFunction'],
  ['lineno', 'lineNo'],
  ['colno', 'colNo'],
  ['in_app', 'inApp'],
  ['instruction_addr', 'instructionAddr'],
  ['symbol_addr', 'symbolAddr'],
  ['image_addr', 'imageAddr'],
  ['addr_mode', 'addrMode'],
  ['source_link', 'sourceLink'],
  ['stack_start', 'stackStart'],
] as const;
export const STACKTRACE_KEYS = [['frames_omitted', 'framesOmitted']] as const;
export const EXCEPTION_KEYS = [
  ['thread_id', 'threadId'],
  ['raw_stacktrace', 'rawStacktrace'],
  ['raw_type', 'rawType'],
  ['raw_value', 'rawValue'],
  ['raw_module', 'rawModule'],
] as const;
export const THREAD_KEYS = [
  ['raw_stacktrace', 'rawStacktrace'],
  ['held_locks', 'heldLocks'],
] as const;
export const REQUEST_KEYS = [
  ['query_string', 'query'],
  ['inferred_content_type', 'inferredContentType'],
] as const;

export type Keys = readonly (readonly [wire: string, api: string])[];
/** An object that somebody else wrote: read own keys only, and write with `Object.fromEntries`, so that `__proto__` is a key like any other. */
export type Node = { [key: string]: unknown };

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property, or undefined: never what a prototype holds. */
export function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** A copy with keys renamed, wire to API; the others stay. */
export function toApiKeys(value: unknown, keys: Keys): Node {
  const names = new Map(keys);
  return isNode(value) ? renamed(value, names) : {};
}

/** A copy with keys renamed, API to wire; the others stay. */
export function toWireKeys(value: unknown, keys: Keys): Node {
  const names = new Map(keys.map(([wire, api]) => [api, wire] as const));
  return isNode(value) ? renamed(value, names) : {};
}

function renamed(value: Node, names: ReadonlyMap<string, string>): Node {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [names.get(key) ?? key, item]));
}

/** Each child under a numeric key (of a list's `_meta`, or a list itself) through `change`; an object keyed by index. */
export function mapItems(list: unknown, change: (item: unknown, index: number) => unknown): Node {
  if (typeof list !== 'object' || list === null) return {};
  return Object.fromEntries(
    Object.entries(list).map(([key, item]) => [key, /^\d+$/.test(key) ? change(item, Number(key)) : item]),
  );
}

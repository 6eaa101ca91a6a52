/** What the frames of a stored event hold, value by value. */

/** Where on a frame's row a value has to be; `other` is all of the row but the three parts that have a name of their own. */
export type Part = 'source' | 'variables' | 'registers' | 'other';

/** `digits`: of a number, as the stored JSON writes it; a whole number beyond 2^53 is another one once it is read. */
export type StoredValue = { path: string; part: Part; value: string | number | boolean | null; digits?: string };

/** One stack trace, oldest frame first. */
export type StoredTrace = { path: string; frames: StoredValue[][] };

type Node = { readonly [key: string]: unknown };

/** Numbers of the JSON that lose digits on being read. */
class LongNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

const lines = new Set(['pre_context', 'context_line', 'post_context']);

/**
 * Every scalar of every frame of every stack trace, those before symbolication too, and the registers with the frame that
 * they belong to. Left out is what says nothing: null, and empty texts outside of variables; and `in_app: false`, which the
 * page tells by the missing mark.
 *
 * @param json the stored event as text
 */
export function storedTraces(json: string): StoredTrace[] {
  const event = nodeOf(JSON.parse(json, keepDigits));
  return [
    ...tracesOf(event, 'exception'),
    ...tracesOf(event, 'threads'),
    ...traceOf(event['stacktrace'], 'stacktrace'),
  ];
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const digits = context?.source ?? '';
  return typeof value === 'number' && /^-?\d{16,}$/.test(digits) && String(value) !== digits
    ? new LongNumber(digits)
    : value;
}

function tracesOf(event: Node, entry: 'exception' | 'threads'): StoredTrace[] {
  return listOf(nodeOf(event[entry])['values']).flatMap((holder, index) =>
    ['stacktrace', 'raw_stacktrace'].flatMap((key) => traceOf(nodeOf(holder)[key], `${entry}.values.${index}.${key}`)),
  );
}

function traceOf(value: unknown, path: string): StoredTrace[] {
  const trace = nodeOf(value);
  const frames = listOf(trace['frames']).map((frame, index) => frameValues(nodeOf(frame), `${path}.frames.${index}`));
  frames.at(-1)?.push(...scalars(trace['registers'], 'registers', `${path}.registers`));
  return frames.length > 0 ? [{ path, frames }] : [];
}

function frameValues(frame: Node, path: string): StoredValue[] {
  return Object.entries(frame).flatMap(([key, value]) => {
    if (key === 'in_app' && value === false) return [];
    const part: Part = key === 'vars' ? 'variables' : lines.has(key) ? 'source' : 'other';
    return scalars(value, part, `${path}.${key}`);
  });
}

function scalars(value: unknown, part: Part, path: string): StoredValue[] {
  if (value instanceof LongNumber) return [{ path, part, value: Number(value.digits), digits: value.digits }];
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]) => scalars(child, part, `${path}.${key}`));
  }
  if (typeof value === 'number' || typeof value === 'boolean') return [{ path, part, value }];
  if (typeof value === 'string') return value.trim() || part === 'variables' ? [{ path, part, value }] : [];
  return value === null && part === 'variables' ? [{ path, part, value }] : [];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nodeOf = (value: unknown): Node => (isNode(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

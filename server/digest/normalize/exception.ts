import type { JsonObject, StoredException, StoredThread } from '../../protocol/event.ts';
import { stacktrace } from './frame.ts';
import { adopt, annotate, at, invalid, type Place } from './place.ts';
import {
  cleanText,
  type Fields,
  flag,
  integer,
  objectOf,
  objectTree,
  type Reader,
  readObject,
  readValues,
  text,
  textOrJson,
} from './read.ts';

/** Links of a chain, or members of a group, beyond this are left out of the middle. */
const MAX_EXCEPTIONS = 100;
const MAX_THREAD_ID = 200;

const MECHANISM: Fields = new Map<string, Reader>([
  ['type', text],
  ['description', text],
  ['help_link', text],
  ['handled', flag],
  ['synthetic', flag],
  ['exception_id', integer],
  ['parent_id', integer],
  ['is_exception_group', flag],
  ['source', text],
  ['data', objectTree],
  ['meta', objectTree],
]);

/** Very old SDKs named only the type. */
const mechanism: Reader = (value, place, key) => {
  if (typeof value === 'string') return { type: text(value, place, key) };
  const read = objectOf<JsonObject>(MECHANISM)(value, place, key);
  if (read && typeof read['type'] !== 'string') read['type'] = 'generic';
  return read;
};

/** A number, or text: 64-bit thread ids do not fit into a number. */
const threadId: Reader<string | number> = (value, place, key) => {
  adopt(place, key);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') return cleanText(value, place, [key], MAX_THREAD_ID);
  return invalid(place, [key], value, 'expected a thread id');
};

const EXCEPTION: Fields = new Map<string, Reader>([
  ['type', text],
  ['value', textOrJson],
  ['module', text],
  ['thread_id', threadId],
  ['mechanism', mechanism],
  ['stacktrace', stacktrace],
  ['raw_stacktrace', stacktrace],
  ['raw_type', text],
  ['raw_value', textOrJson],
  ['raw_module', text],
]);

const THREAD: Fields = new Map<string, Reader>([
  ['id', threadId],
  ['name', text],
  ['crashed', flag],
  ['current', flag],
  ['main', flag],
  ['state', text],
  ['held_locks', objectTree],
  ['stacktrace', stacktrace],
  ['raw_stacktrace', stacktrace],
]);

/** `{values: [...]}`, a bare list, or one exception by itself. */
export const exceptions: Reader = (value, place, key) => {
  const child = at(place, key);
  const read = readValues(value, child, (raw, itemPlace) => readObject<StoredException>(raw, itemPlace, EXCEPTION));
  if (!read || read.values.length === 0) return null;
  return (read.values.length > MAX_EXCEPTIONS ? withoutMiddle(read, child) : read) as JsonObject;
};

function withoutMiddle(read: { values: StoredException[] }, place: Place): { values: StoredException[] } {
  const { values } = read;
  const half = MAX_EXCEPTIONS / 2;
  annotate(place, ['values'], { rem: [['!limit', 'x']], len: values.length });
  const kept = [...values.slice(0, half), ...values.slice(-half)];
  return Object.assign(read, { values: kept, exc_omitted: [half, values.length - half] });
}

export const threads: Reader = (value, place, key) => {
  const read = readValues(value, at(place, key), (raw, itemPlace) => readObject<StoredThread>(raw, itemPlace, THREAD));
  return read as JsonObject | null;
};

import type { Json, JsonObject, StoredFrame, StoredStacktrace } from '../../protocol/event.ts';
import { address, registerValue } from './address.ts';
import { adopt, annotate, at, invalid, isObject, type Place, placeFrom } from './place.ts';
import {
  count,
  type Fields,
  flag,
  NO_FIELDS,
  objectTree,
  type Reader,
  readItems,
  readObject,
  text,
  textOf,
  textsOf,
} from './read.ts';

/** Longest source line. Minified ones are longer: SDKs snip them around the column. */
const MAX_LINE = 4096;
/** Frames beyond this are left out of the middle; SDKs stop at 500 from each end. */
const MAX_FRAMES = 500;

const line = textOf(MAX_LINE);
const lines = textsOf(MAX_LINE);

const FRAME: Fields = new Map<string, Reader>([
  ['filename', text],
  ['abs_path', text],
  ['module', text],
  ['package', text],
  ['platform', text],
  ['function', text],
  ['raw_function', text],
  ['lineno', count],
  ['colno', count],
  ['context_line', line],
  ['pre_context', lines],
  ['post_context', lines],
  ['source_link', text],
  ['in_app', flag],
  ['stack_start', flag],
  ['vars', objectTree],
  ['instruction_addr', address],
  ['addr_mode', text],
  ['symbol_addr', address],
  ['image_addr', address],
  ['symbol', text],
  ['trust', text],
  ['data', objectTree],
]);

const registers: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!isObject(value)) return invalid(child, [], value, 'expected registers by name');
  return readObject<JsonObject>(value, child, NO_FIELDS, registerValue);
};

const framesOmitted: Reader = (value, place, key) => {
  adopt(place, key);
  return toRange(value) ?? invalid(place, [key], value, 'expected [first, end] of the frames left out');
};

function toRange(value: Json): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [first, end] = value;
  return typeof first === 'number' && typeof end === 'number' ? [first, end] : null;
}

const frames: Reader = (value, place, key) => {
  const child = at(place, key);
  if (!Array.isArray(value)) return invalid(child, [], value, 'expected a list of frames');
  const readFrame = (raw: JsonObject, framePlace: Place) => readObject<StoredFrame>(raw, framePlace, FRAME);
  if (value.length <= MAX_FRAMES) return readItems(value, child, readFrame);
  annotate(child, [], { rem: [['!limit', 'x']], len: value.length });
  return readItems(...withoutMiddle(value, child), readFrame);
};

/** The first and the last half, and a place whose `_meta` follows the last half to its new indexes. */
function withoutMiddle(value: Json[], place: Place): [Json[], Place] {
  const half = MAX_FRAMES / 2;
  const kept = [...value.slice(0, half), ...value.slice(-half)];
  if (!place.incoming) return [kept, place];
  const incoming: JsonObject = {};
  kept.forEach((_, index) => {
    const node = place.incoming?.[index < half ? index : value.length - MAX_FRAMES + index];
    if (node !== undefined) incoming[index] = node;
  });
  return [kept, { ...place, incoming }];
}

const STACKTRACE: Fields = new Map<string, Reader>([
  ['frames', frames],
  ['registers', registers],
  ['frames_omitted', framesOmitted],
  ['lang', text],
]);

/** Reads a stack trace; a bare list is one of its frames. */
export const stacktrace: Reader = (value, place, key) => {
  const child = at(place, key);
  if (Array.isArray(value)) {
    const holder = placeFrom(
      place,
      key,
      place.incoming?.[key] === undefined ? undefined : { frames: place.incoming[key] },
    );
    return withOmitted(readObject<StoredStacktrace>({ frames: value }, holder, STACKTRACE), value);
  }
  if (!isObject(value)) return invalid(child, [], value, 'expected a stack trace');
  return withOmitted(readObject<StoredStacktrace>(value, child, STACKTRACE), value['frames'] ?? null);
};

/** What we left out counts together with what the SDK had left out, which was in the middle, too. */
function withOmitted(read: StoredStacktrace, raw: Json): JsonObject {
  if (Array.isArray(raw) && raw.length > MAX_FRAMES) {
    const before = read.frames_omitted ? Math.max(0, read.frames_omitted[1] - read.frames_omitted[0]) : 0;
    read.frames_omitted = [MAX_FRAMES / 2, raw.length - MAX_FRAMES / 2 + before];
  }
  return read as JsonObject;
}

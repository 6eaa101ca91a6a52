import type { Json } from '../protocol/event.ts';

/** The bytes are not MessagePack, or cut, or nested too deep. */
export class MsgpackError extends Error {
  override name = 'MsgpackError';
}

const MAX_DEPTH = 64;

type Cursor = { bytes: Buffer; at: number };

/**
 * Reads the values that stand in `bytes` one after the other (https://github.com/msgpack/msgpack/blob/master/spec.md), as
 * JSON has them: an integer that a double cannot hold becomes the text of its digits, bytes become text. Extensions are none.
 *
 * @param maxValues of them, those within others counted as well
 * @throws {MsgpackError}
 */
export function readMsgpack(bytes: Buffer, maxValues: number): Json[] {
  const cursor = { bytes, at: 0 };
  const values: Json[] = [];
  let left = maxValues;
  const read = (depth: number): Json => {
    left -= 1;
    if (left < 0 || depth > MAX_DEPTH) throw new MsgpackError('Too many values, or too deep.');
    const head = take(cursor, 1).readUInt8();
    const count = containerSize(cursor, head);
    if (!count) return readScalar(cursor, head);
    if (count.isMap) return Object.fromEntries(repeat(count.size, () => [String(read(depth + 1)), read(depth + 1)]));
    return repeat(count.size, () => read(depth + 1));
  };
  while (cursor.at < bytes.byteLength) values.push(read(0));
  return values;
}

/** A size is what a stranger says: nothing is allocated by it, and each item costs at least a byte. */
function repeat<T>(size: number, make: () => T): T[] {
  const items: T[] = [];
  for (let index = 0; index < size; index += 1) items.push(make());
  return items;
}

function take(cursor: Cursor, size: number): Buffer {
  const end = cursor.at + size;
  if (end > cursor.bytes.byteLength) throw new MsgpackError('The data ends early.');
  const taken = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

const unsigned = (cursor: Cursor, size: 1 | 2 | 4): number => take(cursor, size).readUIntBE(0, size);

function containerSize(cursor: Cursor, head: number): { isMap: boolean; size: number } | null {
  if (head >= 0x80 && head <= 0x8f) return { isMap: true, size: head & 0x0f };
  if (head >= 0x90 && head <= 0x9f) return { isMap: false, size: head & 0x0f };
  if (head === 0xdc || head === 0xde) return { isMap: head === 0xde, size: unsigned(cursor, 2) };
  if (head === 0xdd || head === 0xdf) return { isMap: head === 0xdf, size: unsigned(cursor, 4) };
  return null;
}

function readScalar(cursor: Cursor, head: number): Json {
  if (head <= 0x7f) return head;
  if (head >= 0xe0) return head - 0x100;
  if (head >= 0xa0 && head <= 0xbf) return take(cursor, head & 0x1f).toString();
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
    case 0xc3:
      return head === 0xc3;
    case 0xc4:
    case 0xd9:
      return take(cursor, unsigned(cursor, 1)).toString();
    case 0xc5:
    case 0xda:
      return take(cursor, unsigned(cursor, 2)).toString();
    case 0xc6:
    case 0xdb:
      return take(cursor, unsigned(cursor, 4)).toString();
    case 0xca:
      return finite(take(cursor, 4).readFloatBE());
    case 0xcb:
      return finite(take(cursor, 8).readDoubleBE());
    case 0xcc:
      return unsigned(cursor, 1);
    case 0xcd:
      return unsigned(cursor, 2);
    case 0xce:
      return unsigned(cursor, 4);
    case 0xcf:
      return exact(take(cursor, 8).readBigUInt64BE());
    case 0xd0:
      return take(cursor, 1).readInt8();
    case 0xd1:
      return take(cursor, 2).readInt16BE();
    case 0xd2:
      return take(cursor, 4).readInt32BE();
    case 0xd3:
      return exact(take(cursor, 8).readBigInt64BE());
    default:
      throw new MsgpackError(`No value starts with 0x${head.toString(16)}.`);
  }
}

const finite = (value: number): Json => (Number.isFinite(value) ? value : null);

function exact(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

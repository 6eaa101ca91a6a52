import zlib from 'node:zlib';
import { BadRequestError, TooLargeError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/event.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';

/**
 * Reads the body of `/store/`: one event as JSON, or from old clients base64 of zlib of it (raven for Ruby), which the
 * Content-Encoding does not tell. `bytes` is valid JSON, whatever tokens the sender used.
 *
 * @throws {BadRequestError} not an event
 * @throws {TooLargeError} more than `maxBytes`
 */
function parseStoreBody(body: Buffer, maxBytes: number): { event: JsonObject; bytes: Buffer } {
  const bytes = isBase64(body) ? unpackBase64(body, maxBytes) : body;
  if (bytes.byteLength > maxBytes) {
    throw new TooLargeError(`The event has ${bytes.byteLength} bytes; at most ${maxBytes} are taken.`);
  }
  const text = bytes.toString('utf8');
  const event = tryParse(text);
  if (event !== undefined) return { event: asObject(event), bytes };
  const mended = tryParse(replaceNonNumbers(text));
  if (mended === undefined) throw new BadRequestError('The body is not JSON.');
  return { event: asObject(mended), bytes: Buffer.from(JSON.stringify(mended)) };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new BadRequestError('The body is JSON, but an event is a JSON object.');
}

/** For what `JSON.parse` returned. */
function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first bytes decide: JSON cannot start with two letters of base64, and zlib always starts with `e`, `X` or so. */
function isBase64(body: Buffer): boolean {
  return /^[A-Za-z0-9+/_-]{8}/.test(body.toString('latin1', 0, 8));
}

function unpackBase64(body: Buffer, maxBytes: number): Buffer {
  const packed = Buffer.from(body.toString('latin1'), 'base64');
  try {
    return zlib.inflateSync(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw new TooLargeError(`The event unpacks to over ${maxBytes} bytes.`);
    throw new BadRequestError('The body is neither JSON nor base64 of zlib data.', { cause });
  }
}

/**
 * Old Python SDKs write NaN, Infinity and -Infinity, which JSON has no words for: they become null. A scan, not a regular
 * expression: one that skips strings takes quadratic time on a string that never ends.
 */
function replaceNonNumbers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isString) {
      if (char === '\\') at += 1;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === 'N' || char === 'I' || char === '-') {
      const token = ['NaN', 'Infinity', '-Infinity', '-NaN'].find((each) => text.startsWith(each, at));
      if (!token) continue;
      parts.push(text.slice(from, at), 'null');
      from = at + token.length;
      at = from - 1;
    }
  }
  return parts.join('') + text.slice(from);
}

/**
 * Turns the body of `/store/` into the envelope that an SDK of today would have sent.
 *
 * @throws what `parseStoreBody` throws
 */
export function eventEnvelope(body: Buffer, maxBytes: number): Buffer {
  const { event, bytes } = parseStoreBody(body, maxBytes);
  // Nothing else was ever sent here but the transactions of a few SDKs.
  const type = event['type'] === 'transaction' ? 'transaction' : 'event';
  const header = JSON.stringify({ event_id: toEventId(event['event_id']) ?? newEventId() });
  const itemHeader = JSON.stringify({ type, length: bytes.byteLength, content_type: 'application/json' });
  return Buffer.concat([Buffer.from(`${header}\n${itemHeader}\n`), bytes, Buffer.from('\n')]);
}

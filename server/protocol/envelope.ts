import { StatusError } from './errors.ts';
import type { JsonObject } from './event.ts';

export type EnvelopeItem = {
  headers: { type: string } & JsonObject;
  /** A view of the envelope's own bytes, not a copy. */
  payload: Uint8Array;
};
export type Envelope = { headers: JsonObject; items: EnvelopeItem[] };

/** The envelope is malformed; the message says where and what is expected. */
export class EnvelopeError extends StatusError {
  constructor(message: string, options?: { cause?: unknown }) {
    super(400, message, options);
  }
}

/** A trace header with its baggage takes up to 8 KiB; nothing real comes near this. */
const MAX_HEADER_BYTES = 32 * 1024;
/** Each item costs a JSON parse, and one fits in 16 bytes: without a bound 40 MiB of them would hold the thread for seconds. */
const MAX_ITEMS = 1_000;

const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Splits one envelope into headers and items. Payloads stay bytes: an item may be an image, and `length` counts bytes.
 *
 * @param bytes whole decompressed body; the caller has already capped it
 * @param options `allowCut`, for a file that somebody kept: a last payload shorter than its `length` is taken as it is. On
 *   the wire that means that bytes were lost, and the sender has to know.
 * @throws {EnvelopeError} a header line is not a UTF-8 JSON object or too long; an item has no `type`; `length` is no
 *   byte count, or is not where the payload ends; too many items
 * @see https://develop.sentry.dev/sdk/data-model/envelopes/#serialization-format
 */
export function parseEnvelope(bytes: Uint8Array, options: { allowCut?: boolean } = {}): Envelope {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new EnvelopeError(
      'The envelope starts with a byte order mark; it must start with its header, a JSON object.',
    );
  }
  const headerEnd = lineEnd(bytes, 0);
  const headers = parseHeader(bytes, 0, headerEnd, 'The envelope header');
  const items: EnvelopeItem[] = [];
  let offset = headerEnd + 1;
  while (!isBlankFrom(bytes, offset)) {
    if (items.length === MAX_ITEMS) throw new EnvelopeError(`The envelope has more than ${MAX_ITEMS} items.`);
    offset = parseItem(bytes, offset, items, options.allowCut ?? false);
  }
  return { headers, items };
}

/** Adds the item that starts at `offset` to `items` and returns where the next one starts. */
function parseItem(bytes: Uint8Array, offset: number, items: EnvelopeItem[], allowCut: boolean): number {
  const name = `Item ${items.length + 1}`;
  const headerEnd = lineEnd(bytes, offset);
  const headers = parseHeader(bytes, offset, headerEnd, `The header of item ${items.length + 1}`);
  if (!hasType(headers)) throw new EnvelopeError(`${name} has no "type" in its header.`);

  const start = Math.min(headerEnd + 1, bytes.length);
  const length = toByteCount(headers['length'], name);
  // Without a length the payload runs up to the newline, and a \r in front of that is part of it.
  const end = length === null ? lineEnd(bytes, start) : start + length;
  if (end > bytes.length && !allowCut) {
    throw new EnvelopeError(
      `${name} says "length": ${length}, but only ${bytes.length - start} bytes are left. Was the envelope cut?`,
    );
  }
  if (end < bytes.length && bytes[end] !== NEWLINE) {
    throw new EnvelopeError(`${name} says "length": ${length}, but no newline follows there. Does it count bytes?`);
  }
  items.push({ headers, payload: bytes.subarray(start, end) });
  return end + 1;
}

/**
 * Null: no length was given. Anything but a count of bytes is refused: a negative one would walk backwards for ever.
 */
function toByteCount(length: unknown, name: string): number | null {
  if (length === undefined || length === null) return null;
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length;
  throw new EnvelopeError(`${name} has a "length" that is not a byte count.`);
}

function hasType(headers: JsonObject): headers is EnvelopeItem['headers'] {
  return typeof headers['type'] === 'string';
}

/** Index of the next newline, or the end of the bytes. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const found = bytes.indexOf(NEWLINE, from);
  return found === -1 ? bytes.length : found;
}

/** Trailing newlines are harmless, and old SDKs write two. */
function isBlankFrom(bytes: Uint8Array, offset: number): boolean {
  let at = offset;
  while (bytes[at] === NEWLINE) at += 1;
  return at >= bytes.length;
}

function parseHeader(bytes: Uint8Array, start: number, end: number, name: string): JsonObject {
  if (end - start > MAX_HEADER_BYTES) {
    throw new EnvelopeError(`${name} is longer than ${MAX_HEADER_BYTES} bytes. It must be one line of JSON.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes.subarray(start, end)));
  } catch (cause) {
    throw new EnvelopeError(`${name} is not a line of JSON in UTF-8.`, { cause });
  }
  if (!isJsonObject(value)) throw new EnvelopeError(`${name} is not a JSON object.`);
  return value;
}

/** For what `JSON.parse` returned: an object there holds nothing but JSON. */
function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The bytes of an envelope. Every item's `length` is set to what its payload has. */
export function serializeEnvelope(envelope: Envelope): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode(`${JSON.stringify(envelope.headers)}\n`)];
  for (const { headers, payload } of envelope.items) {
    parts.push(encoder.encode(`${JSON.stringify({ ...headers, length: payload.byteLength })}\n`));
    parts.push(payload, encoder.encode('\n'));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

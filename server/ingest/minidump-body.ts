import { serializeEnvelope } from '../protocol/envelope.ts';
import { BadRequestError } from '../protocol/errors.ts';
import type { Json, JsonObject } from '../protocol/event.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';
import type { Lease } from './budget.ts';
import { crashpadEvent } from './crashpad-files.ts';
import { isMultipart, type Part, parseMultipart } from './multipart.ts';
import type { Unpack } from './unpack.ts';

/** The name under which Breakpad and Crashpad send the dump. */
const DUMP_FIELD = 'upload_file_minidump';
const MAX_KEYS = 8;
const EXCEPTION = {
  type: 'Minidump',
  value: 'The process crashed. Its minidump was stored as an attachment, and not processed into frames.',
  mechanism: { type: 'minidump', handled: false },
};

export type MinidumpBody = { body: Buffer; contentType: string | undefined; lease: Lease; unpack: Unpack };

/**
 * Turns the body of `/minidump/` into an envelope: an event that says of what it is, and the dump and all other files as its
 * attachments. The body is a form, as Breakpad's and Crashpad's uploaders send it, or the dump alone. The dump may be packed
 * as gzip or zstd, and is kept unpacked.
 *
 * Of the form's fields `sentry` is the event as JSON, which may be cut into `sentry__1`, `sentry__2`, ... (Crashpad bounds
 * the length of one); `sentry[release]`, `sentry[tags][level]` or `sentry___tags___level` are parts of it; all others go
 * into `extra`, and so does what cannot be read: a crash is reported once, and not lost for a field. What sentry-native
 * wrote beside the dump is the event beneath that.
 *
 * @throws {BadRequestError} no form, or none with a minidump
 * @throws what `unpack` and the lease throw
 */
export async function minidumpEnvelope({ body, contentType, lease, unpack }: MinidumpBody): Promise<Buffer> {
  const parts = isMultipart(contentType) ? await parseMultipart(body, contentType) : [dumpAlone(body)];
  const dump = parts.find(({ name }) => name === DUMP_FIELD);
  if (!dump) throw new BadRequestError(`The form has no file named ${DUMP_FIELD}.`);
  const bytes = await unpackDump(dump.data, lease, unpack);
  const files = parts.filter((part) => part !== dump && part.filename !== null && !isEventField(part.name));
  const own = crashpadEvent(files);
  const kept = files.filter((file) => !own.read.has(file));
  const event = eventOf(
    own.event,
    parts.filter((part) => part !== dump && !files.includes(part)),
    bytes,
  );
  lease.take(kept.reduce((sum, { data }) => sum + data.byteLength, bytes.byteLength));
  const envelope = serializeEnvelope({
    headers: { event_id: event.event_id },
    items: [
      { headers: { type: 'event', content_type: 'application/json' }, payload: Buffer.from(JSON.stringify(event)) },
      attachment({ ...dump, data: bytes, contentType: 'application/x-dmp' }, 'event.minidump'),
      ...kept.map((file) => attachment(file, 'event.attachment')),
    ],
  });
  lease.give(body.byteLength);
  return Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
}

function dumpAlone(data: Buffer): Part {
  if (!isDump(data) && !packingOf(data)) {
    throw new BadRequestError(`Send a minidump as ${DUMP_FIELD} of multipart/form-data, or by itself.`);
  }
  return { name: DUMP_FIELD, filename: null, contentType: null, data };
}

/** `MDMP`, in the order of bytes of the machine that crashed. */
function isDump(bytes: Buffer): boolean {
  const magic = bytes.toString('latin1', 0, 4);
  return bytes.byteLength >= 32 && (magic === 'MDMP' || magic === 'PMDM');
}

function packingOf(bytes: Buffer): 'gzip' | 'zstd' | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  return bytes.byteLength >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null;
}

async function unpackDump(data: Buffer, lease: Lease, unpack: Unpack): Promise<Buffer> {
  const packing = packingOf(data);
  // `unpack` gives back what was packed, but it is part of a body that stays.
  if (packing) lease.take(data.byteLength);
  const bytes = packing ? await unpack(data, packing, lease) : data;
  if (!isDump(bytes)) throw new BadRequestError(`${DUMP_FIELD} is not a minidump: it does not start with MDMP.`);
  return bytes;
}

function attachment({ name, filename, contentType, data }: Part, attachmentType: string) {
  return {
    headers: {
      type: 'attachment',
      filename: (filename || (name === DUMP_FIELD ? 'minidump.dmp' : name)).slice(0, 255),
      content_type: (contentType ?? 'application/octet-stream').slice(0, 255),
      attachment_type: attachmentType,
    },
    payload: data,
  };
}

/** `sentry`, or a piece of it, which some senders send as a file. */
function isEventField(name: string): boolean {
  return name === 'sentry' || /^sentry__\d{1,3}$/.test(name);
}

function eventOf(beside: JsonObject, fields: Part[], dump: Buffer): JsonObject & { event_id: string } {
  const extra: [string, string][] = [];
  const { event: sent, isRead } = eventFields(fields);
  const event = { ...beside, ...sent };
  for (const { name, data } of fields) {
    if (isEventField(name) && isRead) continue;
    const keys = keysOf(name);
    const value = data.toString();
    if (!keys || !setAt(event, keys, value)) extra.push([name, value]);
  }
  const own = event['extra'];
  return {
    platform: 'native',
    level: 'fatal',
    ...(event['timestamp'] === undefined ? timeOf(dump) : {}),
    ...event,
    ...(hasExceptions(event['exception']) ? {} : { exception: { values: [EXCEPTION] } }),
    ...(extra.length > 0 ? { extra: { ...(isObject(own) ? own : {}), ...Object.fromEntries(extra) } } : {}),
    event_id: toEventId(event['event_id']) ?? newEventId(),
  };
}

function hasExceptions(value: Json | undefined): boolean {
  const values = isObject(value) ? value['values'] : value;
  return Array.isArray(values) && values.length > 0;
}

/** Seconds since the epoch, when the dump was written: many are sent at the program's next start. */
function timeOf(dump: Buffer): JsonObject {
  const seconds = dump.toString('latin1', 0, 4) === 'MDMP' ? dump.readUInt32LE(20) : dump.readUInt32BE(20);
  return seconds === 0 ? {} : { timestamp: seconds };
}

/** The event as the form has it whole. Not read: what there is of it is no JSON object. */
function eventFields(fields: Part[]): { event: JsonObject; isRead: boolean } {
  const pieces = fields
    .filter(({ name }) => isEventField(name))
    .toSorted((a, b) => indexOf(a.name) - indexOf(b.name))
    .map(({ data }) => data);
  try {
    const event: unknown = JSON.parse(Buffer.concat(pieces).toString() || '{}');
    if (isObject(event)) return { event, isRead: true };
  } catch {
    // It goes into `extra` as it is.
  }
  return { event: {}, isRead: false };
}

const indexOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? -1);

/** The place within the event that a field's name gives; null for one that gives none. */
function keysOf(name: string): string[] | null {
  const inBrackets = /^sentry((?:\[[^[\]]{1,200}\]){1,8})$/.exec(name)?.[1];
  const keys = inBrackets?.slice(1, -1).split('][') ?? (name.startsWith('sentry___') ? name.split('___').slice(1) : []);
  return keys.length === 0 || keys.length > MAX_KEYS || keys.includes('') ? null : keys;
}

/** False: something else is in the way. Keys are a stranger's, so that none is assigned to: `__proto__` is a key. */
function setAt(target: JsonObject, keys: string[], value: string): boolean {
  const [key = '', ...rest] = keys;
  const define = (made: Json) =>
    Object.defineProperty(target, key, { value: made, enumerable: true, configurable: true, writable: true });
  if (rest.length === 0) {
    define(value);
    return true;
  }
  if (!Object.hasOwn(target, key)) define({});
  const next = Object.getOwnPropertyDescriptor(target, key)?.value;
  return isObject(next) && setAt(next, rest, value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { type Envelope, EnvelopeError, type EnvelopeItem } from '../protocol/envelope.ts';
import { BadRequestError, TooLargeError } from '../protocol/errors.ts';
import type { Json } from '../protocol/event.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';
import type { IngestLimits } from './limits.ts';

/** What is kept; all other types are taken, counted and dropped. */
const STORED = new Set(['event', 'attachment', 'user_report']);
/** An envelope with one of these is answered with its event id. */
const EVENT_LIKE = new Set(['event', 'transaction', 'feedback', 'raw_security', 'security', 'unreal_report']);
/** So that a stranger's types do not become counters. */
const KNOWN = new Set([
  ...STORED,
  ...EVENT_LIKE,
  ...['session', 'sessions', 'client_report', 'replay_event', 'replay_recording', 'replay_video', 'profile'],
  ...['profile_chunk', 'check_in', 'log', 'span', 'trace_metric', 'statsd', 'metric_buckets', 'form_data', 'nel'],
]);

export type Inspected = {
  /** 32 hex digits; null when no item needs one. */
  eventId: string | null;
  /** False: nothing in it is kept, so it need not be spooled. */
  isStored: boolean;
  /** The id belongs into the answer. */
  isAnswered: boolean;
};

/**
 * Decides what becomes of an envelope, from its headers. A payload is parsed only where the header has no event id.
 *
 * @throws {TooLargeError} an item that would be kept is larger than it may be
 * @throws {EnvelopeError} `event_id` is not one
 * @throws {BadRequestError} attachments that belong to no event
 */
export function inspectEnvelope(envelope: Envelope, limits: IngestLimits): Inspected {
  let isStored = false;
  let isAnswered = false;
  for (const item of envelope.items) {
    checkSize(item, limits);
    isStored ||= STORED.has(item.headers.type);
    isAnswered ||= EVENT_LIKE.has(item.headers.type);
  }
  if (!isStored && !isAnswered) return { eventId: null, isStored, isAnswered };
  return {
    eventId: parseEventId(envelope.headers['event_id']) ?? idOfItems(envelope.items, limits),
    isStored,
    isAnswered,
  };
}

/** For counters: the type, or `unknown`. */
export function knownType(item: EnvelopeItem): string {
  return KNOWN.has(item.headers.type) ? item.headers.type : 'unknown';
}

export function isStoredType(type: string): boolean {
  return STORED.has(type);
}

function checkSize({ headers, payload }: EnvelopeItem, limits: IngestLimits): void {
  if (!STORED.has(headers.type)) return;
  const max = headers.type === 'attachment' ? limits.maxAttachmentBytes : limits.maxEventBytes;
  if (payload.byteLength > max) {
    throw new TooLargeError(`The ${headers.type} item has ${payload.byteLength} bytes; at most ${max} are taken.`);
  }
}

/** @returns 32 lower-case hex digits; null for none, and for the empty text that some SDKs send. @throws {EnvelopeError} */
function parseEventId(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null;
  const id = toEventId(value);
  if (id === null) throw new EnvelopeError('The "event_id" of the envelope is not a UUID of 32 hex digits.');
  return id;
}

/** An event names itself or is named; a report names the event that it is about; an attachment names nothing. */
function idOfItems(items: EnvelopeItem[], limits: IngestLimits): string {
  const named = items.find(({ headers }) => EVENT_LIKE.has(headers.type)) ?? items.find(isUserReport);
  if (!named) throw new BadRequestError('An envelope with attachments needs the "event_id" of their event.');
  // What is dropped may be of any size, but is not parsed for its id beyond what an event may have.
  const isParsed = named.payload.byteLength <= limits.maxEventBytes;
  const id = isParsed ? toEventId(idInPayload(named.payload)) : null;
  if (id === null && isUserReport(named)) {
    throw new BadRequestError('A user report needs the "event_id" of the event that it is about.');
  }
  return id ?? newEventId();
}

function isUserReport({ headers }: EnvelopeItem): boolean {
  return headers.type === 'user_report';
}

/** A payload that cannot be read is digest's to judge. */
function idInPayload(payload: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    return typeof value === 'object' && value !== null && 'event_id' in value ? value.event_id : null;
  } catch {
    return null;
  }
}

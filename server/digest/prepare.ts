/** From one spooled envelope to what is saved of it: no SQL, so it happens before the transaction. */
import { type Envelope, type EnvelopeItem, parseEnvelope } from '../protocol/envelope.ts';
import type { Json, JsonObject, StoredEvent } from '../protocol/event.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';
import { deriveEvent } from './derive.ts';
import { groupEvent } from './group.ts';
import { isObject, toStorable } from './normalize/place.ts';
import { parseTimestamp } from './normalize/timestamp.ts';
import { type NormalizedEvent, normalizeEvent } from './normalize.ts';
import { parseJson } from './parse-json.ts';
import { scrubEvent } from './scrub.ts';

/** An envelope as the spool or a dead letter holds it. */
export type StoredEnvelope = {
  projectId: number;
  eventId: string | null;
  /** Unix ms. */
  receivedAt: number;
  remoteAddress: string | null;
  body: Uint8Array;
};

type PreparedAttachment = { name: string; contentType: string; attachmentType: string; data: Buffer };
type PreparedUserReport = { eventId: string; name: string | null; email: string | null; comments: string };
export type Prepared = {
  /** 32 hex digits. */
  eventId: string;
  event: StoredEvent | null;
  attachments: PreparedAttachment[];
  userReports: PreparedUserReport[];
  /** Types of items that are not stored, as often as they came. */
  dropped: string[];
};

/** What is prepared, before its frames are mapped and all that follows from them is derived. */
export type Draft = Omit<Prepared, 'event'> & { event: NormalizedEvent | null };

const utf8 = new TextDecoder('utf-8');
const MAX_COMMENTS = 4096;
const MAX_NAME = 255;

/**
 * The steps before symbolicating: parse, normalize, scrub.
 *
 * @throws {EnvelopeError} the envelope is malformed
 * @throws {SyntaxError} its event is not JSON
 * @throws {NotAnEventError} its event is no object
 */
export function draftEnvelope(stored: StoredEnvelope): Draft {
  const envelope = parseEnvelope(stored.body);
  const payload = eventPayload(envelope);
  const inPayload = isObject(payload) ? payload['event_id'] : null;
  const eventId =
    toEventId(stored.eventId) ?? toEventId(envelope.headers['event_id']) ?? toEventId(inPayload) ?? newEventId();
  const prepared: Draft = { eventId, event: null, attachments: [], userReports: [], dropped: [] };
  if (payload !== undefined) {
    // Some clients send transactions as events. They are no errors.
    if (isObject(payload) && payload['type'] === 'transaction') prepared.dropped.push('transaction');
    else prepared.event = toScrubbed(payload, stored, eventId, envelope.headers);
  }
  let hasEvent = false;
  for (const item of envelope.items) {
    const { type } = item.headers;
    if (type === 'event' && !hasEvent) hasEvent = true;
    else if (type === 'attachment') prepared.attachments.push(toAttachment(item));
    else if (!(type === 'user_report' && addUserReport(item, prepared))) prepared.dropped.push(type);
  }
  return prepared;
}

/** The first event item counts; `undefined` when there is none. */
function eventPayload(envelope: Envelope): Json | undefined {
  const item = envelope.items.find(({ headers }) => headers.type === 'event');
  return item && parseJson(utf8.decode(item.payload));
}

/** The steps after symbolicating: derive, group. */
export function finishDraft({ event, ...rest }: Draft): Prepared {
  return { ...rest, event: event && finishEvent(event) };
}

/** All steps but symbolicating. @throws as `draftEnvelope` */
export function prepareEnvelope(stored: StoredEnvelope): Prepared {
  return finishDraft(draftEnvelope(stored));
}

/** The same of an event alone. */
export function toStoredEvent(
  payload: Json,
  stored: StoredEnvelope,
  eventId: string,
  headers: JsonObject,
): StoredEvent {
  return finishEvent(toScrubbed(payload, stored, eventId, headers));
}

function toScrubbed(payload: Json, stored: StoredEnvelope, eventId: string, headers: JsonObject): NormalizedEvent {
  const sentAt = parseTimestamp(headers['sent_at']);
  const normalized = normalizeEvent(payload, { ...stored, eventId, sentAt: sentAt === null ? null : sentAt * 1000 });
  return scrubEvent(normalized);
}

/** Title, culprit, tags and group: of the frames as they are now. */
function finishEvent(event: NormalizedEvent): StoredEvent {
  const { id, hashes } = groupEvent(event);
  return { ...event, ...deriveEvent(event), hashes, grouping_config: { id } };
}

function toAttachment({ headers, payload }: EnvelopeItem): PreparedAttachment {
  const filename = textOf(headers['filename']);
  return {
    // A name to show, never a path to open.
    name: (filename ?? 'attachment').replaceAll('\0', '').slice(0, MAX_NAME) || 'attachment',
    contentType: textOf(headers['content_type'])?.slice(0, MAX_NAME) ?? 'application/octet-stream',
    attachmentType: textOf(headers['attachment_type'])?.slice(0, MAX_NAME) ?? 'event.attachment',
    data: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  };
}

/** @returns false when it cannot be read; the rest of the envelope is still good */
function addUserReport(item: EnvelopeItem, prepared: Draft): boolean {
  let report: Json;
  try {
    report = parseJson(utf8.decode(item.payload));
  } catch {
    return false;
  }
  if (!isObject(report) || typeof report['comments'] !== 'string') return false;
  prepared.userReports.push({
    eventId: toEventId(report['event_id']) ?? prepared.eventId,
    name: toStorable(textOf(report['name'])?.slice(0, MAX_NAME) ?? '') || null,
    email: toStorable(textOf(report['email'])?.slice(0, MAX_NAME) ?? '') || null,
    comments: toStorable(report['comments'].slice(0, MAX_COMMENTS)),
  });
  return true;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * Any JSON object that claims to be an event, to the stored form less what digest derives. Lenient: what has the wrong
 * kind becomes null with its original in `_meta` and an entry in `errors`; unknown fields stay; no event is lost for a field.
 */
import type { Json, JsonObject, ProcessingError, StoredEvent } from '../protocol/event.ts';
import { addUserAgentContexts, contexts } from './normalize/contexts.ts';
import { moveStacktraceToException } from './normalize/crashed-thread.ts';
import { exceptions, threads } from './normalize/exception.ts';
import { stacktrace } from './normalize/frame.ts';
import { breadcrumbs, debugMeta, errors, fingerprint, logentry, modules, sdk } from './normalize/interfaces.ts';
import { level } from './normalize/level.ts';
import { addError, annotate, isObject, type Place, rootPlace } from './normalize/place.ts';
import { type Fields, objectTree, type Reader, readObject, text } from './normalize/read.ts';
import { request } from './normalize/request.ts';
import { readTags } from './normalize/tags.ts';
import { timestamp } from './normalize/timestamp.ts';
import { fillIpAddress, user } from './normalize/user.ts';

type Derived = 'title' | 'culprit' | 'location' | 'metadata' | 'hashes' | 'grouping_config';
/** A stored event before digest derives its title, culprit, group and tags. `culprit` is what the SDK sent, if it did. */
export type NormalizedEvent = Omit<StoredEvent, Derived> & { culprit?: string | null };

export type NormalizeContext = {
  projectId: number;
  /** 32 lower-case hex digits; beats the id in the payload. */
  eventId: string;
  /** Unix ms. */
  receivedAt: number;
  remoteAddress: string | null;
  /** When the SDK sent the envelope by its own clock, Unix ms: tells a wrong clock from a wrong time. */
  sentAt?: number | null;
};

/** The payload is no JSON object, so there is nothing to keep of it as an event. */
export class NotAnEventError extends Error {
  override name = 'NotAnEventError';
}

/** Keys of older payloads, by today's names. */
const ALIASES = new Map([
  ['sentry.interfaces.Exception', 'exception'],
  ['sentry.interfaces.Stacktrace', 'stacktrace'],
  ['sentry.interfaces.Http', 'request'],
  ['sentry.interfaces.User', 'user'],
  ['sentry.interfaces.Message', 'logentry'],
  ['sentry.interfaces.Breadcrumbs', 'breadcrumbs'],
  ['sentry.interfaces.Contexts', 'contexts'],
  ['sentry.interfaces.Threads', 'threads'],
  ['sentry.interfaces.Template', 'template'],
  ['sentry.interfaces.Query', 'query'],
  ['sentry.interfaces.DebugMeta', 'debug_meta'],
  ['message', 'logentry'],
]);
/** Names of what digest itself derives or is told: a payload does not set them. */
const OWN_FIELDS = new Set([
  'title',
  'location',
  'metadata',
  'hashes',
  'grouping_config',
  'project',
  'received',
  'type',
]);

const EVENT: Fields = new Map<string, Reader>([
  ['platform', text],
  ['level', level],
  ['timestamp', timestamp],
  ['logger', text],
  ['transaction', text],
  ['culprit', text],
  ['server_name', text],
  ['release', text],
  ['dist', text],
  ['environment', text],
  ['version', text],
  ['tags', (value, place) => readTags(value, place)],
  ['modules', modules],
  ['extra', objectTree],
  ['fingerprint', fingerprint],
  ['errors', errors],
  ['logentry', logentry],
  ['exception', exceptions],
  ['stacktrace', stacktrace],
  ['threads', threads],
  ['breadcrumbs', breadcrumbs],
  ['request', request],
  ['user', user],
  ['contexts', contexts],
  ['sdk', sdk],
  ['debug_meta', debugMeta],
  ['template', objectTree],
]);

/**
 * @param raw a parsed payload; it is not changed
 * @throws {NotAnEventError} it is no object
 */
export function normalizeEvent(raw: unknown, context: NormalizeContext): NormalizedEvent {
  if (!isObject(raw)) throw new NotAnEventError('The event is not a JSON object.');
  const payload = withTodaysNames(raw);
  const place = rootPlace(isObject(raw['_meta']) ? withTodaysNames(raw['_meta']) : undefined);
  const read = readObject<Partial<NormalizedEvent>>(payload, place, EVENT);

  const event: NormalizedEvent = {
    ...read,
    event_id: context.eventId,
    project: String(context.projectId),
    platform: read.platform || 'other',
    level: read.level ?? 'error',
    timestamp: eventTime(read.timestamp ?? null, context, place, read),
    received: context.receivedAt / 1000,
    type: 'default',
    tags: read.tags ?? [],
  };
  moveStacktraceToException(event, place.report.meta);
  if (event.exception?.values.some((exception) => exception.type || exception.value || exception.stacktrace)) {
    event.type = 'error';
  }
  liftTags(event);
  fillIpAddress(event, context.remoteAddress);
  addUserAgentContexts(event);
  event.errors = errorsOf(place.report.errors);
  event._meta = Object.keys(place.report.meta).length > 0 ? place.report.meta : null;
  return event;
}

/** Today's name wins over an older one. Without a `logentry`, an old `message` is one. */
function withTodaysNames(raw: JsonObject): JsonObject {
  const out: JsonObject = {};
  const older: [string, Json][] = [];
  for (const key of Object.keys(raw)) {
    const value = raw[key] ?? null;
    if (key === '_meta' || key === 'event_id' || OWN_FIELDS.has(key)) continue;
    const alias = ALIASES.get(key);
    if (alias) older.push([alias, value]);
    else if (key === '__proto__') Object.defineProperty(out, key, { value, enumerable: true });
    else out[key] = value;
  }
  for (const [key, value] of older) {
    if (out[key] === undefined || out[key] === null || out[key] === '') out[key] = value;
  }
  return out;
}

/** How far ahead of ours an SDK's clock may be. */
const MAX_AHEAD_SECONDS = 60;

/**
 * A time in the future is wrong for certain. `sent_at` says by how much the clock is ahead, and breadcrumbs move with it;
 * without, the time of arrival is the best there is. A time in the past is kept: events wait in queues, and are imported.
 */
function eventTime(
  sent: number | null,
  context: NormalizeContext,
  place: Place,
  read: Partial<NormalizedEvent>,
): number {
  const received = context.receivedAt / 1000;
  if (sent === null) return received;
  if (sent <= received + MAX_AHEAD_SECONDS) return sent;
  const ahead = context.sentAt ? context.sentAt / 1000 - received : 0;
  const isDrift = ahead > MAX_AHEAD_SECONDS;
  const type = isDrift ? 'clock_drift' : 'future_timestamp';
  const corrected = Math.min(received, isDrift ? Math.round((sent - ahead) * 1e6) / 1e6 : received);
  annotate(place, ['timestamp'], { err: [[type, { sdk_time: sent, server_time: received }]], val: sent });
  addError(place, ['timestamp'], { type, value: sent, reason: 'the time was in the future' });
  if (isDrift) {
    for (const crumb of read.breadcrumbs?.values ?? []) {
      if (typeof crumb.timestamp === 'number') crumb.timestamp = Math.round((crumb.timestamp - ahead) * 1e6) / 1e6;
    }
  }
  return corrected;
}

/** Some SDKs have only tags for what has a field of its own. */
const LIFTED = ['release', 'dist', 'environment', 'server_name', 'transaction', 'logger'] as const;

function liftTags(event: NormalizedEvent): void {
  for (const key of LIFTED) {
    if (event[key]) continue;
    const tag = event.tags.find(([name]) => name === key);
    if (tag) event[key] = tag[1];
  }
}

function errorsOf(errors: ProcessingError[]): ProcessingError[] | null {
  return errors.length > 0 ? errors : null;
}

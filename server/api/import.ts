import { type Envelope, parseEnvelope, serializeEnvelope } from '../protocol/envelope.ts';
import { BadRequestError, NotFoundError } from '../protocol/errors.ts';
import { newEventId, toEventId } from '../protocol/event-id.ts';
import type { ProjectStore } from '../storage/projects.ts';
import type { NewEnvelope } from '../storage/spool.ts';
import { isNode, type Node } from './event-keys.ts';
import { fromApiEvent, isApiEvent } from './from-api-event.ts';

/** Whole envelopes for the spool, one an event; `eventIDs` are 32 lower-case hex digits, in order. */
export type ImportedEnvelopes = { eventIDs: string[]; envelopes: Uint8Array[] };

/** More at once would be a migration, which `stackmend events import` does file by file. */
const MAX_EVENTS = 100;
const WANTED =
  'Expected the JSON of an event (as an SDK sends it, or as the API answers it), a list of them, or an envelope.';

type ImportDeps = {
  projects: Pick<ProjectStore, 'bySlug'>;
  /** Resolves when the envelope is on disk. */
  append: (envelope: NewEnvelope) => Promise<void>;
  /** Unix ms. */
  now: () => number;
};

/** Spools what a person hands over, into the project of this slug. @throws {NotFoundError} and what `envelopesOf` throws */
export function createImport({ projects, append, now }: ImportDeps) {
  return async (projectSlug: string, bytes: Uint8Array): Promise<{ eventIDs: string[] }> => {
    const project = await projects.bySlug(projectSlug);
    if (!project) throw new NotFoundError(`There is no project "${projectSlug}".`);
    const { eventIDs, envelopes } = envelopesOf(bytes);
    const from = { projectId: project.id, receivedAt: now(), remoteAddress: null, client: 'stackmend.import' };
    // One after the other: they are digested in this order.
    for (const [index, envelope] of envelopes.entries()) {
      await append({ ...from, eventId: eventIDs[index] ?? null, body: Buffer.from(envelope) });
    }
    return { eventIDs };
  };
}

/**
 * Reads what a person drops or pastes: an SDK's payload, Sentry's API answer, an array of either, one JSON object a
 * line, or a whole envelope. Event ids are kept; an event without one gets one.
 *
 * @throws {BadRequestError} it is none of these; the message says what was expected and where it stops being JSON
 * @throws {EnvelopeError} it begins like an envelope and is broken
 */
export function envelopesOf(input: string | Uint8Array): ImportedEnvelopes {
  const text = (typeof input === 'string' ? input : new TextDecoder().decode(input)).replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new BadRequestError(`Nothing was sent. ${WANTED}`);
  const whole = parseJson(text);
  if ('value' in whole) return fromEvents(Array.isArray(whole.value) ? whole.value : [whole.value]);

  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first, second] = lines.map((line) => parseJson(line));
  if (!first || !('value' in first) || !isNode(first.value)) throw new BadRequestError(`${whole.reason} ${WANTED}`);
  // Lines of events: the second line of an envelope is an item's header, which names its type and holds no event.
  if (second && 'value' in second && isNode(second.value) && isItemHeader(second.value)) {
    const bytes = typeof input === 'string' ? new TextEncoder().encode(text) : withoutMark(input);
    return fromEnvelope(parseEnvelope(bytes, { allowCut: true }));
  }
  return fromEvents(
    lines.map((line, index) => {
      const parsed = parseJson(line);
      if ('value' in parsed) return parsed.value;
      throw new BadRequestError(`Line ${index + 1} is not JSON: ${parsed.reason} ${WANTED}`);
    }),
  );
}

/**
 * One event as an envelope.
 * @throws {BadRequestError} it is nested so deeply that it cannot be written; parsing it takes no stack, writing it does
 */
function envelopeOf(event: Node, eventId: string): Uint8Array {
  const payload = new TextEncoder().encode(stringify({ ...event, event_id: eventId }));
  return serializeEnvelope({ headers: { event_id: eventId }, items: [{ headers: { type: 'event' }, payload }] });
}

function stringify(event: Node): string {
  try {
    return JSON.stringify(event);
  } catch (cause) {
    throw new BadRequestError('The event is nested too deeply.', { cause });
  }
}

function fromEvents(values: unknown[]): ImportedEnvelopes {
  if (values.length === 0) throw new BadRequestError(`The list is empty. ${WANTED}`);
  if (values.length > MAX_EVENTS)
    throw new BadRequestError(`${values.length} events at once are too many; send ${MAX_EVENTS} at most.`);
  const events = values.map((value, index) => toWireEvent(value, values.length > 1 ? `Event ${index + 1}` : 'This'));
  const eventIDs = events.map((event) => toEventId(event['event_id']) ?? newEventId());
  return { eventIDs, envelopes: events.map((event, index) => envelopeOf(event, eventIDs[index] ?? newEventId())) };
}

function toWireEvent(value: unknown, name: string): Node {
  if (!isNode(value)) throw new BadRequestError(`${name} is not a JSON object. ${WANTED}`);
  if (isApiEvent(value)) return fromApiEvent(value);
  if (value['type'] === 'transaction')
    throw new BadRequestError(`${name} is a transaction, not an error event. ${WANTED}`);
  if (!Object.keys(value).some((key) => EVENT_FIELDS.has(key))) {
    throw new BadRequestError(
      `${name} is a JSON object without any field of an event (exception, message, ...). ${WANTED}`,
    );
  }
  return value;
}

/** One of these makes an object an event; `level`, `tags` or `timestamp` alone could be anything. */
const EVENT_FIELDS = new Set([
  'event_id',
  'exception',
  'logentry',
  'message',
  'stacktrace',
  'threads',
  'platform',
  'breadcrumbs',
  'culprit',
  'sentry.interfaces.Exception',
  'sentry.interfaces.Message',
  'sentry.interfaces.Stacktrace',
  'sentry.interfaces.Http',
]);

function fromEnvelope(envelope: Envelope): ImportedEnvelopes {
  const item = envelope.items.find(({ headers }) => headers.type === 'event');
  if (!item) {
    const types = [...new Set(envelope.items.map(({ headers }) => headers.type))].join(', ');
    throw new BadRequestError(`The envelope holds no event${types && `, only: ${types}`}. ${WANTED}`);
  }
  const inside = parseJson(new TextDecoder().decode(item.payload));
  const event = 'value' in inside && isNode(inside.value) ? inside.value : {};
  const eventId = toEventId(envelope.headers['event_id']) ?? toEventId(event['event_id']) ?? newEventId();
  const headers = { ...envelope.headers, event_id: eventId };
  return { eventIDs: [eventId], envelopes: [serializeEnvelope({ ...envelope, headers })] };
}

function isItemHeader(value: Node): boolean {
  return typeof value['type'] === 'string' && value['exception'] === undefined && value['event_id'] === undefined;
}

function parseJson(text: string): { value: unknown } | { reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { reason: error instanceof Error ? `${error.message}.` : 'It is not JSON.' };
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

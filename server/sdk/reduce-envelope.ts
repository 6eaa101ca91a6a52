/**
 * What another company may know of an error here: where in our code it happened and of which type it is, on which version
 * and machine. An error's words may quote an event of a user, so none of them leave; everything else is left out unless it
 * is listed here. The relay, on this machine, keeps all.
 */
import type { Envelope, EnvelopeItem } from '@sentry/core';
import { copyEnvelope } from './copy-envelope.ts';
import { PROJECT_TAG, UNSAFE_TAG } from './is-current-event-safe.ts';
import { CODE_TAG, OWN_ROOT } from './own-code.ts';

/** Stands where the text of an error was. */
export const KEPT_TEXT = 'The text of this error is kept in the internal project of the server.';

/** Of numbers and names alone; anything else could hold what a user sent. */
const PASSED_TYPES: ReadonlySet<string> = new Set(['client_report', 'statsd', 'metric_buckets', 'trace_metric']);

/** @returns a new envelope; one without items when nothing in it may leave */
export function reduceEnvelope(envelope: Envelope): Envelope {
  const items = envelope[1].flatMap((item): EnvelopeItem[] => {
    const [headers, payload] = item;
    if (PASSED_TYPES.has(headers.type)) return [item];
    if (headers.type !== 'event') return [];
    const event = reduceEvent(payload);
    return event ? [[{ type: 'event' }, event]] : [];
  });
  const copy = copyEnvelope(envelope, items);
  for (const name of Object.keys(copy[0])) {
    // The trace's header names a transaction, and the DSN is the other side's.
    if (!PASSED_HEADERS.has(name)) Reflect.deleteProperty(copy[0], name);
  }
  return copy;
}

const PASSED_HEADERS: ReadonlySet<string> = new Set(['event_id', 'sent_at', 'sdk']);

type Fields = Record<string, unknown>;
/** Takes a value over when it has the form that ours has; anything else is as if it was not there. */
type Keep = (value: unknown) => unknown;

const text =
  (pattern: RegExp): Keep =>
  (value) => {
    // The SDK reads some from files, with the end of their line.
    const trimmed = typeof value === 'string' ? value.trim() : '';
    return pattern.test(trimmed) ? trimmed : undefined;
  };
const number: Keep = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const flag: Keep = (value) => (typeof value === 'boolean' ? value : undefined);
const fixed =
  (replacement: unknown): Keep =>
  () =>
    replacement;
const fields =
  (keeps: Record<string, Keep>) =>
  (value: unknown): Fields | undefined => {
    if (!isObject(value)) return undefined;
    const kept: Fields = {};
    for (const [name, keep] of Object.entries(keeps)) {
      const field = keep(Object.hasOwn(value, name) ? value[name] : undefined);
      if (field !== undefined) kept[name] = field;
    }
    return kept;
  };

const MAX_EXCEPTIONS = 10;
/** Versions of systems and of packages, names of both. */
const versionText = text(/^[\w .,:#()+~/@-]{1,200}$/);
const ownName = text(/^[\w.:+/@-]{1,200}$/);

const reduceEvent = fields({
  event_id: text(/^[0-9a-f]{32}$/),
  timestamp: number,
  platform: ownName,
  level: text(/^(?:fatal|error|warning|log|info|debug)$/),
  // Both are settings, not an event's.
  release: (value) => (typeof value === 'string' ? value : undefined),
  environment: (value) => (typeof value === 'string' ? value : undefined),
  // Or the other side would take this machine's address for a user's.
  sdk: (value) => fields({ name: ownName, version: ownName, settings: fixed({ infer_ip: 'never' }) })(value ?? {}),
  message: (value) => (value === undefined ? undefined : KEPT_TEXT),
  tags: fields({
    [PROJECT_TAG]: (value) => text(/^\d{1,16}$/)(String(value)),
    [UNSAFE_TAG]: (value) => (value ? 'true' : undefined),
    [CODE_TAG]: text(/^[A-Z][A-Z0-9_]{1,63}$/),
  }),
  contexts: fields({
    runtime: fields({ name: ownName, version: versionText }),
    os: fields({ name: versionText, version: versionText, kernel_version: versionText, build: versionText }),
  }),
  exception: fields({
    values: (value) => (Array.isArray(value) ? value.slice(-MAX_EXCEPTIONS).map(reduceException) : undefined),
  }),
});

function reduceException(exception: unknown): unknown {
  const message = isObject(exception) ? exception['value'] : undefined;
  return fields({
    type: (value) => text(/^[A-Za-z_$][\w$.]{0,79}$/)(value) ?? 'Error',
    value: fixed(KEPT_TEXT),
    mechanism: fields({
      type: ownName,
      handled: flag,
      exception_id: number,
      parent_id: number,
      source: text(/^(?:cause|errors\[\d{1,4}\])$/),
    }),
    stacktrace: isMistakenForFrames(message)
      ? fixed(undefined)
      : fields({ frames: (value) => (Array.isArray(value) ? value.filter(isOwnFrame).map(reduceFrame) : undefined) }),
  })(exception);
}

/** The stack is text that begins with the message, and a message may quote a stack: those lines would be frames too. */
function isMistakenForFrames(message: unknown): boolean {
  return typeof message === 'string' && /^[ \t]*at /m.test(message);
}

const isOwnFrame = (frame: unknown): boolean => isObject(frame) && toOwnPath(frame['filename']) !== undefined;

const reduceFrame = fields({
  // From our root on: where that is on this machine is nobody's business.
  filename: toOwnPath,
  function: text(/^[\w$.#<>[\] ]{1,120}$/),
  lineno: number,
  colno: number,
  in_app: flag,
});

function toOwnPath(filename: unknown): string | undefined {
  if (typeof filename !== 'string' || !filename.startsWith(OWN_ROOT)) return undefined;
  const path = filename.slice(OWN_ROOT.length).replaceAll('\\', '/');
  return /^[\w./@+-]{1,300}$/.test(path) ? `app:///${path}` : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Title, culprit, location and tags of a normalized event, as Sentry derives them. */
import type { JsonObject, StoredEvent, StoredException, StoredFrame, StoredStacktrace } from '../protocol/event.ts';
import { deriveTags } from './derive/tags.ts';
import type { NormalizedEvent } from './normalize.ts';

export type Derived = Pick<StoredEvent, 'title' | 'culprit' | 'location' | 'metadata' | 'tags'>;

const MAX_TITLE_VALUE = 100;
const MAX_MESSAGE_TITLE = 256;
const MAX_METADATA_VALUE = 1024;
const MAX_METADATA_TYPE = 128;
const MAX_CULPRIT = 200;

export function deriveEvent(event: NormalizedEvent): Derived {
  const metadata = event.type === 'error' ? errorMetadata(event) : messageMetadata(event);
  return {
    title: event.type === 'error' ? errorTitle(event, metadata) : (metadata.title ?? '<unlabeled event>'),
    culprit: culpritOf(event),
    location: metadata.filename ?? null,
    metadata,
    tags: deriveTags(event),
  };
}

/** The exception that the event is about: the one raised last, which is also the root of a group. */
export function mainException(event: Pick<StoredEvent, 'exception'>): StoredException | null {
  return event.exception?.values.at(-1) ?? null;
}

/** True when any exception was not caught by the program. */
export function isUnhandled(event: Pick<StoredEvent, 'exception'>): boolean {
  return event.exception?.values.some((exception) => exception.mechanism?.handled === false) ?? false;
}

/** The stack trace that the event is about: its exception's, its own, or that of its crashed, current or only thread. */
function mainStacktrace(event: NormalizedEvent): StoredStacktrace | null {
  const exception = event.exception?.values.findLast(({ stacktrace }) => stacktrace?.frames?.length);
  if (exception?.stacktrace) return exception.stacktrace;
  if (event.stacktrace?.frames?.length) return event.stacktrace;
  const threads = event.threads?.values ?? [];
  const thread =
    threads.find(({ crashed }) => crashed) ??
    threads.find(({ current }) => current) ??
    (threads.length === 1 ? threads[0] : null);
  return thread?.stacktrace ?? null;
}

function errorMetadata(event: NormalizedEvent): StoredEvent['metadata'] {
  const exception = mainException(event);
  const metadata: StoredEvent['metadata'] = {};
  // A synthetic exception has a type that the SDK made up, the same for every crash: the function says more.
  if (exception?.type && !exception.mechanism?.synthetic) metadata.type = cut(exception.type, MAX_METADATA_TYPE);
  if (exception?.value) metadata.value = cut(exception.value, MAX_METADATA_VALUE);
  const frame = crashFrame(mainStacktrace(event));
  const filename = frame?.filename || frame?.abs_path;
  if (filename) metadata.filename = filename;
  if (frame?.function) metadata.function = frame.function;
  return metadata;
}

function errorTitle(event: NormalizedEvent, { type, value, function: name }: StoredEvent['metadata']): string {
  const exception = mainException(event);
  const line = firstLine(value ?? '');
  // A message that was sent with its stack trace is an exception without a type.
  if (!exception?.type && line) return cut(line, MAX_MESSAGE_TITLE);
  if (!type && name) return name;
  // Sentry says "<unknown>" for a synthetic exception without a named frame; its made-up type says a little more.
  const head = type ?? exception?.type ?? '<unknown>';
  return line ? `${head}: ${cut(line, MAX_TITLE_VALUE)}` : head;
}

function messageMetadata(event: NormalizedEvent): StoredEvent['metadata'] {
  const message = event.logentry?.formatted || event.logentry?.message || '';
  const line = firstLine(message);
  return { title: line ? cut(line, MAX_MESSAGE_TITLE) : '<unlabeled event>' };
}

const UNNAMED = new Set(['<redacted>', '<unknown>', '']);

/** The newest frame of the program's own with a name, else the newest with a name. */
function crashFrame(stacktrace: StoredStacktrace | null): StoredFrame | null {
  const frames = (stacktrace?.frames ?? []).filter((frame) => !UNNAMED.has(frame.function ?? ''));
  return frames.findLast((frame) => frame.in_app) ?? frames.at(-1) ?? null;
}

function culpritOf(event: NormalizedEvent): string {
  const given = event.culprit || event.transaction;
  if (given) return cut(given, MAX_CULPRIT);
  const stacktrace = mainStacktrace(event);
  if (!stacktrace) return event.request?.url ? cut(event.request.url, MAX_CULPRIT) : '';
  const frames = stacktrace.frames ?? [];
  const own = frames.findLast((frame) => frame.in_app && frameCulprit(frame, event.platform) !== '');
  const frame = own ?? frames.at(-1);
  return frame ? cut(frameCulprit(frame, event.platform), MAX_CULPRIT) : '';
}

const NATIVE = new Set(['objc', 'cocoa', 'native', 'c', 'swift']);

function frameCulprit(frame: StoredFrame, eventPlatform: string): string {
  const platform = frame.platform || eventPlatform;
  const name = frame.function || '?';
  if (NATIVE.has(platform)) return name;
  const place = frame.module || frame.filename;
  if (!place) return '';
  return platform === 'javascript' || platform === 'node' ? `${name}(${place})` : `${place} in ${name}`;
}

function firstLine(text: string): string {
  const [line = ''] = text.trimStart().split(/\r?\n/, 1);
  return line.trimEnd();
}

/** Never in the middle of a surrogate pair. */
function cut(text: string, maxLength: number): string {
  return text.length <= maxLength
    ? text
    : `${text
        .slice(0, maxLength - 3)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}...`;
}

/** A text field of a context; null when it is no text. */
export function textField(object: JsonObject | null | undefined, key: string): string | null {
  const value = object?.[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

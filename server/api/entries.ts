import type { Pairs, StoredBreadcrumb, StoredEvent, StoredException, StoredThread } from '../protocol/event.ts';
import {
  EXCEPTION_KEYS,
  isNode,
  mapItems,
  type Node,
  own,
  REQUEST_KEYS,
  THREAD_KEYS,
  toApiKeys,
} from './event-keys.ts';
import { stacktraceMeta, toFrame, toStacktrace } from './frame.ts';

/** One entry of the event, and its `_meta` under the API's names (null: none). */
export type Entry = { type: string; data: Node; meta: unknown };
type Serializer = (event: StoredEvent) => Entry | null;

/** The parts that the event has, in the order in which Sentry lists them. */
export function toEntries(event: StoredEvent): Entry[] {
  return SERIALIZERS.flatMap((serialize) => serialize(event) ?? []);
}

const SERIALIZERS: readonly Serializer[] = [
  message,
  exception,
  stacktrace,
  threads,
  template,
  breadcrumbs,
  request,
  debugMeta,
];

function message({ logentry, _meta }: StoredEvent): Entry | null {
  const formatted = logentry?.formatted ?? logentry?.message;
  if (!logentry || formatted === undefined || formatted === null) return null;
  const data: Node = { formatted };
  // The pattern is worth a line only where the parameters made a difference.
  if (logentry.message && logentry.message !== formatted) data['message'] = logentry.message;
  if (hasContent(logentry.params)) data['params'] = logentry.params;
  const meta = own(_meta, 'logentry');
  const formattedMeta = logentry.formatted ? own(meta, 'formatted') : own(meta, 'message');
  return { type: 'message', data, meta: { ...(isNode(meta) ? meta : {}), formatted: formattedMeta } };
}

function exception({ exception, _meta }: StoredEvent): Entry | null {
  if (!exception || exception.values.length === 0) return null;
  const values = exception.values.map(toException);
  const meta = own(_meta, 'exception');
  return {
    type: 'exception',
    data: {
      values,
      excOmitted: exception.exc_omitted ?? null,
      hasSystemFrames: values.some((value) => value.stacktrace?.hasSystemFrames),
    },
    meta: {
      ...toApiKeys(meta, [['exc_omitted', 'excOmitted']]),
      values: mapItems(own(meta, 'values'), (child, index) =>
        withStacktraces(toApiKeys(child, EXCEPTION_KEYS), exception.values[index]),
      ),
    },
  };
}

function toException(exception: StoredException) {
  const mechanism = exception.mechanism && withoutNulls(exception.mechanism);
  const raw = exception.raw_type ?? exception.raw_value ?? exception.raw_module;
  return {
    type: exception.type ?? null,
    value: exception.value ?? null,
    module: exception.module ?? null,
    threadId: exception.thread_id ?? null,
    mechanism: mechanism ?? null,
    stacktrace: exception.stacktrace ? toStacktrace(exception.stacktrace) : null,
    rawStacktrace: exception.raw_stacktrace ? toStacktrace(exception.raw_stacktrace) : null,
    ...(raw === undefined || raw === null
      ? {}
      : {
          rawType: exception.raw_type ?? null,
          rawValue: exception.raw_value ?? null,
          rawModule: exception.raw_module ?? null,
        }),
  };
}

function stacktrace({ stacktrace, raw_stacktrace: raw, _meta }: StoredEvent): Entry | null {
  if (!stacktrace) return null;
  return {
    type: 'stacktrace',
    data: { ...toStacktrace(stacktrace), ...(raw ? { rawStacktrace: toStacktrace(raw) } : {}) },
    meta: {
      ...stacktraceMeta(own(_meta, 'stacktrace'), stacktrace),
      ...(raw ? { rawStacktrace: stacktraceMeta(own(_meta, 'raw_stacktrace'), raw) } : {}),
    },
  };
}

function threads({ threads, _meta }: StoredEvent): Entry | null {
  if (!threads || threads.values.length === 0) return null;
  const meta = own(_meta, 'threads');
  return {
    type: 'threads',
    data: { values: threads.values.map(toThread) },
    meta: {
      ...(isNode(meta) ? meta : {}),
      values: mapItems(own(meta, 'values'), (child, index) =>
        withStacktraces(toApiKeys(child, THREAD_KEYS), threads.values[index]),
      ),
    },
  };
}

function toThread(thread: StoredThread) {
  return {
    id: thread.id ?? null,
    name: thread.name ?? null,
    crashed: thread.crashed ?? false,
    current: thread.current ?? false,
    main: thread.main ?? null,
    state: thread.state ?? null,
    heldLocks: thread.held_locks ?? null,
    stacktrace: thread.stacktrace ? toStacktrace(thread.stacktrace) : null,
    rawStacktrace: thread.raw_stacktrace ? toStacktrace(thread.raw_stacktrace) : null,
  };
}

function withStacktraces(meta: Node, value: StoredException | StoredThread | undefined): Node {
  return {
    ...meta,
    stacktrace: stacktraceMeta(meta['stacktrace'], value?.stacktrace),
    rawStacktrace: stacktraceMeta(meta['rawStacktrace'], value?.raw_stacktrace),
  };
}

function breadcrumbs({ breadcrumbs, _meta }: StoredEvent): Entry | null {
  if (!breadcrumbs || breadcrumbs.values.length === 0) return null;
  return {
    type: 'breadcrumbs',
    data: { values: breadcrumbs.values.map(toBreadcrumb) },
    meta: own(_meta, 'breadcrumbs'),
  };
}

function toBreadcrumb(crumb: StoredBreadcrumb) {
  return {
    timestamp: crumb.timestamp === undefined || crumb.timestamp === null ? null : toIso(crumb.timestamp),
    type: crumb.type ?? 'default',
    category: crumb.category ?? null,
    message: crumb.message ?? null,
    level: crumb.level ?? 'info',
    data: crumb.data ?? null,
    event_id: crumb.event_id ?? null,
  };
}

function request({ request, _meta }: StoredEvent): Entry | null {
  if (!request) return null;
  const meta = toApiKeys(own(_meta, 'request'), REQUEST_KEYS);
  const headers = request.headers ?? [];
  const order = byName(headers);
  return {
    type: 'request',
    data: {
      method: request.method ?? null,
      url: request.url ?? null,
      query: request.query_string ?? [],
      fragment: request.fragment ?? '',
      data: request.data ?? null,
      cookies: request.cookies ?? [],
      headers: order.map((index) => headers[index]),
      env: request.env ?? null,
      inferredContentType: request.inferred_content_type ?? null,
    },
    meta: {
      ...meta,
      headers: Object.fromEntries(
        Object.entries(meta['headers'] ?? {}).map(([key, child]) => [
          /^\d+$/.test(key) ? String(indexOrEnd(order, Number(key))) : key,
          child,
        ]),
      ),
    },
  };
}

/** Indexes of the pairs sorted by name, as Sentry lists headers; equal names keep their order. */
function byName(pairs: Pairs): number[] {
  const name = (index: number) => pairs[index]?.[0] ?? '';
  return pairs.map((_, index) => index).sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a - b));
}

function indexOrEnd(order: number[], index: number): number {
  const found = order.indexOf(index);
  return found < 0 ? order.length : found;
}

function template({ template, _meta }: StoredEvent): Entry | null {
  if (!template) return null;
  const { lineNo, filename, absPath, context } = toFrame({
    filename: text(template['filename']),
    abs_path: text(template['abs_path']),
    lineno: typeof template['lineno'] === 'number' ? template['lineno'] : null,
    context_line: text(template['context_line']),
    pre_context: lines(template['pre_context']),
    post_context: lines(template['post_context']),
  });
  return { type: 'template', data: { lineNo, filename, absPath, context }, meta: own(_meta, 'template') };
}

function debugMeta({ debug_meta, _meta }: StoredEvent): Entry | null {
  if (!debug_meta || !(debug_meta.images?.length || debug_meta.sdk_info)) return null;
  return {
    type: 'debugmeta',
    data: { images: debug_meta.images ?? [], sdk_info: debug_meta.sdk_info ?? null },
    meta: own(_meta, 'debug_meta'),
  };
}

/**
 * ISO 8601 with milliseconds.
 * @param seconds since the epoch. Digits below a millisecond are cut, not rounded; the small addition undoes what
 *   multiplying a fraction loses (1587246240.206 * 1000 is a hair less than ...206).
 */
export function toIso(seconds: number): string {
  const date = new Date(Math.floor(seconds * 1000 + 0.0005));
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

function withoutNulls(value: object): Node {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined));
}

function hasContent(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const lines = (value: unknown) => (Array.isArray(value) ? value.map(text) : null);

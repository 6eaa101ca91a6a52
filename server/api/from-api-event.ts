import {
  EXCEPTION_KEYS,
  FRAME_KEYS,
  isNode,
  type Keys,
  mapItems,
  type Node,
  own,
  REQUEST_KEYS,
  STACKTRACE_KEYS,
  THREAD_KEYS,
  toWireKeys,
} from './event-keys.ts';

/** Is this an answer of the API (`entries`, `eventID`) rather than what an SDK sends? */
export function isApiEvent(value: Node): boolean {
  return Array.isArray(value['entries']) || typeof value['eventID'] === 'string';
}

/**
 * From the API's shape (ours, or Sentry's own) back to the wire, so that an event downloaded elsewhere is read here like
 * any other. Nothing is validated: `normalizeEvent` does that to every event. Titles, culprits and hashes are not taken
 * over but derived again.
 */
export function fromApiEvent(event: Node): Node {
  const tags = listOf(event['tags']).filter(isNode);
  const tag = (name: string) => tags.find(({ key }) => key === name)?.['value'];
  const entries = listOf(event['entries']).filter(isNode);
  const entriesMeta = own(event['_meta'], 'entries');
  const parts = entries.map((entry, index) => toPart(entry, own(own(entriesMeta, String(index)), 'data')));
  return compact({
    event_id: event['eventID'],
    timestamp: event['dateCreated'],
    platform: event['platform'],
    level: event['level'] ?? tag('level'),
    logger: tag('logger'),
    transaction: tag('transaction'),
    server_name: tag('server_name'),
    environment: tag('environment'),
    release: own(event['release'], 'version') ?? tag('release'),
    dist: event['dist'],
    // Those that stand in a field of their own come back from there.
    tags: tags.filter(({ key }) => !OWN_FIELDS.has(String(key))).map(({ key, value }) => [key, value]),
    user: event['user'],
    contexts: event['contexts'],
    extra: event['context'],
    modules: event['packages'],
    sdk: event['sdk'],
    errors: listOf(event['errors'])
      .filter(isNode)
      .map((error) => ({ ...(isNode(error['data']) ? error['data'] : {}), type: error['type'] })),
    ...Object.fromEntries(parts.flatMap((part) => (part ? [[part.key, part.data]] : []))),
    _meta: compact({
      ...Object.fromEntries(parts.flatMap((part) => (part?.meta ? [[part.key, part.meta]] : []))),
      user: own(event['_meta'], 'user'),
      contexts: own(event['_meta'], 'contexts'),
      extra: own(event['_meta'], 'context'),
      modules: own(event['_meta'], 'packages'),
    }),
  });
}

const OWN_FIELDS = new Set([
  'level',
  'logger',
  'transaction',
  'server_name',
  'environment',
  'release',
  'dist',
  'user',
  'sentry:release',
  'sentry:dist',
  'sentry:user',
]);

type Part = { key: string; data: unknown; meta: unknown };

function toPart(entry: Node, meta: unknown): Part | null {
  const { type, data } = entry;
  if (!isNode(data)) return null;
  switch (type) {
    case 'exception':
      return {
        key: 'exception',
        data: valuesToWire(data, EXCEPTION_KEYS),
        meta: valuesMeta(meta, data, EXCEPTION_KEYS),
      };
    case 'threads':
      return { key: 'threads', data: valuesToWire(data, THREAD_KEYS), meta: valuesMeta(meta, data, THREAD_KEYS) };
    case 'stacktrace':
      return { key: 'stacktrace', data: stacktraceToWire(data), meta: stacktraceMetaToWire(meta, data) };
    case 'message':
      return { key: 'logentry', data, meta };
    case 'breadcrumbs':
      return { key: 'breadcrumbs', data, meta };
    case 'request':
      return {
        key: 'request',
        data: toWireKeys(data, REQUEST_KEYS),
        meta: isNode(meta) ? toWireKeys(meta, REQUEST_KEYS) : null,
      };
    case 'debugmeta':
      return { key: 'debug_meta', data, meta };
    case 'template':
      return { key: 'template', data: frameToWire(data), meta: null };
    default:
      return null;
  }
}

function valuesToWire(data: Node, keys: Keys): Node {
  const values = listOf(data['values'])
    .filter(isNode)
    .map((value) =>
      compact({
        ...toWireKeys(value, keys),
        stacktrace: isNode(value['stacktrace']) ? stacktraceToWire(value['stacktrace']) : null,
        raw_stacktrace: isNode(value['rawStacktrace']) ? stacktraceToWire(value['rawStacktrace']) : null,
      }),
    );
  return compact({ values, exc_omitted: data['excOmitted'] });
}

function stacktraceToWire(stacktrace: Node): Node {
  const { hasSystemFrames: _, rawStacktrace: __, ...rest } = toWireKeys(stacktrace, STACKTRACE_KEYS);
  return compact({ ...rest, frames: listOf(stacktrace['frames']).filter(isNode).map(frameToWire) });
}

const MADE_BY_THE_API = ['context', 'symbolicatorStatus', 'map', 'mapUrl'];

function frameToWire(frame: Node): Node {
  const wire = toWireKeys(frame, FRAME_KEYS);
  const kept = Object.entries(wire).filter(([key]) => !MADE_BY_THE_API.includes(key) && !key.startsWith('orig'));
  return compact({ ...Object.fromEntries(kept), ...contextToWire(frame) });
}

/** Splits the `[number, text]` pairs at the line that ran; what has no such line counts as before it. */
function contextToWire(frame: Node): Node {
  const pairs = listOf(frame['context']).filter((pair): pair is [unknown, unknown] => Array.isArray(pair));
  if (pairs.length === 0) return {};
  const at = activeLine(frame);
  const number = typeof frame['lineNo'] === 'number' ? frame['lineNo'] : 0;
  const texts = pairs.map(([, text]) => text);
  if (at < 0 || number === 0) {
    const zero = pairs.findIndex(([line]) => line === 0);
    const line = zero < 0 ? texts.length - 1 : zero;
    return { pre_context: texts.slice(0, line), context_line: texts[line], post_context: texts.slice(line + 1) };
  }
  return { pre_context: texts.slice(0, at), context_line: texts[at], post_context: texts.slice(at + 1) };
}

function activeLine(frame: Node): number {
  return listOf(frame['context']).findIndex((pair) => own(pair, '0') === frame['lineNo']);
}

function valuesMeta(meta: unknown, data: Node, keys: Keys): Node | null {
  if (!isNode(meta)) return null;
  const values = listOf(data['values']);
  return {
    ...toWireKeys(meta, [['exc_omitted', 'excOmitted']]),
    values: mapItems(meta['values'], (child, index) =>
      compact({
        ...toWireKeys(child, keys),
        stacktrace: stacktraceMetaToWire(own(child, 'stacktrace'), own(values[index], 'stacktrace')),
        raw_stacktrace: stacktraceMetaToWire(own(child, 'rawStacktrace'), own(values[index], 'rawStacktrace')),
      }),
    ),
  };
}

function stacktraceMetaToWire(meta: unknown, stacktrace: unknown): Node | null {
  if (!isNode(meta)) return null;
  const frames = listOf(own(stacktrace, 'frames'));
  return {
    ...toWireKeys(meta, STACKTRACE_KEYS),
    frames: mapItems(meta['frames'], (child, index) => frameMetaToWire(child, frames[index])),
  };
}

function frameMetaToWire(meta: unknown, frame: unknown): Node {
  const { context, ...rest } = toWireKeys(meta, FRAME_KEYS);
  if (!isNode(context) || !isNode(frame)) return rest;
  const at = activeLine(frame);
  const lines = Object.entries(context).flatMap(([key, child]) =>
    /^\d+$/.test(key) ? [{ index: Number(key), meta: own(child, '1') }] : [],
  );
  const part = (within: (index: number) => boolean, offset: number) => {
    const children = lines.filter(({ index }) => within(index)).map((line) => [String(line.index - offset), line.meta]);
    return children.length > 0 ? Object.fromEntries(children) : null;
  };
  return compact({
    ...rest,
    pre_context: part((index) => index < at, 0),
    context_line: lines.find(({ index }) => index === at)?.meta,
    post_context: part((index) => index > at, at + 1),
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Without what is null: the API says null where the wire says nothing. */
function compact(value: Node): Node {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined));
}

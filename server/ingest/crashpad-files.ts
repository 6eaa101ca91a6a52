import type { Json, JsonObject } from '../protocol/event.ts';
import { MsgpackError, readMsgpack } from './msgpack.ts';
import type { Part } from './multipart.ts';

/** What sentry-native adds to the dump of its Crashpad backend: the scope as MessagePack, and two files of breadcrumbs in turn. */
const EVENT_FILE = '__sentry-event';
const BREADCRUMB_FILES = ['__sentry-breadcrumb1', '__sentry-breadcrumb2'];
/** Of its own: 100 breadcrumbs, and a scope. What has more stays a file. */
const MAX_BYTES = 256 * 1024;
const MAX_VALUES = 50_000;
const MAX_BREADCRUMBS = 200;

const nameOf = ({ name, filename }: Part): string => (name.startsWith('__sentry-') ? name : (filename ?? ''));

/**
 * The event that sentry-native wrote beside a dump, and the files that are now in it. One that cannot be read stays a file.
 */
export function crashpadEvent(files: readonly Part[]): { event: JsonObject; read: ReadonlySet<Part> } {
  const read = new Set<Part>();
  const valuesOf = (file: Part): JsonObject[] => {
    if (file.data.byteLength > MAX_BYTES) return [];
    try {
      const values = readMsgpack(file.data, MAX_VALUES).filter(isObject);
      read.add(file);
      return values;
    } catch (error) {
      if (error instanceof MsgpackError) return [];
      throw error;
    }
  };
  const [event = {}] = files.filter((file) => nameOf(file) === EVENT_FILE).flatMap(valuesOf);
  const crumbs = files.filter((file) => BREADCRUMB_FILES.includes(nameOf(file))).flatMap(valuesOf);
  if (crumbs.length === 0) return { event, read };
  // The files take turns in being the older one; times are text of one form.
  const sorted = crumbs.toSorted((a, b) => compare(String(a['timestamp']), String(b['timestamp'])));
  return { event: { ...event, breadcrumbs: { values: sorted.slice(-MAX_BREADCRUMBS) } }, read };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Uploaded files as they are needed for mapping, read once and kept up to a number of bytes; who was used last stays. */
import { type Lines, toLines } from './lines.ts';
import { SourceMapError } from './mappings.ts';
import { type MapSource, parseSourceMap, type SourceMap } from './source-map.ts';
import { debugIdComment, sourceMapComment } from './source-url.ts';

/** One that is larger would take a multiple of it in memory while it is read. */
export const MAX_MAP_BYTES = 50 * 1024 * 1024;
/** Names of functions that are remembered with a map. */
const MAX_NAMES = 5000;

export type LoadedMap = {
  map: SourceMap;
  linesOf: (source: MapSource) => Lines | null;
  /** What functions were found to be called, by position and minified name. */
  names: Map<string, string | null>;
};
export type MapFailure = { reason: 'source_map_unreadable' | 'source_map_too_large'; detail: string };
export type GeneratedFile = {
  lines: Lines;
  /** What its `sourceMappingURL` says. */
  mapReference: string | null;
  debugId: string | null;
};
/** An uploaded file, as far as it is needed to read it. */
export type AssetRow = { checksum: string; size: number };

type Deps = {
  read: (checksum: string) => Promise<Uint8Array | null>;
  /** Of all that is kept, about. */
  maxBytes: number;
  /** Told before a file is read, and with null behind: who runs out of memory with one does not try it again. */
  onReading?: (checksum: string | null) => void;
  /** Files that were too much once. */
  refused?: ReadonlySet<string>;
};

export function createAssets({ read, maxBytes, onReading = () => {}, refused = new Set() }: Deps) {
  const kept = createKept(maxBytes);

  /** What takes no bytes is not kept: it may be there the next time. */
  async function once<T>(key: string, checksum: string, load: () => Promise<{ value: T; bytes: number }>): Promise<T> {
    const known = kept.get<T>(key);
    if (known !== undefined) return known;
    onReading(checksum);
    const { value, bytes } = await load();
    onReading(null);
    if (bytes > 0) kept.set(key, value, bytes);
    return value;
  }

  const generated = ({ checksum, size }: AssetRow): Promise<GeneratedFile | null> =>
    once(`file:${checksum}`, checksum, async () => {
      const bytes = size > MAX_MAP_BYTES || refused.has(checksum) ? null : await read(checksum);
      return bytes ? { value: toGenerated(bytes), bytes: bytes.length * 2 } : { value: null, bytes: 0 };
    });

  return {
    /** Bytes kept now, about. */
    bytes: kept.bytes,
    generated,

    map: ({ checksum, size }: AssetRow): Promise<LoadedMap | MapFailure> =>
      once(`map:${checksum}`, checksum, async () => {
        if (refused.has(checksum))
          return failed('source_map_too_large', 'Reading it took more memory or time than is allowed.');
        if (size > MAX_MAP_BYTES) return failed('source_map_too_large', tooLarge(size));
        const bytes = await read(checksum);
        return bytes ? toLoaded(bytes) : { ...failed('source_map_unreadable', 'Its content is gone.'), bytes: 0 };
      }),

    /** The map that the file has in itself, as a `data:` address. */
    inlineMap: (row: AssetRow): Promise<LoadedMap | MapFailure> =>
      once(`inline:${row.checksum}`, row.checksum, async () => {
        const reference = (await generated(row))?.mapReference ?? '';
        const bytes = dataOf(reference);
        return bytes ? toLoaded(bytes) : failed('source_map_unreadable', 'The map in the file is no JSON in base 64.');
      }),
  };
}
export type Assets = ReturnType<typeof createAssets>;

const tooLarge = (size: number) =>
  `It has ${Math.ceil(size / 1024 / 1024)} MiB; up to ${MAX_MAP_BYTES / 1024 / 1024} MiB are read.`;

function failed(reason: MapFailure['reason'], detail: string): { value: MapFailure; bytes: number } {
  return { value: { reason, detail }, bytes: 200 };
}

function toLoaded(bytes: Uint8Array): { value: LoadedMap | MapFailure; bytes: number } {
  let map: SourceMap;
  try {
    map = parseSourceMap(bytes);
  } catch (error) {
    // A map may be so deep that the stack does not suffice for it.
    if (!(error instanceof SourceMapError || error instanceof RangeError)) throw error;
    const why = error instanceof SourceMapError ? error.message : 'it is too deep, or too long';
    return failed('source_map_unreadable', `${why.charAt(0).toUpperCase()}${why.slice(1)}.`);
  }
  const lines = new WeakMap<MapSource, Lines>();
  const linesOf = (source: MapSource) => {
    if (source.content === null) return null;
    const known = lines.get(source) ?? toLines(source.content);
    lines.set(source, known);
    return known;
  };
  // A tenth for the lines of sources, which are looked for when a frame is in one.
  return { value: { map, linesOf, names: new Map() }, bytes: Math.ceil(map.bytes * 1.1) + MAX_NAMES * 100 };
}

export function remember(loaded: LoadedMap, key: string, find: () => string | null): string | null {
  const known = loaded.names.get(key);
  if (known !== undefined) return known;
  const name = find();
  if (loaded.names.size < MAX_NAMES) loaded.names.set(key, name);
  return name;
}

function toGenerated(bytes: Uint8Array): GeneratedFile {
  const text = new TextDecoder().decode(bytes);
  return { lines: toLines(text), mapReference: sourceMapComment(text), debugId: debugIdComment(text) };
}

/** Base 64, or percent-encoded. */
function dataOf(reference: string): Uint8Array | null {
  const comma = reference.indexOf(',');
  if (!reference.startsWith('data:') || comma < 0 || reference.length > MAX_MAP_BYTES) return null;
  const data = reference.slice(comma + 1);
  if (/;base64$/i.test(reference.slice(0, Math.min(comma, 200)))) return Buffer.from(data, 'base64');
  try {
    return Buffer.from(decodeURIComponent(data));
  } catch {
    return null;
  }
}

/** Least recently used first. What is larger than all may be is not kept. */
function createKept(maxBytes: number) {
  const entries = new Map<string, { value: unknown; bytes: number }>();
  let total = 0;
  return {
    bytes: () => total,
    /** Each key has values of one type. */
    get: <T>(key: string): T | undefined => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value as T;
    },
    set: (key: string, value: unknown, bytes: number) => {
      if (bytes > maxBytes) return;
      entries.set(key, { value, bytes });
      total += bytes;
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) break;
        entries.delete(oldest);
        total -= entry.bytes;
      }
    },
  };
}

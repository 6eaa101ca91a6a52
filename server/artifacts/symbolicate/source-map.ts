import { countJsonValues } from '../../protocol/json-size.ts';
import { decodeMappings, type Mappings, type Segment, SourceMapError, segmentAt } from './mappings.ts';

/**
 * A source map that was read. Everything in it is a stranger's text: it is looked up by index and never used as a key.
 *
 * @see https://tc39.es/ecma426/
 */
export type SourceMap = {
  /** What a generated position (line and column from 0) stands for; null where the map says nothing. */
  find: (line: number, column: number) => Found | null;
  /** About so many bytes are held by it, off and on the heap. */
  bytes: number;
};
export type Found = {
  source: MapSource;
  /** In the source, from 0. */
  line: number;
  column: number;
  /** What the generated name was called. */
  name: string | null;
  /** Does the mapping begin at exactly this position, rather than before it? */
  isExact: boolean;
};
export type MapSource = {
  /** As the map has it, with its `sourceRoot` in front. */
  url: string;
  /** Null when the map does not include it. */
  content: string | null;
  /** On the map's ignore list. */
  isIgnored: boolean;
};

/** The spec allows one level; what is deeper is not a map that somebody made. */
const MAX_DEPTH = 4;
const MAX_SECTIONS = 100_000;
/** Values of the JSON: sources and names. The largest maps have some 200,000. */
const MAX_VALUES = 2_000_000;

type Part = {
  line: number;
  column: number;
  mappings: Mappings;
  sources: readonly MapSource[];
  names: readonly unknown[];
};
type Raw = Record<string, unknown>;

/**
 * @param bytes of a map or an index map, in UTF-8
 * @throws {SourceMapError} it is none
 */
export function parseSourceMap(bytes: Uint8Array): SourceMap {
  const text = new TextDecoder().decode(bytes);
  const parts: Part[] = [];
  readMap(parseJson(text), { line: 0, column: 0 }, parts, 0);
  parts.sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    find: (line, column) => {
      const part = partAt(parts, line, column);
      if (!part) return null;
      const atColumn = line === part.line ? column - part.column : column;
      const segment = segmentAt(part.mappings, line - part.line, atColumn);
      return segment && toFound(part, segment, atColumn);
    },
    bytes: sizeOf(text, bytes, parts),
  };
}

/** Some servers put a line in front that keeps it from being run; it is no part of the map. */
function parseJson(text: string): unknown {
  if (countJsonValues(text, MAX_VALUES) > MAX_VALUES) throw new SourceMapError(`it has more than ${MAX_VALUES} values`);
  const start = /^\)\]\}'?[^\n]*\n/.exec(text)?.[0].length ?? 0;
  try {
    return JSON.parse(start > 0 ? text.slice(start) : text);
  } catch {
    // What servers answer for a map that they do not have.
    if (/^\s*</.test(text)) throw new SourceMapError('it is not JSON but a page, as of a server that had no map');
    throw new SourceMapError(text.trim() === '' ? 'it is empty' : 'it is not JSON, or is cut off');
  }
}

function readMap(value: unknown, offset: { line: number; column: number }, parts: Part[], depth: number): void {
  if (!isObject(value)) throw new SourceMapError('it is no object');
  if (Array.isArray(value['sections'])) {
    readSections(value['sections'], offset, parts, depth);
    return;
  }
  const { mappings, sources, names } = value;
  if (typeof mappings !== 'string') throw new SourceMapError('it has no mappings');
  if (!Array.isArray(sources)) throw new SourceMapError('it has no list of sources');
  parts.push({
    ...offset,
    mappings: decodeMappings(mappings),
    sources: readSources(value, sources),
    names: Array.isArray(names) ? names : [],
  });
}

function readSections(sections: unknown[], offset: { line: number; column: number }, parts: Part[], depth: number) {
  if (depth === MAX_DEPTH) throw new SourceMapError('its sections have sections, too deep');
  if (parts.length + sections.length > MAX_SECTIONS) {
    throw new SourceMapError(`it has more than ${MAX_SECTIONS} sections`);
  }
  for (const section of sections) {
    const at = isObject(section) ? section['offset'] : null;
    if (!isObject(section) || !isObject(at)) throw new SourceMapError('a section has no offset');
    const line = toCount(at['line']);
    const column = toCount(at['column']);
    if (line === null || column === null) throw new SourceMapError('a section has no offset');
    // A section that is elsewhere (`url`) would have to be fetched.
    if (section['map'] === undefined) continue;
    const start = { line: offset.line + line, column: line === 0 ? offset.column + column : column };
    readMap(section['map'], start, parts, depth + 1);
  }
}

function readSources(map: Raw, sources: unknown[]): MapSource[] {
  const { sourceRoot: root, sourcesContent: contents } = map;
  const prefix = typeof root === 'string' && root !== '' ? root.replace(/\/*$/, '/') : '';
  const ignored = new Set([map['ignoreList'], map['x_google_ignoreList']].filter(Array.isArray).flat());
  return sources.map((source, index) => {
    const content = Array.isArray(contents) ? contents[index] : null;
    const name = typeof source === 'string' ? source : '';
    return {
      // With a root of its own, a source needs none.
      url: prefix && !/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(name) ? prefix + name : name,
      content: typeof content === 'string' ? content : null,
      isIgnored: ignored.has(index),
    };
  });
}

/** The last part that begins at or before the position. */
function partAt(parts: readonly Part[], line: number, column: number): Part | null {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const part = parts[middle];
    if (part && (part.line < line || (part.line === line && part.column <= column))) low = middle + 1;
    else high = middle;
  }
  return parts[low - 1] ?? null;
}

function toFound({ sources, names }: Part, segment: Segment, column: number): Found | null {
  const source = sources[segment.source];
  if (!source || segment.line < 0 || segment.column < 0) return null;
  const name = names[segment.name];
  return {
    source,
    line: segment.line,
    column: segment.column,
    name: typeof name === 'string' && name !== '' ? name : null,
    isExact: segment.generatedColumn === column,
  };
}

/** Of an object, an entry or a string beside its characters. */
const OVERHEAD = 48;

/** Its mappings off the heap, and what of the JSON is kept: about all but the text of the mappings. */
function sizeOf(text: string, bytes: Uint8Array, parts: readonly Part[]): number {
  // Text with anything beyond Latin takes two bytes a character.
  const perCharacter = text.length === bytes.length ? 1 : 2;
  let size = text.length * perCharacter;
  for (const { mappings, sources, names } of parts) {
    size +=
      mappings.segments.byteLength + mappings.lines.byteLength + (sources.length * 2 + names.length + 4) * OVERHEAD;
  }
  return size;
}

function toCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

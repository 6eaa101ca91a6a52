import type { Event, Frame, Stacktrace } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { tracesOf } from '../../../frame/event-traces.ts';
import { createImageLookup, parseAddress, type Range, rangeOf } from '../../../frame/native-address.ts';
import { anything, readItems } from '../event-entries.ts';

export type ImageStatus = 'found' | 'missing' | 'malformed' | 'unused' | 'unknown';
/** One library, executable or source map that was loaded. */
export type DebugImage = {
  /** Its place in the event's list, which `rel:N` counts by. */
  index: number;
  /** What it is called: last part of its path. */
  name: string;
  path: string | null;
  debugId: string | null;
  type: string | null;
  arch: string | null;
  /** First and last but one address; null when it has none. */
  start: bigint | null;
  end: bigint | null;
  status: ImageStatus;
  /** What symbolication noted on it: states, what its files have, how many were looked at. */
  notes: string[];
  /** Frames of the event that lie in it; null where frames do not tell. */
  frames: number | null;
  sent: unknown;
  meta: unknown;
};

const textAt = (value: unknown, key: string): string | null => {
  const found = metaAt(value, key);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null;
};

/** All images of an event with what its frames say about them. What is no object is kept, under the name `image`. */
export function debugImagesOf(event: Event): DebugImage[] {
  const items = readItems(event, 'debugmeta', 'images', anything);
  const ranges = items.map(({ data }) => rangeOf(data));
  const uses = usesOf(
    event,
    ranges,
    items.map(({ data }) => textAt(data, 'code_file')),
  );
  return items.map(({ data, meta }, index) => {
    const path = textAt(data, 'code_file') ?? textAt(data, 'debug_file');
    const debugId = textAt(data, 'debug_id') ?? textAt(data, 'uuid') ?? textAt(data, 'code_id');
    const use = uses[index] ?? [];
    const range = ranges[index] ?? { start: null, end: null };
    const isPlaced = range.start !== null || textAt(data, 'type') === 'sourcemap';
    return {
      index,
      name: path?.split(/[\\/]/).at(-1) || path || debugId || textAt(data, 'type') || 'image',
      path,
      debugId,
      type: textAt(data, 'type'),
      arch: textAt(data, 'arch'),
      ...range,
      status: statusOf(data, use, isPlaced),
      notes: notesOf(data),
      frames: isPlaced ? use.length : null,
      sent: data,
      meta,
    };
  });
}

const statuses: Record<string, ImageStatus> = {
  found: 'found',
  unused: 'unused',
  missing: 'missing',
  fetching_failed: 'missing',
  timeout: 'missing',
  malformed: 'malformed',
};

/** By what symbolication wrote on the image, else by what it wrote on the frames that lie in it. */
function statusOf(sent: unknown, use: readonly Frame[], isPlaced: boolean): ImageStatus {
  for (const key of ['debug_status', 'unwind_status']) {
    const status = textAt(sent, key);
    if (status && Object.hasOwn(statuses, status)) return statuses[status] ?? 'unknown';
  }
  if (use.length === 0) return isPlaced ? 'unused' : 'unknown';
  const told = use.map(({ symbolicatorStatus }) => symbolicatorStatus);
  if (told.includes('symbolicated') || use.some((frame) => metaAt(frame, 'map'))) return 'found';
  if (told.includes('malformed')) return 'malformed';
  return told.some((status) => status === 'missing' || status === 'missing_symbol') ? 'missing' : 'unknown';
}

const features: Record<string, string> = {
  has_debug_info: 'debug information',
  has_unwind_info: 'unwind information',
  has_symbols: 'symbols',
  has_sources: 'sources',
};

/** As symbolication wrote it, which is Sentry's: we look up no debug files. */
function notesOf(sent: unknown): string[] {
  const states = ['debug_status', 'unwind_status'].flatMap((key) => {
    const status = textAt(sent, key);
    return status ? [`${key === 'debug_status' ? 'debug file' : 'unwind file'}: ${status.replaceAll('_', ' ')}`] : [];
  });
  const given = metaAt(sent, 'features');
  const has = Object.keys(features).filter((key) => metaAt(given, key) === true);
  const candidates = metaAt(sent, 'candidates');
  return [
    ...states,
    ...(has.length > 0 ? [`has ${has.map((key) => features[key]).join(', ')}`] : []),
    ...(Array.isArray(candidates)
      ? [`${candidates.length} ${candidates.length === 1 ? 'candidate' : 'candidates'}`]
      : []),
  ];
}

/** For each image the frames in it: by address, or by the file that a source map belongs to. */
function usesOf(event: Event, ranges: readonly Range[], files: readonly (string | null)[]): Frame[][] {
  const uses: Frame[][] = ranges.map(() => []);
  const imageAt = createImageLookup(ranges);
  const byRange = new Map(ranges.map((range, index) => [range, index]));
  const byFile = new Map(files.map((file, index) => [file, index]));
  for (const frame of framesOf(event)) {
    const address = parseAddress(frame.instructionAddr);
    const image = address === null ? null : imageAt(address, frame.addrMode);
    const minified = textAt(frame, 'origAbsPath') ?? frame.absPath ?? null;
    const index = image ? byRange.get(image) : minified === null ? undefined : byFile.get(minified);
    if (index !== undefined) uses[index]?.push(frame);
  }
  return uses;
}

function framesOf(event: Event): Frame[] {
  const { exceptions, threads, stacktrace } = tracesOf(event);
  const holders = [...(exceptions?.values ?? []), ...(threads?.values ?? [])];
  const traces: (Stacktrace | null | undefined)[] = [...holders.map((holder) => holder.stacktrace), stacktrace?.value];
  return traces.flatMap((trace) => trace?.frames ?? []);
}

/** `0x00007f21c4a00000`: 16 digits, so that a column of them can be compared by eye. */
export const formatAddress = (address: bigint): string => `0x${address.toString(16).padStart(16, '0')}`;

/** Those that hold the address, when the search is one; else those with all of its words in name, path, id or status. */
export function findImages(
  images: readonly DebugImage[],
  search: string,
  matches: (...texts: (string | null)[]) => boolean,
): readonly DebugImage[] {
  const address = /^0x/i.test(search.trim()) ? parseAddress(search.trim()) : null;
  const holder = createImageLookup(images)(address);
  if (holder) return [holder];
  return images.filter(({ name, path, debugId, type, arch, status }) =>
    matches(name, path, debugId, type, arch, status),
  );
}

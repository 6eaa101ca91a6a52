import type { Event, Frame, Stacktrace } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { tracesOf } from '../../../frame/event-traces.ts';
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
  /** Frames of the event that lie in it; null where frames do not tell. */
  frames: number | null;
  sent: unknown;
  meta: unknown;
};

type Range = { start: bigint | null; end: bigint | null };

/** An address of the protocol: `0x` hex or decimal digits, or a number. */
export function parseAddress(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === 'string' && /^(?:0x[\da-f]{1,16}|\d{1,20})$/i.test(value) ? BigInt(value) : null;
}

/**
 * Finds the image that an address lies in: by its range in absolute mode, by its place in the list in `rel:N` mode. An
 * image without a size holds no address (sentry-behaviour 9.9). By halves: a crash has hundreds of images, and frames.
 */
export function createImageLookup<T extends Range>(images: readonly T[]) {
  const placed = images.flatMap((image) =>
    image.start === null || image.end === null ? [] : [{ image, start: image.start, end: image.end }],
  );
  placed.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return (address: bigint | null, addrMode?: string | null): T | null => {
    const relative = /^rel:(\d{1,9})$/.exec(addrMode ?? '')?.[1];
    if (relative !== undefined) return images[Number(relative)] ?? null;
    if (address === null) return null;
    let low = 0;
    let high = placed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((placed[middle]?.start ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const found = placed[low - 1];
    return found && address < found.end ? found.image : null;
  };
}

const textAt = (value: unknown, key: string): string | null => {
  const found = metaAt(value, key);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null;
};

function rangeOf(sent: unknown): Range {
  const start = parseAddress(metaAt(sent, 'image_addr'));
  return { start, end: start === null ? null : start + (parseAddress(metaAt(sent, 'image_size')) ?? 0n) };
}

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

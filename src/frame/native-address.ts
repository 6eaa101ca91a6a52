import type { Event, Frame } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';

/** What an image takes of the memory: [start, end). Null where it does not say. */
export type Range = { start: bigint | null; end: bigint | null };
type Image = Range & { name: string | null };
/** Finds the image that an address lies in. */
export type Images = (address: bigint | null, addrMode?: string | null) => Image | null;

const native = new Set(['native', 'objc', 'cocoa', 'c', 'rust', 'swift']);
/** Do frames of this platform stand for machine code, so that addresses say something? */
export const isNativePlatform = (platform: string | null | undefined): boolean => native.has(platform ?? '');

/** An address of the protocol: `0x` hex or decimal digits, or a number; `1f` is none, nor is what exceeds 64 bits. */
export function parseAddress(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === 'string' && /^(?:0x[\da-f]{1,16}|\d{1,20})$/i.test(value) ? BigInt(value) : null;
}

/** Of one image as it was sent. One without a size holds no address. */
export function rangeOf(image: unknown): Range {
  const start = parseAddress(metaAt(image, 'image_addr'));
  return { start, end: start === null ? null : start + (parseAddress(metaAt(image, 'image_size')) ?? 0n) };
}

/**
 * Finds the image that an address lies in: by its range in absolute mode, by its place in the list in `rel:N` mode
 * (sentry-behaviour 9.9). By halves: a crash has hundreds of images, and each of its frames asks.
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

export function imagesOf(event: Event): Images {
  const images = metaAt(event.entries.find(({ type }) => type === 'debugmeta')?.data, 'images');
  return createImageLookup(
    (Array.isArray(images) ? images : []).map((image: unknown) => {
      const file = metaAt(image, 'code_file') ?? metaAt(image, 'debug_file');
      return { ...rangeOf(image), name: typeof file === 'string' && file !== '' ? file : null };
    }),
  );
}

/** Where a native frame's instruction is. Each part is null where nothing tells. */
export type NativeAddress = {
  /** In memory: `0x100003f24`. */
  absolute: string | null;
  /** Within its image: `+0x3f24`. */
  relative: string | null;
  /** Path of the image's file. */
  image: string | null;
};

const hex = (value: bigint) => `0x${value.toString(16)}`;

/** Reads a frame's address with the images that were loaded: one that is `rel:N` counts from the start of image N. */
export function nativeAddress(frame: Frame, images: Images): NativeAddress {
  const sent = parseAddress(frame.instructionAddr);
  if (sent === null) return { absolute: frame.instructionAddr ?? null, relative: null, image: frame.package ?? null };
  const image = images(sent, frame.addrMode);
  const name = frame.package || image?.name || null;
  const start = image?.start ?? parseAddress(frame.imageAddr);
  if (/^rel:\d/.test(frame.addrMode ?? '')) {
    return { absolute: start === null ? null : hex(start + sent), relative: `+${hex(sent)}`, image: name };
  }
  const isInside = start !== null && sent >= start;
  return { absolute: hex(sent), relative: isInside ? `+${hex(sent - start)}` : null, image: name };
}

/**
 * Was the frame inlined into the one that called it? Then no call instruction is between the two: both have one address.
 * The same function again at that address is a repeat, not an inlined one.
 */
export function isInlined(frame: Frame, caller: Frame | undefined): boolean {
  if (frame.trust === 'inline') return true;
  return (
    !!caller &&
    !!frame.instructionAddr &&
    frame.instructionAddr === caller.instructionAddr &&
    frame.addrMode === caller.addrMode &&
    (frame.function !== caller.function || frame.lineNo !== caller.lineNo)
  );
}

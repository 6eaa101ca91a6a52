import type { Event, Frame } from '../../server/protocol/contract.ts';
import { debugMetaEntryData } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';

/** One loaded image, [start, end) in memory; `start` is null where it did not say. */
type Image = { start: bigint | null; end: bigint; name: string | null };
/** The images of an event: in its own order, which is what `rel:N` counts in, and by where they start. */
export type Images = { listed: readonly Image[]; byStart: readonly (Image & { start: bigint })[] };

const native = new Set(['native', 'objc', 'cocoa', 'c', 'rust', 'swift']);
/** Do frames of this platform stand for machine code, so that addresses say something? */
export const isNativePlatform = (platform: string | null | undefined): boolean => native.has(platform ?? '');

/** `0x1f`, `1f` is no address; sizes may be numbers. Longer than 64 bits is no address either. */
function toBigInt(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === 'string' && /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value) ? BigInt(value) : null;
}

export function imagesOf(event: Event): Images {
  const parsed = debugMetaEntryData.safeParse(event.entries.find(({ type }) => type === 'debugmeta')?.data);
  const listed = (parsed.data?.images ?? []).map((image) => {
    const start = toBigInt(image['image_addr']);
    const file = metaAt(image, 'code_file') ?? metaAt(image, 'debug_file');
    const name = typeof file === 'string' && file !== '' ? file : null;
    return { start, end: (start ?? 0n) + (toBigInt(image['image_size']) ?? 0n), name };
  });
  const placed = listed.flatMap((image) => (image.start === null ? [] : [{ ...image, start: image.start }]));
  return { listed, byStart: placed.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)) };
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

/**
 * Reads a frame's address with the images that were loaded: one that is `rel:N` counts from the start of image N, any
 * other lies in the image whose range holds it (sentry-behaviour 9.9).
 */
export function nativeAddress(frame: Frame, images: Images): NativeAddress {
  const sent = toBigInt(frame.instructionAddr);
  if (sent === null) return { absolute: frame.instructionAddr ?? null, relative: null, image: frame.package ?? null };
  const index = /^rel:(\d{1,6})$/.exec(frame.addrMode ?? '')?.[1];
  const image = index === undefined ? imageAt(images, sent) : images.listed[Number(index)];
  const name = frame.package || image?.name || null;
  const start = image?.start ?? toBigInt(frame.imageAddr);
  if (index !== undefined) {
    return { absolute: start === null ? null : hex(start + sent), relative: `+${hex(sent)}`, image: name };
  }
  const isInside = start !== null && sent >= start;
  return { absolute: hex(sent), relative: isInside ? `+${hex(sent - start)}` : null, image: name };
}

/** By halves: a crash has hundreds of images, and each of its frames asks. */
function imageAt({ byStart }: Images, address: bigint): Image | undefined {
  let low = 0;
  let high = byStart.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byStart[middle]?.start ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  const image = byStart[low - 1];
  return image && address < image.end ? image : undefined;
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

/**
 * Grouper v1: by the chain of exceptions with the program's own frames, else by a stack trace without an exception, else
 * by the message. FROZEN: what it gives is stored with every issue. Change it by adding v2.
 */
import { hash } from 'node:crypto';
import type { StoredEvent, StoredException, StoredFrame, StoredStacktrace } from '../../protocol/event.ts';
import { resolveFingerprint } from './fingerprint.ts';
import { functionName, packageName, placeName } from './frame-name.ts';
import { parameterize } from './parameterize.ts';

export type GroupableEvent = Pick<
  StoredEvent,
  | 'platform'
  | 'level'
  | 'logger'
  | 'transaction'
  | 'tags'
  | 'fingerprint'
  | 'logentry'
  | 'exception'
  | 'stacktrace'
  | 'threads'
  | 'debug_meta'
>;
/** One way in which the event was grouped: the lines that were hashed, for people to read. */
export type GroupVariant = {
  name: 'fingerprint' | 'app' | 'system' | 'message' | 'fallback';
  hash: string;
  parts: string[];
};
/** `hashes` are hex MD5, the primary one first; an event belongs to the issue that has any of them. */
export type GroupResult = { hashes: string[]; variants: GroupVariant[] };

export function groupV1(event: GroupableEvent): GroupResult {
  const own = defaultVariants(event);
  const fingerprint = resolveFingerprint(event);
  const variants = fingerprint ? withFingerprint(fingerprint, own) : own;
  return { hashes: [...new Set(variants.map((variant) => variant.hash))], variants };
}

function variant(name: GroupVariant['name'], parts: string[]): GroupVariant {
  return { name, parts, hash: hash('md5', JSON.stringify(parts)) };
}

/** `null` in a fingerprint stands for the default: each default way then gives one of its own. */
function withFingerprint(fingerprint: (string | null)[], own: GroupVariant[]): GroupVariant[] {
  const ways = fingerprint.includes(null) ? own.map(({ parts }) => parts) : [[]];
  return ways.map((parts) =>
    variant(
      'fingerprint',
      fingerprint.flatMap((part) => (part === null ? parts : [`fingerprint: ${part}`])),
    ),
  );
}

/** `app` and `system` both, where they differ: frames that become the program's own do not make a new issue. */
function defaultVariants(event: GroupableEvent): GroupVariant[] {
  const images = imagesOf(event);
  const app = stackParts(event, 'app', images);
  const system = stackParts(event, 'system', images);
  const variants: GroupVariant[] = [];
  if (app) variants.push(variant('app', app));
  if (system && system.join('\n') !== app?.join('\n')) variants.push(variant('system', system));
  if (variants.length > 0) return variants;
  const message = event.logentry?.message || event.logentry?.formatted;
  if (message?.trim()) return [variant('message', [`message: ${parameterize(message)}`])];
  return [variant('fallback', [`platform: ${event.platform}`])];
}

export type Which = 'app' | 'system';
export type Image = { start: bigint; end: bigint; name: string };

/** @returns null when nothing of the exceptions and stacks tells the event from another */
function stackParts(event: GroupableEvent, which: Which, images: Image[]): string[] | null {
  const chain = event.exception?.values ?? [];
  const links = chain.map((exception) => exceptionParts(exception, event, which, images));
  if (links.some((parts) => parts.length > 0)) {
    // The members of an exception group come in any number: two alike are as good as one.
    const isGroup = chain.some(({ mechanism }) => mechanism?.is_exception_group);
    const distinct = isGroup ? [...new Map(links.map((parts) => [parts.join('\n'), parts])).values()] : links;
    return distinct.flat();
  }
  const frames = frameParts(event.stacktrace ?? threadStacktrace(event), event, which, images);
  return frames.length > 0 ? frames : null;
}

function exceptionParts(exception: StoredException, event: GroupableEvent, which: Which, images: Image[]): string[] {
  const frames = frameParts(exception.stacktrace, event, which, images);
  const type = exception.type ? [`type: ${typeName(exception.type)}`] : [];
  if (frames.length === 0) return [...type, ...valuePart(exception)];
  // Without a type it is a message that was sent with its stack trace, perhaps from a helper that sends them all.
  if (!exception.type) return [...valuePart(exception), ...frames];
  // The type of a synthetic exception is the SDK's, the same for every crash.
  return exception.mechanism?.synthetic ? frames : [...type, ...frames];
}

export function valuePart({ value }: StoredException): string[] {
  return value?.trim() ? [`value: ${parameterize(value)}`] : [];
}

/** Classes that a program makes on the fly carry a counter or an address. */
export function typeName(type: string): string {
  return type
    .slice(0, 500)
    .replace(/@anonymous.*$|0x[0-9a-f]+|\$\d+/g, '')
    .trim();
}

export function threadStacktrace(event: GroupableEvent): StoredStacktrace | null {
  const threads = event.threads?.values ?? [];
  const only = threads.length === 1 ? threads[0] : undefined;
  const thread = threads.find(({ crashed }) => crashed) ?? threads.find(({ current }) => current) ?? only;
  return thread?.stacktrace ?? null;
}

function frameParts(
  stacktrace: StoredStacktrace | null | undefined,
  event: GroupableEvent,
  which: Which,
  images: Image[],
): string[] {
  const frames = stacktrace?.frames ?? [];
  const chosen = which === 'app' ? ownFrames(frames) : frames;
  const parts: string[] = [];
  for (const frame of chosen) {
    const part = framePart(frame, event.platform, images);
    // A recursion is as deep as it happens to be.
    if (part !== null && part !== parts.at(-1)) parts.push(part);
  }
  return parts;
}

/** Those that the SDK says are the program's own, else those that it does not say are not, else all. */
export function ownFrames(frames: StoredFrame[]): StoredFrame[] {
  const own = frames.filter((frame) => frame.in_app === true);
  if (own.length > 0) return own;
  const unknown = frames.filter((frame) => frame.in_app !== false && !isSystemPackage(frame.package));
  return unknown.length > 0 ? unknown : frames;
}

/** Where systems keep their libraries. Native SDKs do not say `in_app`, and name a library in place of a function. */
const SYSTEM_PACKAGE =
  /^(?:\/usr\/lib|\/lib(?:32|64)?\/|\/System\/|\/Library\/Apple\/|\/system\/|\/apex\/|\/vendor\/lib|linux-(?:gate|vdso)|[a-z]:\\windows\\)/i;

function isSystemPackage(path: string | null | undefined): boolean {
  return path ? SYSTEM_PACKAGE.test(path) : false;
}

/** Longest source line that stands for a function without a name; longer ones are minified. */
const MAX_LINE = 120;

/** @returns null for a frame that says nothing of its own, such as the engine's built-in functions */
export function framePart(frame: StoredFrame, eventPlatform: string, images: Image[]): string | null {
  const platform = frame.platform || eventPlatform;
  const name = functionName(frame, platform);
  if (isBuiltIn(frame, platform)) return null;
  const place = placeName(frame, platform);
  if (name !== null) return `frame: ${name} in ${place ?? '?'}`;
  if (frame.filename || frame.abs_path || frame.module) {
    const line = frame.context_line?.trim();
    return `frame: ${line && line.length <= MAX_LINE ? `"${line}"` : '?'} in ${place ?? '?'}`;
  }
  const offset = offsetInImage(frame, images);
  if (offset) return `frame: ${offset}`;
  return place ? `frame: ? in ${place}` : null;
}

/** `Array.map` and the like: some browsers give a frame for them, some do not. */
function isBuiltIn(frame: StoredFrame, platform: string): boolean {
  if (platform !== 'javascript' && platform !== 'node') return false;
  const file = frame.filename || frame.abs_path || '';
  return file === '<anonymous>' || file === '[native code]' || file === 'native' || (file === '' && !frame.module);
}

/**
 * Where in its library an address without a name lies: the same wherever the library was loaded. Libraries do not
 * overlap, so it is the one that starts last before the address.
 */
function offsetInImage(frame: StoredFrame, images: Image[]): string | null {
  const address = frame.instruction_addr ? toAddress(frame.instruction_addr) : null;
  if (address === null) return null;
  let low = 0;
  let high = images.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((images[middle]?.start ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  const image = images[low - 1];
  return image && address < image.end ? `${image.name} +0x${(address - image.start).toString(16)}` : null;
}

/** By where they start. */
export function imagesOf(event: GroupableEvent): Image[] {
  const images = (event.debug_meta?.images ?? []).flatMap((image): Image[] => {
    const start = typeof image['image_addr'] === 'string' ? toAddress(image['image_addr']) : null;
    const size = Math.trunc(Number(image['image_size'] ?? 0));
    if (start === null || !Number.isSafeInteger(size) || size <= 0) return [];
    const file = image['code_file'] ?? image['debug_file'] ?? image['name'];
    return [{ start, end: start + BigInt(size), name: typeof file === 'string' ? packageName(file) : '?' }];
  });
  return images.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

function toAddress(text: string): bigint | null {
  return /^0x[0-9a-f]{1,16}$/.test(text) ? BigInt(text) : null;
}

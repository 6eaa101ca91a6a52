import type { Attachment } from '../../../../server/protocol/contract.ts';

/** What a file may be shown as inside the page. `none`: it is only downloaded. */
export type AttachmentKind = 'image' | 'json' | 'text' | 'viewHierarchy' | 'minidump' | 'none';

const mebibyte = 1024 * 1024;
/** Bytes up to which a file is shown: what is larger would hold up the page, and is better read in a tool of its own. */
export const maxPreviewBytes: Record<AttachmentKind, number> = {
  image: 20 * mebibyte,
  json: 2 * mebibyte,
  text: 4 * mebibyte,
  viewHierarchy: 2 * mebibyte,
  minidump: Number.POSITIVE_INFINITY,
  none: 0,
};

/** Bytes that are read of one: of a minidump its header alone is shown. */
export const readBytes = (kind: AttachmentKind): number => (kind === 'minidump' ? 4096 : maxPreviewBytes[kind]);

const byExtension: Record<string, AttachmentKind> = {
  avif: 'image',
  gif: 'image',
  jpeg: 'image',
  jpg: 'image',
  png: 'image',
  webp: 'image',
  json: 'json',
  dmp: 'minidump',
  mdmp: 'minidump',
  conf: 'text',
  csv: 'text',
  diff: 'text',
  htm: 'text',
  html: 'text',
  ini: 'text',
  ips: 'text',
  log: 'text',
  md: 'text',
  ndjson: 'text',
  patch: 'text',
  svg: 'text',
  toml: 'text',
  txt: 'text',
  xml: 'text',
  yaml: 'text',
  yml: 'text',
};

/**
 * By the SDK's own type, then by the media type, then by the end of the name. Markup (HTML, SVG) is text: its source is
 * shown. That an image is one is for its bytes to say.
 */
export function kindOfAttachment({
  type,
  mimetype,
  name,
}: Pick<Attachment, 'type' | 'mimetype' | 'name'>): AttachmentKind {
  if (type === 'event.minidump') return 'minidump';
  if (type === 'event.view_hierarchy') return 'viewHierarchy';
  const media = mimetype?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^image\/(?:png|jpe?g|gif|webp|avif)$/.test(media)) return 'image';
  if (/^application\/(?:[\w.-]+\+)?json$/.test(media)) return 'json';
  const extension = /\.(\w{1,8})$/.exec(name.toLowerCase())?.[1] ?? '';
  if (Object.hasOwn(byExtension, extension)) return byExtension[extension] ?? 'none';
  return /^text\/|[/+]xml$/.test(media) ? 'text' : 'none';
}

const signatures: [string, readonly (number | null)[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  ['image/avif', [null, null, null, null, 0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]],
];

/** The media type that the first bytes tell, of those that a browser draws without running anything; else null. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const found = signatures.find(([, signature]) => signature.every((byte, at) => byte === null || bytes[at] === byte));
  return found?.[0] ?? null;
}

/** The bytes as text; null when they are none (a NUL within the first kilobytes). */
export function textOfBytes(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.subarray(0, 8192).includes(0)) return null;
  return new TextDecoder().decode(bytes);
}

export type MinidumpHeader = { streams: number /** Unix milliseconds; null when it has none. */; time: number | null };

/** What a minidump says of itself; null when it is none. */
export function minidumpHeaderOf(bytes: Uint8Array): MinidumpHeader | null {
  if (bytes.length < 32) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
  if (view.getUint32(0, true) !== 0x504d444d) return null;
  const seconds = view.getUint32(20, true);
  return { streams: view.getUint32(8, true), time: seconds === 0 ? null : seconds * 1000 };
}

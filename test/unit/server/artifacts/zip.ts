import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a zip; what is given besides its content lies about it. */
export type ZipEntry = {
  name: string;
  content: Uint8Array | string;
  /** Bytes unpacked, as the directory says. */
  claimedSize?: number;
  /** Bits of the general flag: 1 is encrypted. */
  flags?: number;
  method?: number;
  extra?: Uint8Array;
  /** Its content is the one of this entry: many that overlap unpack to far more than there is. */
  sharedWith?: number;
};

/** A zip as tools write it, with deflate. */
export function zip(entries: readonly ZipEntry[], { offsetBase = 0, comment = '' } = {}): Buffer {
  const parts: Buffer[] = [];
  const places: { at: number; packed: number; crc: number; size: number }[] = [];
  let at = offsetBase;
  const push = (...added: Buffer[]) => {
    for (const part of added) {
      parts.push(part);
      at += part.byteLength;
    }
  };
  for (const entry of entries) {
    const shared = entry.sharedWith === undefined ? undefined : places[entry.sharedWith];
    if (shared) {
      places.push(shared);
      continue;
    }
    const content = Buffer.from(entry.content);
    const packed = deflateRawSync(content);
    const place = { at, packed: packed.byteLength, crc: crc32(content), size: content.byteLength };
    places.push(place);
    push(header(entry, place, false), packed);
  }
  const directoryAt = at;
  entries.forEach((entry, index) => {
    const place = places[index];
    if (place) push(header(entry, place, true));
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(at - directoryAt, 12);
  end.writeUInt32LE(directoryAt, 16);
  end.writeUInt16LE(comment.length, 20);
  push(end, Buffer.from(comment));
  return Buffer.concat(parts);
}

function header(
  { name, claimedSize, flags = 0, method = 8, extra = new Uint8Array() }: ZipEntry,
  { at, packed, crc, size }: { at: number; packed: number; crc: number; size: number },
  isDirectory: boolean,
): Buffer {
  const fixed = Buffer.alloc(isDirectory ? 46 : 30);
  fixed.writeUInt32LE(isDirectory ? 0x02014b50 : 0x04034b50, 0);
  const common = isDirectory ? 8 : 6;
  fixed.writeUInt16LE(flags, common);
  fixed.writeUInt16LE(method, common + 2);
  fixed.writeUInt32LE(crc, common + 8);
  fixed.writeUInt32LE(packed, common + 12);
  fixed.writeUInt32LE(claimedSize ?? size, common + 16);
  fixed.writeUInt16LE(Buffer.byteLength(name), common + 20);
  fixed.writeUInt16LE(extra.byteLength, common + 22);
  if (isDirectory) fixed.writeUInt32LE(at, 42);
  return Buffer.concat([fixed, Buffer.from(name), extra]);
}

export type ManifestEntry = { url?: string; type?: string; headers?: Record<string, string> };

/** A bundle as sentry-cli writes it: its header, then the zip, whose offsets count from the header's begin. */
export function bundle(
  files: readonly (ZipEntry & ManifestEntry)[],
  rest: Record<string, unknown> = {},
  { isShifted = false } = {},
): Buffer {
  const listed = Object.fromEntries(
    files.map(({ name, url = `~/${name}`, type = 'minified_source', headers = {} }) => [name, { url, type, headers }]),
  );
  const manifest = { name: 'manifest.json', content: JSON.stringify({ files: listed, ...rest }) };
  return Buffer.concat([HEADER, zip([...files, manifest], { offsetBase: isShifted ? 0 : HEADER.byteLength })]);
}
export const HEADER = Buffer.from('SYSB\x02\x00\x00\x00', 'latin1');

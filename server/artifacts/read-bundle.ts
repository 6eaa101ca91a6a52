import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { BadRequestError, StatusError, TooLargeError } from '../protocol/errors.ts';
import type { NewArtifactFile } from '../storage/artifacts.ts';
import type { ChunkReader } from './chunk-reader.ts';
import {
  type ArtifactLimits,
  describeBytes,
  MAX_FILES,
  MAX_MANIFEST_BYTES,
  MAX_NAME_BYTES,
  MAX_RATIO,
  MAX_UNPACKED_FACTOR,
  RATIO_FROM_BYTES,
  tooLargeUpload,
} from './limits.ts';
import { type Manifest, type ManifestFile, parseManifest, quote } from './manifest.ts';

export type Bundle = {
  manifest: Manifest;
  /** Unpacked one after another, as they are asked for. @throws {StatusError} naming the file at fault */
  files: () => AsyncGenerator<NewArtifactFile>;
};

/** `SYSB` and a version, 32 bits. What comes after it is a zip whose offsets may count from either. */
const HEADER_BYTES = 8;
/** The end of a zip's directory: 22 bytes, and a comment. */
const END_BYTES = 22 + 0xffff;
const END_SIGNATURE = 0x06054b50;

/**
 * Opens an artifact bundle, and looks at the sizes of everything in it before any of it is unpacked. Names in the zip are
 * names alone: nothing is ever written under one.
 *
 * @throws {BadRequestError} no bundle, or damaged
 * @throws {TooLargeError} more than the limits
 */
export async function openBundle(reader: ChunkReader, limits: ArtifactLimits): Promise<Bundle> {
  if (reader.size > limits.maxUploadBytes) throw tooLargeUpload(reader.size, limits);
  return asBadRequest('The upload is no artifact bundle, or it is damaged', async () => {
    const prefix = await prefixOf(reader);
    const zip = await fromRandomAccessReaderPromise(new Shifted(reader, prefix), reader.size - prefix, {
      autoClose: false,
      decodeStrings: false,
    });
    const entries = await readEntries(zip, limits);
    const listed = entries.get('manifest.json');
    if (!listed) throw new BadRequestError('The upload is no artifact bundle: it has no manifest.json.');
    if (listed.uncompressedSize > MAX_MANIFEST_BYTES)
      throw new TooLargeError('The manifest of the bundle is too large.');
    const manifest = parseManifest((await unpack(zip, listed, 'manifest.json')).toString('utf8'));
    return { manifest, files: () => readFiles(zip, entries, manifest.files, limits) };
  });
}

async function* readFiles(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  files: readonly ManifestFile[],
  limits: ArtifactLimits,
): AsyncGenerator<NewArtifactFile> {
  for (const { path, ...file } of files) {
    const entry = entries.get(path);
    if (!entry) throw new BadRequestError(`The file ${quote(file.url)} is in the manifest and not in the bundle.`);
    checkFile(entry, file.url, limits);
    const bytes = await asBadRequest(`The file ${quote(file.url)} cannot be unpacked`, () =>
      unpack(zip, entry, file.url),
    );
    yield { ...file, bytes };
  }
}

function checkFile(entry: Entry, url: string, { maxFileBytes }: ArtifactLimits): void {
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > maxFileBytes) {
    throw new TooLargeError(
      `The file ${quote(url)} has ${describeBytes(uncompressedSize)}; ${describeBytes(maxFileBytes)} are the limit. Leave it out, or raise artifacts.max-file-bytes.`,
    );
  }
  if (uncompressedSize > RATIO_FROM_BYTES && uncompressedSize > compressedSize * MAX_RATIO) {
    throw new BadRequestError(`The file ${quote(url)} unpacks to more than ${MAX_RATIO} times its size.`);
  }
}

/** By name. Of two with one name the first counts. */
async function readEntries(zip: ZipFile, { maxUploadBytes }: ArtifactLimits): Promise<Map<string, Entry>> {
  // Besides the files there is the manifest, and maybe folders.
  if (zip.entryCount > 2 * MAX_FILES) throw new TooLargeError(`The bundle has ${zip.entryCount} files: split it.`);
  const maxBytes = maxUploadBytes * MAX_UNPACKED_FACTOR;
  const entries = new Map<string, Entry>();
  let nameBytes = 0;
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    nameBytes += entry.fileNameRaw.byteLength + entry.extraFieldRaw.byteLength + entry.fileCommentRaw.byteLength;
    bytes += entry.uncompressedSize;
    if (nameBytes > MAX_NAME_BYTES) throw new TooLargeError('The names in the bundle are too long.');
    if (bytes > maxBytes) {
      throw new TooLargeError(`The bundle unpacks to more than ${describeBytes(maxBytes)}: split it.`);
    }
    const name = entry.fileNameRaw.toString('utf8');
    if (!entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

/** yauzl ends the stream with an error when there is more, or less, than the entry says. */
async function unpack(zip: ZipFile, entry: Entry, name: string): Promise<Buffer> {
  if (entry.isEncrypted()) throw new BadRequestError(`The file ${quote(name)} is encrypted.`);
  const bytes = Buffer.allocUnsafe(entry.uncompressedSize);
  let at = 0;
  for await (const part of await zip.openReadStreamPromise(entry)) {
    if (!Buffer.isBuffer(part)) throw new TypeError('A stream of bytes gives bytes.');
    at += part.copy(bytes, at);
  }
  return bytes.subarray(0, at);
}

/** What a broken zip makes yauzl and zlib say is for the log. */
async function asBadRequest<T>(message: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE')) throw error;
    throw new BadRequestError(`${message}.`, { cause: error });
  }
}

/** How many bytes lie in front of what the zip's offsets count from. */
async function prefixOf(reader: ChunkReader): Promise<number> {
  const from = Math.max(0, reader.size - END_BYTES);
  const parts: Uint8Array[] = [];
  for await (const part of reader.parts(from, reader.size)) parts.push(part);
  const tail = Buffer.concat(parts);
  for (let at = tail.byteLength - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const directory = tail.readUInt32LE(at + 12) + tail.readUInt32LE(at + 16);
    return from + at - directory === HEADER_BYTES ? HEADER_BYTES : 0;
  }
  return 0;
}

/** The upload without its first bytes. */
class Shifted extends RandomAccessReader {
  readonly #reader: ChunkReader;
  readonly #by: number;

  constructor(reader: ChunkReader, by: number) {
    super();
    this.#reader = reader;
    this.#by = by;
  }

  override _readStreamForRange(start: number, end: number) {
    return this.#reader._readStreamForRange(start + this.#by, end + this.#by);
  }

  override read(...[buffer, offset, length, position, callback]: Parameters<ChunkReader['read']>): void {
    this.#reader.read(buffer, offset, length, position + this.#by, callback);
  }
}

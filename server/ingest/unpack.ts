import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { BadRequestError, StatusError, TooLargeError } from '../protocol/errors.ts';
import type { Lease } from './budget.ts';
import { bytesOf, createByteSink, push } from './byte-sink.ts';
import type { IngestLimits } from './limits.ts';

type Encoding = 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'zstd';
type SyncOptions = { maxOutputLength: number; chunkSize: number };

/** Small bodies are unpacked at once: a trip to the thread pool costs more than the half millisecond that this may take. */
const MAX_SYNC_PACKED_BYTES = 64 * 1024;
const MAX_SYNC_UNPACKED_BYTES = 256 * 1024;
/** Windows of 8 MiB, which level 19 uses; a frame may ask for 128. Brotli's are at most 16 MiB. */
const ZSTD_PARAMS = { [zlib.constants.ZSTD_d_windowLogMax]: 23 };
/** Each holds a window beside its output, which the budget does not see. */
const MAX_STREAMS = 4;

const SYNC: Record<Encoding, (packed: Buffer, options: SyncOptions) => Buffer> = {
  gzip: zlib.gunzipSync,
  deflate: zlib.inflateSync,
  'deflate-raw': zlib.inflateRawSync,
  br: zlib.brotliDecompressSync,
  zstd: (packed, options) => zlib.zstdDecompressSync(packed, { ...options, params: ZSTD_PARAMS }),
};
const STREAM: Record<Encoding, (options: { chunkSize: number }) => Transform> = {
  gzip: zlib.createGunzip,
  deflate: zlib.createInflate,
  'deflate-raw': zlib.createInflateRaw,
  br: zlib.createBrotliDecompress,
  zstd: (options) => zlib.createZstdDecompress({ ...options, params: ZSTD_PARAMS }),
};

export type Unpack = (packed: Buffer, contentEncoding: string | undefined, lease: Lease) => Promise<Buffer> | Buffer;

/**
 * Builds the function that undoes a body's Content-Encoding. What it returns is held by the lease; `packed` is no longer.
 *
 * It throws a StatusError 415 for an encoding that is unknown or applied twice, a BadRequestError for data that is not in
 * it or cut, a TooLargeError for more than `maxUnpackedBytes` or `maxRatio`, and what the lease throws.
 */
export function createUnpack(limits: IngestLimits): Unpack {
  const gate = createGate(MAX_STREAMS);

  function unpackSync(packed: Buffer, encoding: Encoding, lease: Lease): Buffer | null {
    try {
      const bytes = SYNC[encoding](packed, {
        maxOutputLength: Math.min(MAX_SYNC_UNPACKED_BYTES, limits.maxUnpackedBytes),
        chunkSize: expectedSize(packed, encoding),
      });
      lease.take(bytes.byteLength);
      lease.give(packed.byteLength);
      return bytes;
    } catch (error) {
      if (isCode(error, 'ERR_BUFFER_TOO_LARGE')) return null; // to the stream, which counts while it unpacks
      throw error instanceof StatusError ? error : notEncoded(encoding, error);
    }
  }

  async function unpackStream(packed: Buffer, encoding: Encoding, lease: Lease): Promise<Buffer> {
    await gate.enter();
    const maxByRatio = Math.max(limits.maxEventBytes, packed.byteLength * limits.maxRatio);
    const maxBytes = Math.min(limits.maxUnpackedBytes, maxByRatio);
    const sink = createByteSink(
      maxBytes,
      lease,
      () => new TooLargeError(`The body unpacks to over ${maxBytes} bytes.`),
    );
    const stream = STREAM[encoding]({ chunkSize: 64 * 1024 });
    try {
      stream.end(packed);
      for await (const chunk of stream) push(sink, chunk);
    } catch (error) {
      throw error instanceof StatusError ? error : notEncoded(encoding, error);
    } finally {
      stream.destroy();
      gate.leave();
    }
    lease.give(packed.byteLength);
    return bytesOf(sink);
  }

  return (packed, contentEncoding, lease) => {
    const encoding = parseContentEncoding(contentEncoding, packed);
    if (!encoding) return packed;
    const small = packed.byteLength <= MAX_SYNC_PACKED_BYTES ? unpackSync(packed, encoding, lease) : null;
    return small ?? unpackStream(packed, encoding, lease);
  };
}

/** Null: as it is. @throws {StatusError} 415 */
function parseContentEncoding(header: string | undefined, packed: Buffer): Encoding | null {
  if (header === undefined) return null;
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > 1) throw new StatusError(415, 'The body is packed more than once; send one Content-Encoding.');
  switch (names[0]) {
    case undefined:
      return null;
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return hasZlibHeader(packed) ? 'deflate' : 'deflate-raw';
    case 'br':
      return 'br';
    case 'zstd':
      return 'zstd';
    default:
      throw new StatusError(415, 'This Content-Encoding is not known here; use gzip, deflate, br, zstd or none.');
  }
}

/** The name means zlib (RFC 9110); some clients send the bare stream. */
function hasZlibHeader(packed: Buffer): boolean {
  const [first = 0, second = 0] = packed;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

/** Saves the copies of growing: gzip ends with the size of what went in. A sender may lie; it is only where to start. */
function expectedSize(packed: Buffer, encoding: Encoding): number {
  const said = encoding === 'gzip' && packed.byteLength >= 18 ? packed.readUInt32LE(packed.byteLength - 4) : 0;
  const size = said > 0 ? said + 1 : packed.byteLength * 4;
  return Math.min(Math.max(size, 1024), MAX_SYNC_UNPACKED_BYTES + 1);
}

function notEncoded(encoding: Encoding, cause: unknown): Error {
  return new BadRequestError(`The body is not whole ${encoding} data, as its Content-Encoding says.`, { cause });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Lets `size` in at a time; the others wait in order. Those who wait hold packed bytes, which the budget bounds. */
function createGate(size: number): { enter(): Promise<void> | void; leave(): void } {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    enter() {
      if (inside < size) inside += 1;
      else return new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    },
  };
}

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { ConflictError } from '../protocol/errors.ts';
import type { ArtifactStore } from '../storage/artifacts.ts';

type Chunks = Pick<ArtifactStore, 'chunkSizes' | 'readChunk'>;
type Chunk = { checksum: string; start: number; end: number };

/** Chunks in memory at one time. Files lie one after another, so that hardly any is read twice. */
const KEPT = 2;

/** An upload as one file, read from its chunks as needed: none is ever in memory as a whole. */
export class ChunkReader extends RandomAccessReader {
  readonly size: number;
  readonly #chunks: readonly Chunk[];
  readonly #store: Chunks;
  readonly #kept = new Map<string, Uint8Array>();

  private constructor(store: Chunks, chunks: readonly Chunk[], size: number) {
    super();
    this.#store = store;
    this.#chunks = chunks;
    this.size = size;
  }

  /**
   * @param checksums in the order of the upload
   * @throws {ConflictError} one of them is gone
   */
  static async open(store: Chunks, checksums: readonly string[]): Promise<ChunkReader> {
    const sizes = await store.chunkSizes(checksums);
    let end = 0;
    const chunks = checksums.map((checksum) => {
      const size = sizes.get(checksum);
      if (size === undefined) throw gone();
      const start = end;
      end += size;
      return { checksum, start, end };
    });
    return new ChunkReader(store, chunks, end);
  }

  /** Of all of it, lower-case hex. */
  async sha1(): Promise<string> {
    const hash = createHash('sha1');
    for await (const part of this.parts(0, this.size)) hash.update(part);
    return hash.digest('hex');
  }

  /** Bytes from `start` up to `end`, in pieces. */
  async *parts(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#chunks) {
      if (chunk.end <= start || chunk.start >= end) continue;
      const data = await this.#read(chunk.checksum);
      yield data.subarray(Math.max(start - chunk.start, 0), Math.min(end, chunk.end) - chunk.start);
    }
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.parts(start, end));
  }

  /** Of a few bytes: what yauzl has would make two streams for it. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#copy(buffer, offset, length, position).then(() => callback(null), callback);
  }

  async #copy(buffer: Buffer, offset: number, length: number, position: number): Promise<void> {
    let at = offset;
    for await (const part of this.parts(position, position + length)) {
      buffer.set(part, at);
      at += part.byteLength;
    }
    if (at - offset !== length) throw new Error('The upload ends early.');
  }

  async #read(checksum: string): Promise<Uint8Array> {
    const kept = this.#kept.get(checksum);
    if (kept) return kept;
    const data = await this.#store.readChunk(checksum);
    if (!data) throw gone();
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < KEPT) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(checksum, data);
    return data;
  }
}

const gone = () => new ConflictError('A part of the upload is gone. Upload it again.');

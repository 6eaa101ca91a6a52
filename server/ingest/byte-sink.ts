import type { Lease } from './budget.ts';

/** Gathers chunks into one buffer, which never grows past `maxBytes`. */
export type ByteSink = {
  buffer: Buffer | null;
  length: number;
  readonly maxBytes: number;
  /** Thrown when more than `maxBytes` come. */
  readonly tooLarge: () => Error;
  readonly lease: Lease;
};

export function createByteSink(maxBytes: number, lease: Lease, tooLarge: () => Error): ByteSink {
  return { buffer: null, length: 0, maxBytes, tooLarge, lease };
}

/**
 * Keeps the first chunk as it is, since most bodies come in one, and copies the later ones: a list of chunks would cost a
 * sender of single bytes nothing and us a hundred times as much.
 *
 * @throws what `tooLarge` makes, or the lease's own error
 */
export function push(sink: ByteSink, chunk: Buffer): void {
  const length = sink.length + chunk.byteLength;
  if (length > sink.maxBytes) throw sink.tooLarge();
  if (!sink.buffer) {
    sink.lease.take(chunk.byteLength);
    sink.buffer = chunk;
  } else {
    const capacity = sink.buffer.byteLength;
    if (length > capacity || sink.length === capacity) grow(sink, sink.buffer, length);
    chunk.copy(sink.buffer, sink.length);
  }
  sink.length = length;
}

function grow(sink: ByteSink, old: Buffer, needed: number): void {
  const capacity = Math.min(Math.max(needed, old.byteLength * 2, 64 * 1024), sink.maxBytes);
  sink.lease.take(capacity - old.byteLength);
  const buffer = Buffer.allocUnsafeSlow(capacity);
  old.copy(buffer, 0, 0, sink.length);
  sink.buffer = buffer;
}

export function bytesOf({ buffer, length }: ByteSink): Buffer {
  if (!buffer) return Buffer.alloc(0);
  return length === buffer.byteLength ? buffer : buffer.subarray(0, length);
}

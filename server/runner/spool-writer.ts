import { isMarkedAsUntransferable, Worker } from 'node:worker_threads';
import { RateLimitedError, UnavailableError } from '../protocol/errors.ts';
import { type NewEnvelope, type SpoolDepth, toRow } from '../storage/spool.ts';
import type { AppendMessage, FromThread, ToThread } from './spool-thread.ts';

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
/** Above this a body is handed over rather than copied, where it owns its memory. */
const LARGE_BYTES = 256 * 1024;
/** A turn of a busy event loop takes longer than a sync: the thread gets what there is, and both work at a time. */
const FLUSH_BYTES = 256 * 1024;
const RESTART_DELAYS_MS = [100, 500, 2_000, 5_000];

export type SpoolWriterOptions = {
  file: string;
  /** Bytes that wait for the disk; past it 503. */
  maxQueuedBytes?: number;
  /** What the spool may hold when digest is behind; past it 429, which makes SDKs hold back. */
  maxSpoolRows?: number;
  maxSpoolBytes?: number;
  /** Past it the disk counts as full, 503; by default twice `maxSpoolBytes`. */
  maxFileBytes?: number;
  /** For the log: the thread died, or could not write. */
  onError?: (error: Error) => void;
};

export type SpoolWriter = {
  /** Resolves once the first thread has opened the file; rejects when it cannot. */
  ready: Promise<void>;
  /**
   * Resolves when the envelope is on disk. Takes `body` over: the caller must not use it afterwards.
   * @throws {UnavailableError} the disk is full or fails, too much is waiting, or the thread is being restarted
   * @throws {RateLimitedError} digest is too far behind
   */
  append(envelope: NewEnvelope): Promise<void>;
  /** Deletes what is digested. @returns how many rows */
  deleteUpTo(mark: number): Promise<number>;
  /** Tells the highest id after each commit. @returns a function that ends it */
  onCommitted(listener: (mark: number) => void): () => void;
  /** As of the last commit. */
  depth(): SpoolDepth;
  /** Waits until what was accepted is on disk, then ends the thread. */
  close(): Promise<void>;
};

type Waiting<T> = { resolve: (value: T) => void; reject: (error: Error) => void };
type Appending = Waiting<void> & { bytes: number };

/** Starts the spool's writer thread. What arrives in one turn of the event loop goes to it as one message. */
export function createSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  const { file, maxQueuedBytes = 64 * MEBIBYTE, maxSpoolRows = 1_000_000, maxSpoolBytes = 8 * GIBIBYTE } = options;
  const maxFileBytes = options.maxFileBytes ?? 2 * maxSpoolBytes;
  const listeners = new Set<(mark: number) => void>();
  const started = Promise.withResolvers<void>();
  started.promise.catch(() => {}); // whoever asks for `ready` is told
  let outbox: NewEnvelope[] = [];
  let outboxBytes = 0;
  const appending: Appending[] = [];
  const deleting: Waiting<number>[] = [];
  let queuedBytes = 0;
  let depth: SpoolDepth = { rows: 0, bytes: 0 };
  let failures = 0;
  let restartTimer: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** A new spool numbers from 1, which digest takes for what it has done: what was moved away has to come back. */
  let mustExist = false;
  let worker: Worker | null = start();

  function start(): Worker {
    const workerData = { file, maxFileBytes, mustExist };
    const thread = new Worker(new URL('./spool-thread.ts', import.meta.url), { workerData });
    let cause: unknown;
    thread.on('message', (message: FromThread) => receive(message));
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => ended(cause));
    return thread;
  }

  function receive(message: FromThread): void {
    if (message.kind === 'ready') {
      failures = 0;
      mustExist = true;
      depth = message.depth;
      started.resolve();
    } else if (message.kind === 'committed') {
      depth = message.depth;
      for (const waiting of takeAppending(message.appended)) waiting.resolve();
      for (const [index, waiting] of deleting.splice(0, message.deleted.length).entries()) {
        waiting.resolve(message.deleted[index] ?? 0);
      }
      if (message.appended > 0) for (const listener of listeners) listener(message.mark);
    } else {
      const error = diskError(message.code, message.message);
      options.onError?.(error);
      for (const waiting of [...takeAppending(message.appended), ...deleting.splice(0, message.deleted)]) {
        waiting.reject(error);
      }
    }
  }

  /** The thread has died (or was closed): nobody knows what of the rest is on disk, so nobody is told that it is. */
  function ended(cause: unknown): void {
    worker = null;
    outbox = [];
    outboxBytes = 0;
    const error = new UnavailableError('The spool is being reopened; send it again.', 5, { cause });
    for (const waiting of [...takeAppending(appending.length), ...deleting.splice(0)]) waiting.reject(error);
    if (isClosed) return;
    started.reject(cause instanceof Error ? cause : error);
    options.onError?.(cause instanceof Error ? cause : error);
    restartTimer = setTimeout(
      () => {
        worker = start();
      },
      RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)],
    );
    failures += 1;
  }

  function takeAppending(count: number): Appending[] {
    const taken = appending.splice(0, count);
    for (const { bytes } of taken) queuedBytes -= bytes;
    return taken;
  }

  function flush(): void {
    if (outbox.length === 0 || !worker) return;
    const message = toMessage(outbox);
    outbox = [];
    outboxBytes = 0;
    worker.postMessage(message satisfies ToThread, [message.packed, ...message.large]);
  }

  function refusal(size: number): Error | null {
    if (!worker || isClosed) return new UnavailableError('The spool is being reopened; send it again.', 5);
    if (queuedBytes + size > maxQueuedBytes) return new UnavailableError('The disk cannot keep up; send it later.', 10);
    if (depth.rows >= maxSpoolRows || depth.bytes >= maxSpoolBytes) {
      return new RateLimitedError('Too many accepted events wait to be stored; send it later.', 60);
    }
    return null;
  }

  return {
    ready: started.promise,
    append(envelope) {
      const bytes = envelope.body.byteLength;
      const refused = refusal(bytes);
      if (refused) return Promise.reject(refused);
      return new Promise((resolve, reject) => {
        appending.push({ resolve, reject, bytes });
        queuedBytes += bytes;
        outboxBytes += bytes;
        if (outbox.push(envelope) === 1) setImmediate(flush);
        if (outboxBytes >= FLUSH_BYTES) flush();
      });
    },
    deleteUpTo(mark) {
      if (!worker || isClosed) return Promise.reject(new UnavailableError('The spool is being reopened.', 5));
      const message: ToThread = { kind: 'delete', mark };
      worker.postMessage(message);
      return new Promise((resolve, reject) => deleting.push({ resolve, reject }));
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    depth: () => ({ ...depth }),
    async close() {
      isClosed = true;
      clearTimeout(restartTimer);
      if (!worker) return;
      const exit = new Promise<void>((resolve) => worker?.once('exit', () => resolve()));
      flush();
      const message: ToThread = { kind: 'close' };
      worker.postMessage(message);
      await exit;
    },
  };
}

/** A body out of a pool shares its memory with strangers, which a transfer would take away: small ones are copied into one. */
function toMessage(envelopes: NewEnvelope[]): AppendMessage {
  const large: ArrayBuffer[] = [];
  const small: Buffer[] = [];
  let size = 0;
  const rows = envelopes.map((envelope) => {
    const { body, ...row } = toRow(envelope);
    const own = body.byteLength >= LARGE_BYTES ? ownMemory(body) : null;
    if (own) large.push(own);
    else {
      small.push(body);
      size += body.byteLength;
    }
    return { ...row, storedBytes: body.byteLength, isLarge: own !== null };
  });
  const packed = new ArrayBuffer(size);
  const target = Buffer.from(packed);
  let offset = 0;
  for (const body of small) offset += body.copy(target, offset);
  return { kind: 'append', rows, packed, large };
}

function ownMemory({ buffer, byteLength }: Buffer): ArrayBuffer | null {
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !isMarkedAsUntransferable(buffer);
  return isOwn ? buffer : null;
}

function diskError(code: string, message: string): UnavailableError {
  const isFull = code === 'SQLITE_FULL';
  const words = isFull ? 'The disk is full; nothing was stored.' : 'The disk cannot be written to; nothing was stored.';
  return new UnavailableError(words, isFull ? 60 : 10, { cause: `${code}: ${message}` });
}

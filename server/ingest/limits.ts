const MEBIBYTE = 1024 * 1024;

/** What bounds the memory of ingest, whatever clients send. Relay's own are several times as large. */
export type IngestLimits = {
  /** Of the body as sent. */
  maxPackedBytes: number;
  /** Of the body unpacked. */
  maxUnpackedBytes: number;
  /** Unpacked to packed, once more than `maxEventBytes` came out: real events stay under 100. */
  maxRatio: number;
  /** Of an event item, and of a `/store/` body. */
  maxEventBytes: number;
  maxAttachmentBytes: number;
  /** Of all requests together, from the first byte until it is on disk. */
  maxInFlightBytes: number;
  /** A body has to bring `minWindowBytes` in each `windowMs`, or end. */
  windowMs: number;
  minWindowBytes: number;
  /** Of a body that was refused: this much is still read, so that the client gets to read the answer. */
  maxDrainBytes: number;
  drainMs: number;
};

export const DEFAULT_LIMITS: IngestLimits = {
  maxPackedBytes: 20 * MEBIBYTE,
  maxUnpackedBytes: 40 * MEBIBYTE,
  maxRatio: 200,
  maxEventBytes: MEBIBYTE,
  maxAttachmentBytes: 20 * MEBIBYTE,
  maxInFlightBytes: 64 * MEBIBYTE,
  windowMs: 10_000,
  minWindowBytes: 16 * 1024,
  maxDrainBytes: 4 * MEBIBYTE,
  drainMs: 2_000,
};

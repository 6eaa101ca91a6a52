import { TooLargeError } from '../protocol/errors.ts';

/** What one upload may be. Settings give the first two. */
export type ArtifactLimits = {
  /** Bytes of a bundle, packed as it is sent. */
  maxUploadBytes: number;
  /** Bytes of one file of it, unpacked. */
  maxFileBytes: number;
};

/** Files of a bundle; the builds of very large applications have some thousands. */
export const MAX_FILES = 20_000;
/** Bytes of names, comments and the like, and of the manifest: they are held in memory. */
export const MAX_NAME_BYTES = 16 * 1024 * 1024;
export const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;
/** All files unpacked, as a multiple of `maxUploadBytes`. Maps and minified files shrink to a fifth. */
export const MAX_UNPACKED_FACTOR = 16;
/** A file unpacked, to what it takes in the zip. Below the first figure in bytes nothing is said of it. */
export const RATIO_FROM_BYTES = 1024 * 1024;
export const MAX_RATIO = 250;

/** Bytes for people: `100 MiB`. */
export function describeBytes(bytes: number): string {
  const mebibytes = bytes / (1024 * 1024);
  return mebibytes >= 1 ? `${Number(mebibytes.toFixed(1))} MiB` : `${bytes} bytes`;
}

/** @param size in bytes */
export function tooLargeUpload(size: number, { maxUploadBytes }: ArtifactLimits): TooLargeError {
  return new TooLargeError(
    `The upload has ${describeBytes(size)}; ${describeBytes(maxUploadBytes)} are the limit. Upload fewer files at a time, or raise artifacts.max-upload-bytes.`,
  );
}

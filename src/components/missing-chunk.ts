/** In the words of Chromium, Firefox, Safari and Vite. */
const MISSING_CHUNK =
  /^(?:Failed to fetch dynamically imported module|error loading dynamically imported module|Importing a module script failed|Unable to preload CSS)/i;

/** A page opened before an update asks for files that the new build no longer has. Or nobody answers at all. */
export const isMissingChunk = (error: unknown): boolean => error instanceof Error && MISSING_CHUNK.test(error.message);

/**
 * Paths of frames, as SDKs, bundlers and browsers write them. A stranger wrote them: nothing here touches a disk, and
 * whoever looks for a file compares segments with names that are known already.
 */
export type FrameFile = {
  filename?: string | null;
  absPath?: string | null;
  module?: string | null;
  platform?: string | null;
};

export type CleanPath = {
  text: string;
  segments: string[];
  isAbsolute: boolean;
  /** `webpack://shop`, `app://`, `file://`; null for a plain path. */
  origin: string | null;
  /** How often `..` leads above the path's own beginning. */
  climbs: number;
};

/** Of a longer path the end is what matters, and its beginning is not known. */
export const MAX_PATH = 4096;

/** The paths that a frame gives: its own two, and the one that a Java or Go module says. */
export function framePaths({ filename, absPath, module, platform }: FrameFile): CleanPath[] {
  const ofModule = moduleFile(module, filename ?? absPath, platform);
  return [absPath, filename, ofModule].flatMap((text) => {
    const path = text ? cleanPath(text) : null;
    if (!path || path.segments.length === 0) return [];
    // A bare file name would find its namesake in another package.
    const isVague = ofModule !== null && path.segments.length === 1 && text !== ofModule;
    return isVague ? [] : [path];
  });
}

/** Java's frames have `Billing.java` and `com.acme.Billing$1`; Go's have the package path. */
function moduleFile(module: string | null | undefined, file: string | null | undefined, platform?: string | null) {
  const basename = file ? segmentsOf(file).at(-1) : undefined;
  if (!module || !basename) return null;
  if (platform === 'java' || /\.(?:java|kt|scala|groovy|clj)$/.test(basename)) {
    return [...module.split('.').slice(0, -1), basename].join('/');
  }
  return basename.endsWith('.go') && module.includes('/') ? `${module}/${basename}` : null;
}

/**
 * A path in segments, without what bundlers and browsers put before and after it: `webpack://shop/./src/a.ts?b1f2`,
 * `webpack-internal:///(rsc)/./src/a.ts`, `app:///main.js`, `~/static/main.js`, `https://host/main.js`, `C:\src\a.cs`.
 */
export function cleanPath(text: string): CleanPath {
  const segments: string[] = [];
  let climbs = 0;
  const read = IS_ENCODED.test(text) ? decoded : String;
  for (const segment of localPart(text.slice(-MAX_PATH)).split(/[\\/]/).map(read)) {
    if (segment === '..') {
      if (segments.pop() === undefined) climbs += 1;
    } else if (!/^(?:|\.|~|[A-Za-z]:)$/.test(segment) && !(segments.length === 0 && LAYER.test(segment))) {
      segments.push(segment);
    }
  }
  const [origin = null] = /^[a-z][a-z0-9+.-]+:\/\/[^\\/]*/i.exec(text) ?? [];
  return { text, segments, isAbsolute: isAbsolute(text), origin: origin?.toLowerCase() ?? null, climbs };
}

/** What Node's ES modules and browsers report: spaces and letters beyond ASCII are `%20` and the like. */
const IS_ENCODED = /^(?:file|https?):/i;

/** Never a slash or a folder above: those are parts of a name that no file has. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    const name = decodeURIComponent(segment);
    return /[\\/]|^\.\.?$/.test(name) ? segment : name;
  } catch {
    return segment;
  }
}

/** Of Next.js: `(rsc)/./src/a.ts`. Further on such a name is one of its folders: `src/app/(shop)/page.tsx`. */
const LAYER = /^\([\w-]+\)$/;

export const segmentsOf = (text: string): string[] => cleanPath(text).segments;

export const isAbsolute = (path: string): boolean => /^(?:[A-Za-z]:)?[\\/]|^[a-z][a-z0-9+.-]*:\/\//i.test(path);

function localPart(path: string): string {
  const [, rest] = /^[a-z][a-z0-9+.-]+:\/\/(.*)$/is.exec(path) ?? [];
  if (rest === undefined) {
    const query = path.indexOf('?', Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')));
    return query === -1 ? path : path.slice(0, query);
  }
  // What follows // is a host (or webpack's name of the project) up to the next slash; file:/// and app:/// have none.
  return rest.slice(Math.max(rest.search(/[\\/]/), 0)).replace(/[?#].*$/s, '');
}

/** How to compare letters. */
export type Fold = (text: string) => string;
export const exact: Fold = (text) => text;
export const lower: Fold = (text) => text.toLowerCase();

/** Segments that both end in. */
export function commonEnd(a: readonly string[], b: readonly string[], fold: Fold): number {
  let common = 0;
  while (common < a.length && common < b.length && same(a.at(-1 - common), b.at(-1 - common), fold)) common += 1;
  return common;
}
const same = (a = '', b = '', fold: Fold) => a === b || fold(a) === fold(b);

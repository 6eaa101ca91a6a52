import type { CodeMappingRow } from '../storage/code-mappings.ts';
import { type CleanPath, cleanPath, exact, type Fold, lower, MAX_PATH } from './paths.ts';

/** What a mapping makes of a frame's path; whether there is such a file is another question. */
export type MappedPath = { mapping: CodeMappingRow; path: string; isWindows: boolean };

/**
 * Where the files of a frame would be, by the mapping whose stack root is the longest beginning of one of its paths, in
 * whole segments. Several when the frame has several paths that fit, or several mappings have that stack root.
 */
export function mapPaths(mappings: readonly CodeMappingRow[], paths: readonly CleanPath[]): MappedPath[] {
  const fitting = mappings.flatMap((mapping) => {
    const root = cleanPath(mapping.stackRoot);
    return paths.flatMap((path) => (isBeginning(root, path) ? [{ mapping, root, path }] : []));
  });
  const most = Math.max(...fitting.map(({ root }) => lengthOf(root)));
  const mapped = fitting
    .filter(({ root }) => lengthOf(root) === most)
    .map(({ mapping, root, path }) => ({
      mapping,
      path: [...sourceRootOf(mapping), ...path.segments.slice(root.segments.length)].join('/'),
      isWindows: isWindows(path),
    }));
  const seen = new Set<string>();
  return mapped.filter(({ mapping, path }) => {
    const key = `${mapping.id} ${path}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Its folders. They were checked when the mapping was made, and are compared with git's names alone. */
export const sourceRootOf = ({ sourceRoot }: Pick<CodeMappingRow, 'sourceRoot'>): string[] =>
  sourceRoot.split('/').filter((name) => name !== '' && name !== '.');

/** A root that names a scheme is longer than one that does not. */
const lengthOf = ({ segments, origin }: CleanPath) => segments.length * 2 + (origin ? 1 : 0);

function isBeginning(root: CleanPath, path: CleanPath): boolean {
  // Of a path that was cut, the beginning is not known; and what climbs out of a root is not below it.
  if (path.text.length > MAX_PATH || root.climbs !== path.climbs) return false;
  if (root.origin && root.origin !== path.origin) return false;
  const fold = isWindows(root) || isWindows(path) ? lower : exact;
  // The root itself is a folder.
  return path.segments.length > root.segments.length && root.segments.every((name, at) => isSame(name, path, at, fold));
}
const isSame = (name: string, { segments }: CleanPath, at: number, fold: Fold) =>
  fold(name) === fold(segments[at] ?? '');

/** Letter case does not count there. */
const isWindows = ({ text }: CleanPath) => /^[A-Za-z]:|\\/.test(text);

/**
 * Splits a frame's path and a file's where what they have in common begins: what is left of them are the two roots.
 *
 * @param common segments that both end in
 */
export function rootsOf(stackPath: CleanPath, file: string, common: number): { stackRoot: string; sourceRoot: string } {
  const folders = file.split('/').slice(0, -common || undefined);
  return { stackRoot: beginning(stackPath, stackPath.segments.length - common), sourceRoot: folders.join('/') };
}

/** As it is written, so that whoever reads it knows it again. */
function beginning({ text, origin }: CleanPath, length: number): string {
  const from = origin?.length ?? 0;
  let best = text.slice(0, /[\\/]/.test(text.charAt(from)) ? from + 1 : from);
  for (const { index } of text.slice(from).matchAll(/[\\/]/g)) {
    const start = text.slice(0, from + index + 1);
    if (cleanPath(start).segments.length > length) break;
    best = start;
  }
  return best;
}

import { posix } from 'node:path';
import type { Mention } from '../source/commit-files.ts';
import { importedFiles } from './evidence-imports.ts';

export type OpenFile = { path: string; commit: string; lines: readonly string[] };
/** Looks into the commit of a checkout. */
export type Look = {
  /** Null: there is none, or it may not be read. */
  read: (path: string, commit: string) => Promise<readonly string[] | null>;
  /** Files right in a folder. */
  filesIn: (folder: string, commit: string) => Promise<readonly string[]>;
  /** Where whole words stand, in any file. */
  mentions: (words: readonly string[], commit: string) => Promise<readonly Mention[]>;
};

/** How far a file may be from one that a frame is in, and how many are opened. */
const MAX_STEPS = 3;
const MAX_OPENED = 40;
const MAX_OF_FOLDER = 20;
const MAX_NEIGHBOURS = 40;
/** A folder is a package, whose files need no import to know one another. */
const SHARES_FOLDER = /\.(?:go|java|kt|kts|scala|cs|swift)$/;
const TEST =
  /(?:^|\/)(?:tests?|specs?|__tests__)\/|[._-](?:test|spec)s?\.\w{1,8}$|(?:^|\/)(?:test_[^/]{1,200}|(?:tests?|specs?)\.\w{1,8})$/i;

/** What a test says of the crash is how it should have been. */
export const isTest = (path: string): boolean => TEST.test(path);

/**
 * The files that frames are in, then those that these reach by imports or share a package with, the nearest first. Tests
 * are not opened.
 *
 * @param names that the source of the frames names: imports of these are gone after first
 */
export async function openReachable(
  files: readonly OpenFile[],
  names: ReadonlySet<string>,
  look: Look,
): Promise<OpenFile[]> {
  const opened = new Map(files.map((file) => [`${file.commit} ${file.path}`, file]));
  let nearest = [...files];
  for (let step = 0; step < MAX_STEPS && nearest.length > 0; step += 1) {
    const next: OpenFile[] = [];
    const open = async (paths: readonly string[], commit: string): Promise<boolean> => {
      for (const path of paths) {
        if (opened.has(`${commit} ${path}`)) return true;
        if (opened.size - files.length >= MAX_OPENED || isTest(path)) continue;
        const lines = await look.read(path, commit);
        if (!lines) continue;
        const file = { path, commit, lines };
        opened.set(`${commit} ${path}`, file);
        next.push(file);
        return true;
      }
      return false;
    };
    const imports = nearest.flatMap((file) =>
      importedFiles(file.lines.join('\n'), file.path).map((imported) => ({ ...imported, file })),
    );
    const isNamed = ({ names: brought }: { names: string[] }) =>
      brought.length === 0 || brought.some((name) => names.has(name));
    for (const { candidates, folders, file } of [
      ...imports.filter(isNamed),
      ...imports.filter((imported) => !isNamed(imported)),
    ]) {
      if (await open(candidates, file.commit)) continue;
      for (const folder of folders) if (await openFolder(folder, file, look, open)) break;
    }
    for (const file of nearest) {
      if (SHARES_FOLDER.test(file.path)) await openFolder(folderOf(file.path), file, look, open);
    }
    nearest = next;
  }
  return [...opened.values()];
}

/**
 * Files beside those, and right above them: what puts a program together imports what crashed, and nothing of the crash
 * names it.
 */
export async function openNeighbours(
  files: readonly OpenFile[],
  opened: readonly OpenFile[],
  look: Look,
): Promise<OpenFile[]> {
  const known = new Set(opened.map(({ path, commit }) => `${commit} ${path}`));
  const found: OpenFile[] = [];
  const open = async ([path = '']: readonly string[], commit: string): Promise<boolean> => {
    if (found.length >= MAX_NEIGHBOURS || known.has(`${commit} ${path}`)) return false;
    known.add(`${commit} ${path}`);
    const lines = await look.read(path, commit);
    if (lines) found.push({ path, commit, lines });
    return lines !== null;
  };
  const looked = new Set<string>();
  for (const file of files) {
    const own = folderOf(file.path);
    for (const folder of new Set([own, folderOf(own)])) {
      const key = `${file.commit} ${folder} ${posix.extname(file.path)}`;
      if (looked.has(key)) continue;
      looked.add(key);
      await openFolder(folder, file, look, open);
    }
  }
  return found;
}

/** Of each file those that it imports, of the given ones, with the names that it imports them by; none: by any. */
export function importsAmong(
  file: OpenFile,
  targets: ReadonlyMap<string, OpenFile>,
): { target: OpenFile; names: string[] }[] {
  return importedFiles(file.lines.join('\n'), file.path).flatMap(({ candidates, folders, names }) => {
    const direct = candidates.flatMap((path) => targets.get(path) ?? []).slice(0, 1);
    const ofFolder = [...targets.values()].filter(({ path }) => folders.includes(folderOf(path)));
    return [...direct, ...(direct.length > 0 ? [] : ofFolder)].map((target) => ({ target, names }));
  });
}

const folderOf = (path: string): string => {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
};

async function openFolder(
  folder: string,
  { path, commit }: OpenFile,
  look: Look,
  open: (paths: readonly string[], commit: string) => Promise<boolean>,
): Promise<boolean> {
  const all = await look.filesIn(folder, commit);
  const alike = all.filter((other) => posix.extname(other) === posix.extname(path) && !isTest(other));
  for (const other of alike.slice(0, MAX_OF_FOLDER)) await open([other], commit);
  return alike.length > 0;
}

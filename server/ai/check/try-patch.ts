import { applyPatch, formatPatch, type StructuredPatch } from 'diff';
import {
  applyEdits,
  conflictOf,
  type Edit,
  editsOf,
  type FileEdit,
  joinTouching,
  toHunks,
  withLineEnds,
} from './edits.ts';
import { splitLines } from './file-lines.ts';
import { type Parsed, parseFile } from './parsers.ts';
import { indexLines, LIKENESS, type Likeness, type NotPlaced, PLACEHOLDER, placeHunk } from './place-hunk.ts';
import type { PatchKind, ReadHunk } from './read-patch.ts';

/** A file of a patch with what git has of it. */
export type FileToTry = {
  /** Within the repository. */
  path: string;
  kind: PatchKind;
  /** `100644`, `100755`. */
  mode: string;
  /** At the commit; null: it is new. */
  before: string | null;
  hunks: ReadHunk[];
};

export type TriedFile = {
  path: string;
  /** The first hunk that finds no place. Null: all do. */
  failed: { hunk: number; why: string; expected: string[]; found: string[] } | null;
  /** What had to be mended or taken for granted; sentences. */
  notes: string[];
  parsed: Parsed | null;
  /** Lines that go, and lines that come, by their numbers before and after. */
  changes: Change[];
};
/** Lines that go, by the number of the first before; and those that come, by their numbers after. */
export type Change = { oldStart: number; removed: number; newLines: { line: number; isBlank: boolean }[] };

export type Tried = {
  files: TriedFile[];
  /** The patch as `git apply` takes it; null: it does not apply, or lines with placeholders would be written. */
  patch: string | null;
};

/**
 * Applies a patch to the texts of its files. The issue asks for a scratch worktree; in memory nothing is written to a disk
 * that could be left there, be found by a tool of the checkout or run its filters and hooks, and two checks at one time
 * share nothing.
 */
export async function tryPatch(files: readonly FileToTry[]): Promise<Tried> {
  const tried: TriedOne[] = [];
  for (const file of files) tried.push(await tryFile(file));
  const isWhole = tried.every(({ result, structured }) => result.failed === null && structured !== null);
  const patches = tried.flatMap(({ structured }) => structured ?? []);
  return {
    files: tried.map(({ result }) => result),
    patch: isWhole ? patches.map((patch) => formatPatch(patch)).join('') : null,
  };
}

type TriedOne = { result: TriedFile; structured: StructuredPatch | null };

async function tryFile(file: FileToTry): Promise<TriedOne> {
  const { path, kind, before } = file;
  const { hunks, notes } = withoutRepeated(file.hunks);
  const lines = splitLines(before ?? '');
  const located =
    kind === 'delete' && hunks.length === 0 ? wholeFile(lines.length) : locate(before ?? '', hunks, notes);
  const result: TriedFile = { path, failed: null, notes, parsed: null, changes: [] };
  if ('failed' in located) return { result: { ...result, failed: located.failed }, structured: null };

  const edits = withLineEnds(lines, located.edits);
  const structured = { ...headersOf(file), hunks: toHunks(lines, edits) };
  const after = applyEdits(lines, edits);
  // The library applies what is handed on. Were it another file than the one that is checked, nothing would be known.
  if (applyPatch(before ?? '', structured, { autoConvertLineEndings: false }) !== after) {
    throw new Error('A patch that was written anew does what the first did not.');
  }
  if (kind === 'delete' && after !== '') {
    const why = 'The patch deletes the file, and does not have all of its lines.';
    return { result: { ...result, failed: { hunk: hunks.length, why, expected: [], found: [] } }, structured: null };
  }
  const addsPlaceholders = edits.some(({ add }) => add.some(({ text }) => PLACEHOLDER_LINE.test(text)));
  if (addsPlaceholders) notes.push('Lines that it adds have placeholders: put the values back before they run.');
  return {
    result: {
      ...result,
      parsed: kind === 'delete' ? null : await parseFile(path, after, before),
      changes: changesOf(edits),
    },
    structured: located.likeness === 'placeholders' ? null : structured,
  };
}
const PLACEHOLDER_LINE = new RegExp(PLACEHOLDER.source);

const wholeFile = (length: number): Located => ({
  edits: length > 0 ? [{ at: 0, remove: length, add: [], hasEnd: null, hunk: 1 }] : [],
  likeness: 'exact',
});

/** Models show the same diff twice: alone, and once more in the whole. */
function withoutRepeated(all: readonly ReadHunk[]): { hunks: ReadHunk[]; notes: string[] } {
  const seen = new Set<string>();
  const hunks = all.filter(({ oldStart, lines }) => {
    const key = JSON.stringify([oldStart, lines]);
    return !seen.has(key) && seen.add(key);
  });
  const notes = hunks.length < all.length ? ['A hunk that stands there twice was taken once.'] : [];
  return { hunks, notes };
}

type Located = { edits: Edit[]; likeness: Likeness };

function locate(
  before: string,
  hunks: readonly ReadHunk[],
  notes: string[],
): Located | { failed: NonNullable<TriedFile['failed']> } {
  const index = indexLines(splitLines(before));
  const edits: Edit[] = [];
  let likeness = 0;
  let shift = 0;
  for (const hunk of hunks) {
    const old = hunk.lines.filter(({ op }) => op !== '+').length;
    const isAnywhere = hunk.oldStart === null;
    // A hunk of no old lines names the one before it.
    const wanted = hunk.oldStart === null ? null : hunk.oldStart - (old === 0 ? 0 : 1) + shift;
    if (isAnywhere && old === 0 && before !== '') {
      const why = 'It has only added lines, and no number of a line: nothing says where they go.';
      return { failed: { hunk: hunk.number, why, expected: [], found: [] } };
    }
    const placed = placeHunk(index, hunk, wanted);
    if (placed.at === null) return { failed: { hunk: hunk.number, why: whyNot(hunk, before), ...shownOf(placed) } };
    if (isAnywhere && placed.places > 1) {
      const why = `It has no numbers of lines, and fits in ${placed.places} places.`;
      return { failed: { hunk: hunk.number, why, expected: [], found: [] } };
    }
    notes.push(...notesOf(hunk, placed, wanted, old));
    if (wanted !== null) shift += placed.at - wanted;
    likeness = Math.max(likeness, LIKENESS.indexOf(placed.likeness));
    edits.push(...editsOf(hunk, placed.at));
  }
  edits.sort((one, other) => one.at - other.at);
  const conflict = conflictOf(edits);
  if (conflict !== null) {
    const why = 'It changes lines that another hunk changes, too.';
    return { failed: { hunk: conflict, why, expected: [], found: [] } };
  }
  return { edits: joinTouching(edits), likeness: LIKENESS[likeness] ?? 'placeholders' };
}

const shownOf = ({ expected, found }: NotPlaced) => ({ expected, found });

function whyNot({ isShort }: ReadHunk, before: string): string {
  if (before === '') return 'The file is empty.';
  return isShort
    ? 'Its lines are not in the file, and it breaks off: its head announces more of them.'
    : 'Its lines are not in the file.';
}

function notesOf(
  { number, isMiscounted, isUnindented }: ReadHunk,
  placed: { at: number; places: number; likeness: Likeness },
  wanted: number | null,
  old: number,
): string[] {
  const by = wanted === null ? 0 : placed.at - wanted;
  const lines = Math.abs(by) === 1 ? 'one line' : `${Math.abs(by)} lines`;
  const notes = [
    wanted === null && `Hunk ${number} has no numbers of lines; it fits in one place, line ${placed.at + 1}.`,
    by !== 0 && `Hunk ${number} fits ${lines} ${by > 0 ? 'below' : 'above'} where it says.`,
    by !== 0 && placed.places > 1 && `It fits in ${placed.places} places; the nearest was taken.`,
    isMiscounted && `The head of hunk ${number} counts its lines wrongly; they were counted again.`,
    isUnindented && `Hunk ${number} lacks the space before lines that stay.`,
    old === 0 &&
      wanted !== null &&
      wanted > 0 &&
      `Hunk ${number} shows no line around what it adds: only its number says where.`,
    placed.likeness === 'spaces at the ends' &&
      `Spaces at the ends of lines in hunk ${number} are not those of the file.`,
    placed.likeness === 'placeholders' && `Lines of hunk ${number} have placeholders, and were compared without them.`,
  ];
  return notes.filter((note) => note !== false);
}

function headersOf({ path, kind, mode }: FileToTry): Omit<StructuredPatch, 'hunks'> {
  return {
    oldFileName: kind === 'create' ? '/dev/null' : `a/${path}`,
    newFileName: kind === 'delete' ? '/dev/null' : `b/${path}`,
    oldHeader: undefined,
    newHeader: undefined,
    isGit: true,
    ...(kind === 'create' && { isCreate: true, newMode: mode }),
    ...(kind === 'delete' && { isDelete: true, oldMode: mode }),
  };
}

function changesOf(edits: readonly FileEdit[]): Change[] {
  let shift = 0;
  return edits.map(({ at, remove, add }) => {
    const first = at + 1 + shift;
    const newLines = add.map(({ text }, index) => ({ line: first + index, isBlank: text.trim() === '' }));
    shift += add.length - remove;
    return { oldStart: at + 1, removed: remove, newLines };
  });
}

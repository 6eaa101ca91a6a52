import type { StructuredPatchHunk } from 'diff';
import { type FileLine, joinLines } from './file-lines.ts';
import type { ReadHunk } from './read-hunk.ts';

/** Lines of a file, by their index, that are replaced by others; either may be none. */
export type Edit = {
  at: number;
  remove: number;
  add: string[];
  /** What the patch says of the break after the last line: that it is there, or that it is not. Null: nothing. */
  hasEnd: boolean | null;
  /** Number of its hunk. */
  hunk: number;
};

/** What a hunk that begins at a line does there. */
export function editsOf(hunk: ReadHunk, at: number): Edit[] {
  const edits: Edit[] = [];
  let position = at;
  let current: Edit | null = null;
  for (const { op, text, isWithoutEnd } of hunk.lines) {
    if (op === ' ') {
      current = null;
      position += 1;
      continue;
    }
    if (!current) {
      current = { at: position, remove: 0, add: [], hasEnd: null, hunk: hunk.number };
      edits.push(current);
    }
    if (op === '-') {
      current.remove += 1;
      position += 1;
      if (isWithoutEnd) current.hasEnd = true;
    } else {
      current.add.push(text);
      if (isWithoutEnd) current.hasEnd = false;
    }
  }
  return edits;
}

/** The number of a hunk that changes what another one changes, too; null: none does. @param edits in order */
export function conflictOf(edits: readonly Edit[]): number | null {
  for (const [index, { at, hunk }] of edits.entries()) {
    const before = edits[index - 1];
    if (before && at < before.at + before.remove) return Math.max(hunk, before.hunk);
  }
  return null;
}

/**
 * Makes one edit of those between which no line stays, as where one hunk takes the last line away and another adds one
 * below it: each alone would say something else of that line. @param edits in order
 */
export function joinTouching(edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = [];
  for (const edit of edits) {
    const before = joined.at(-1);
    if (!before || before.at + before.remove < edit.at) {
      joined.push({ ...edit });
      continue;
    }
    before.remove += edit.remove;
    before.add = [...before.add, ...edit.add];
    before.hasEnd = edit.hasEnd ?? before.hasEnd;
  }
  return joined;
}

/** An edit with the lines as they stand in the file: with its breaks. */
export type FileEdit = { at: number; remove: number; add: FileLine[] };

/**
 * Gives added lines the breaks of the file: a model writes `\n`, whatever the file has. And a file without one at its end
 * stays one, unless the patch says otherwise.
 *
 * @param edits in order
 */
export function withLineEnds(file: readonly FileLine[], edits: readonly Edit[]): FileEdit[] {
  const usual = file[0]?.end || '\n';
  const last = file.at(-1);
  const isOpen = last?.end === '';
  return edits.map(({ at, remove, add, hasEnd }) => {
    const near = file[at + remove - 1]?.end || file[at - 1]?.end || usual;
    const lines = add.map((text): FileLine => ({ text, end: near }));
    const isAtEnd = at + remove === file.length;
    const tail = lines.at(-1);
    if (!isAtEnd || !tail) return { at, remove, add: lines };
    const isNew = file.length === 0;
    if (hasEnd === false || (hasEnd === null && isOpen && !isNew)) tail.end = '';
    // What is added below a line without a break gives it one: it changes, too.
    if (remove > 0 || !isOpen || !last) return { at, remove, add: lines };
    return { at: at - 1, remove: 1, add: [{ text: last.text, end: near }, ...lines] };
  });
}

export function applyEdits(file: readonly FileLine[], edits: readonly FileEdit[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, remove, add } of edits) {
    pieces.push(joinLines(file.slice(from, at)), joinLines(add));
    from = at + remove;
  }
  pieces.push(joinLines(file.slice(from)));
  return pieces.join('');
}

/** Git takes a hunk without lines after its changes only at the end of a file. */
const CONTEXT = 3;

/** Hunks as git writes them: with lines of the file around them, in order, with counts that are true. */
export function toHunks(file: readonly FileLine[], edits: readonly FileEdit[]): StructuredPatchHunk[] {
  const groups: FileEdit[][] = [];
  for (const edit of edits) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && edit.at - (before.at + before.remove) <= 2 * CONTEXT) group.push(edit);
    else groups.push([edit]);
  }
  let shift = 0;
  return groups.map((group) => {
    const start = Math.max((group[0]?.at ?? 0) - CONTEXT, 0);
    const end = Math.min((group.at(-1)?.at ?? 0) + (group.at(-1)?.remove ?? 0) + CONTEXT, file.length);
    const lines: string[] = [];
    let [from, added, removed] = [start, 0, 0];
    for (const { at, remove, add } of group) {
      put(lines, ' ', file.slice(from, at));
      put(lines, '-', file.slice(at, at + remove));
      put(lines, '+', add);
      from = at + remove;
      added += add.length;
      removed += remove;
    }
    put(lines, ' ', file.slice(from, end));
    const oldLines = end - start;
    const hunk = {
      oldStart: start + 1,
      oldLines,
      newStart: start + 1 + shift,
      newLines: oldLines - removed + added,
      lines,
    };
    shift += added - removed;
    return hunk;
  });
}

function put(lines: string[], op: string, added: readonly FileLine[]): void {
  for (const { text, end } of added) {
    lines.push(op + text + (end === '\r\n' ? '\r' : ''));
    if (end === '') lines.push('\\ No newline at end of file');
  }
}

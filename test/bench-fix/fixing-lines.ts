import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePatch } from 'diff';
import type { Json } from '../../server/protocol/event.ts';
import type { Case } from './cases.ts';

/** Lines of a repository, each trimmed, of which any that stands in a prompt tells that the fixing line does. */
export type FixingLine = { path: string; line: string; places: string[][] };

/** More neighbours than that are not needed to tell a line from its likes. */
const MAX_PLACE = 5;

/** Lines, as they stand before the fix, that it removes or changes, or after which it adds. */
export function fixingLinesOf({ folder }: Case): FixingLine[] {
  const code = join(folder, 'code');
  const files = new Map(
    readdirSync(code, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(code.length + 1), readFileSync(path, 'utf8').split('\n')] as const),
  );
  return fixingLines(readFileSync(join(folder, 'fix.diff'), 'utf8'), files);
}

/**
 * A line that stands but once in the repository is itself enough; of another (`}`, `end`) so many neighbours have to
 * stand beside it that it cannot be one elsewhere.
 *
 * @param files by path: their lines
 */
export function fixingLines(diff: string, files: ReadonlyMap<string, readonly string[]>): FixingLine[] {
  const all = [...files.values()].map(withoutEmpty);
  return parsePatch(diff).flatMap(({ oldFileName = '', hunks }) => {
    const path = oldFileName.replace(/^a\//, '');
    const lines = files.get(path) ?? [];
    return hunks
      .flatMap((hunk) => numbersOf(hunk.lines, hunk.oldStart))
      .map((number) => {
        // An empty line says nothing: the one before it does.
        const until = withoutEmpty(lines.slice(0, number));
        return { path, line: until.at(-1) ?? '', places: placesOf(withoutEmpty(lines), until.length - 1, all) };
      });
  });
}

const withoutEmpty = (lines: readonly string[]) => lines.map((line) => line.trim()).filter((line) => line !== '');

/** Numbers, from 1, of the old lines that a hunk changes or removes, or after which it adds. */
function numbersOf(lines: readonly string[], start: number): number[] {
  const found: number[] = [];
  let next = start;
  let isChange = false;
  for (const line of lines) {
    if (line.startsWith('-')) {
      found.push(next);
      next += 1;
      isChange = true;
    } else if (line.startsWith('+')) {
      if (!isChange) found.push(next - 1);
      isChange = true;
    } else {
      next += 1;
      isChange = false;
    }
  }
  return found;
}

/** The shortest runs of lines around the one that stand but once in the repository. */
function placesOf(lines: readonly string[], index: number, files: readonly (readonly string[])[]): string[][] {
  for (let length = 1; length <= MAX_PLACE; length += 1) {
    const runs = Array.from({ length }, (_, before) => index - before)
      .filter((from) => from >= 0 && from + length <= lines.length)
      .map((from) => lines.slice(from, from + length))
      .filter((run) => files.reduce((count, other) => count + timesIn(other, run), 0) === 1);
    if (runs.length > 0) return runs;
  }
  return [];
}

function timesIn(lines: readonly string[], run: readonly string[]): number {
  let count = 0;
  for (let at = lines.indexOf(run[0] ?? ''); at >= 0; at = lines.indexOf(run[0] ?? '', at + 1)) {
    if (run.every((line, index) => lines[at + index] === line)) count += 1;
  }
  return count;
}

/** How many of the lines stand, whole and where they belong, in a payload. */
export function shownLines(lines: readonly FixingLine[], payload: Json): number {
  const shown = textsIn(payload).flatMap((text) => withoutEmpty(text.split('\n')));
  return lines.filter(({ places }) => places.some((run) => timesIn(shown, run) > 0)).length;
}

/** Also lines that are a text each, as Sentry's, are one after another. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePatch } from 'diff';
import type { Json } from '../../server/protocol/event.ts';
import type { Case } from './cases.ts';

export const fixingLinesOf = ({ folder }: Case): string[] =>
  fixingLines(readFileSync(join(folder, 'fix.diff'), 'utf8'));

/** Lines, as they stand before the fix, that it removes or changes, or after which it adds. */
export function fixingLines(diff: string): string[] {
  return parsePatch(diff).flatMap(({ hunks }) => hunks.flatMap(({ lines }) => linesOf(lines)));
}

function linesOf(lines: readonly string[]): string[] {
  const found: string[] = [];
  let before: string | null = null;
  let isChange = false;
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith('-')) {
      found.push(text);
      isChange = true;
    } else if (line.startsWith('+')) {
      if (!isChange && before !== null) found.push(before);
      isChange = true;
    } else {
      before = text;
      isChange = false;
    }
  }
  return found;
}

/** How many of the lines stand, whole, in a text of a payload. */
export function shownLines(lines: readonly string[], payload: Json): number {
  const shown = new Set(textsIn(payload).flatMap((text) => text.split('\n').map((line) => line.trim())));
  return lines.filter((line) => shown.has(line.trim())).length;
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

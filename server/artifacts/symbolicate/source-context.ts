import type { Lines } from './lines.ts';

/** Lines before and behind, as SDKs send them. */
const AROUND = 5;
/** Longest line that is stored, as of an SDK's. */
const MAX_LINE = 4096;
/** Characters of a longer line that are shown on each side of the column. */
const SNIPPET = 70;
/** Characters of source that one event may be given: fifty frames take 30,000. */
export const MAX_CONTEXT = 1024 * 1024;

export type SourceContext = { before: string[]; line: string; after: string[] };

/** The line (from 0) with its neighbours; null when the source has fewer lines. */
export function contextAt(lines: Lines, line: number, column: number): SourceContext | null {
  if (line >= lines.count) return null;
  const text = (index: number) => storable(lines.line(index, MAX_LINE) ?? '');
  const numbers = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  return {
    before: numbers(Math.max(0, line - AROUND), line).map(text),
    line: snippet(lines, line, column),
    after: numbers(line + 1, Math.min(lines.count, line + 1 + AROUND)).map(text),
  };
}

/** A source that is minified itself: what stands around the column, as SDKs cut such lines. */
function snippet(lines: Lines, line: number, column: number): string {
  const whole = lines.line(line, Number.POSITIVE_INFINITY) ?? '';
  if (whole.length <= MAX_LINE) return storable(whole);
  const from = Math.max(0, Math.min(column, whole.length) - SNIPPET);
  const to = Math.min(whole.length, column + SNIPPET);
  const cut = storable(whole.slice(from, to));
  return `${from > 0 ? '{snip} ' : ''}${cut}${to < whole.length ? ' {snip}' : ''}`;
}

/** Text that every database and every encoding takes. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed();
}

export const sizeOfContext = ({ before, line, after }: SourceContext): number =>
  [...before, line, ...after].reduce((sum, text) => sum + text.length, 0);

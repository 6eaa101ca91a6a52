/** Of one line; a longer one was written by a program. */
const MAX_LINE = 2000;
/** As git looks. */
const LOOKED_AT = 8000;

/**
 * The text of a source file: UTF-8, or UTF-16 with its mark, else the old Windows characters, where any byte is one.
 *
 * @returns null when it is none: a picture, a program
 */
export function decodeSource(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A file that git keeps elsewhere, and only names here. */
export const isLfsPointer = (text: string): boolean => text.startsWith('version https://git-lfs.github.com/spec/');

/**
 * Lines around one, as `frame.context` has them.
 *
 * @param line from 1
 * @param around how many before and after
 * @returns null when the text has no such line
 */
export function linesAround(text: string, line: number, around: number): [number, string][] | null {
  const lines = text.split(/\r\n|\n|\r/);
  // What follows the last line break is no line.
  if (lines.at(-1) === '') lines.pop();
  if (line < 1 || line > lines.length) return null;
  const first = Math.max(1, line - around);
  return lines.slice(first - 1, line + around).map((each, index) => [first + index, each.slice(0, MAX_LINE)]);
}

/** Lines of a function, as they stand in its file. */
export type FunctionLines = {
  /** From 1. */
  startLine: number;
  lines: string[];
};

/** Longer functions are shown around the line that matters. */
export const MAX_FUNCTION_LINES = 80;
const MAX_COMMENT_LINES = 8;
/** Of a longer line only the beginning is looked at: its indentation and what it opens. */
export const MAX_LOOKED_AT = 400;

/**
 * The function around a line, found by indentation, which is what formatters and people agree on in every language here.
 * No parser is needed, and none can be led astray by a file that does not parse.
 *
 * - A head is the nearest line above that is indented less and looks like a function's in this language. A line that only
 *   closes what a head of several lines has opened (`) {`, `):`) or stands for its brace is gone past.
 * - The function ends before the next line that is indented no more than its head, or with it where that line closes it
 *   (`}`, `end`); `rescue` and `ensure` of Ruby go on.
 * - Decorators, comments and annotations right above belong to it.
 * - Of functions inside one another the outermost that is short enough is taken: what a closure uses stands around it.
 *
 * Where none is found (the top of a module, text that breaks the indentation) the lines around are given.
 *
 * @param line from 1
 * @returns null where the file has no such line
 */
export function enclosingFunction(
  lines: readonly string[],
  line: number,
  path: string,
  maxLines = MAX_FUNCTION_LINES,
): FunctionLines | null {
  if (!Number.isInteger(line) || line < 1 || line > lines.length) return null;
  const isHead = headOf(path);
  let best: Range | null = null;
  let inner: Range | null = null;
  for (let head = headAbove(lines, line - 1, isHead); head !== null; head = headAbove(lines, head, isHead, true)) {
    const range = { from: commentsAbove(lines, head), to: endOf(lines, head) };
    if (range.to < line - 1) continue;
    inner ??= range;
    if (range.to - range.from < maxLines) best = range;
  }
  const range = best ?? around(lines, line - 1, inner, maxLines);
  return { startLine: range.from + 1, lines: lines.slice(range.from, range.to + 1) };
}

/** Indexes from 0, both inclusive. */
type Range = { from: number; to: number };

const isBlank = (text: string): boolean => text.trim() === '';

export function indentOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character === ' ') width++;
    else if (character === '\t') width += 4;
    else break;
  }
  return width;
}

/** A line that goes on with a head, or with what is below it: `) {`, `):`, `) -> int:`, `{`. */
const CONTINUES = /^(?:[)\]{]|rescue\b|ensure\b)/;
const CLOSES = /^(?:[}]|end\b)/;

/** @param isAbove start above the line, which is a head itself */
function headAbove(lines: readonly string[], index: number, isHead: IsHead, isAbove = false): number | null {
  const start = lines[index] ?? '';
  if (!isAbove && isHead(start.slice(0, MAX_LOOKED_AT))) return index;
  // A blank line is as deep as the next one that is not.
  const deep = isBlank(start) ? (lines.slice(index).find((text) => !isBlank(text)) ?? '') : start;
  let limit = indentOf(deep) + (CONTINUES.test(deep.trim()) || CLOSES.test(deep.trim()) ? 1 : 0);
  for (let at = index - 1; at >= 0; at--) {
    const text = (lines[at] ?? '').slice(0, MAX_LOOKED_AT);
    if (isBlank(text)) continue;
    const indent = indentOf(text);
    if (indent >= limit) continue;
    if (isHead(text)) return at;
    limit = indent + (CONTINUES.test(text.trim()) ? 1 : 0);
    if (limit === 0) return null;
  }
  return null;
}

export function endOf(lines: readonly string[], head: number): number {
  const indent = indentOf(lines[head] ?? '');
  let end = head;
  for (let at = head + 1; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (isBlank(text)) continue;
    if (indentOf(text) > indent || CONTINUES.test(text.trim())) end = at;
    else return indentOf(text) === indent && CLOSES.test(text.trim()) ? at : end;
  }
  return end;
}

export function commentsAbove(lines: readonly string[], head: number): number {
  let from = head;
  while (
    from > 0 &&
    head - from < MAX_COMMENT_LINES &&
    /^(?:@|#|\/\/|\/\*|\*|\[)/.test((lines[from - 1] ?? '').trim())
  ) {
    from--;
  }
  return from;
}

/** As many lines around one as are allowed, within the function that is too long for all of it. */
function around(lines: readonly string[], index: number, within: Range | null, maxLines: number): Range {
  const { from, to } = within ?? { from: 0, to: lines.length - 1 };
  const most = within ? maxLines : Math.min(maxLines, 41);
  const start = Math.max(from, Math.min(index - Math.floor(most / 2), to - most + 1));
  return { from: start, to: Math.min(to, start + most - 1) };
}

type IsHead = (text: string) => boolean;

const extensionOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase();

/** By the file's ending; what is not known is taken for a language of C's kind. */
export function headOf(path: string): IsHead {
  return HEADS.get(extensionOf(path)) ?? isHeadOfC;
}

const PYTHON: IsHead = (text) => /^\s*(?:async\s{1,8})?def\s/.test(text);
const RUBY: IsHead = (text) => /\bdef\s|\bdefine_method\b/.test(text) && !text.trim().startsWith('#');
const GO: IsHead = (text) => /^func\b/.test(text);
const WORD_FN: IsHead = (text) => /\b(?:fn|func|fun|function)\b/.test(text) && !/^\s*(?:\/\/|\*|#)/.test(text);
const SCRIPT: IsHead = (text) =>
  !/^\s*(?:\/\/|\*)/.test(text) &&
  (/\bfunction\b/.test(text) || /=>\s{0,8}[{([]{0,2}\s{0,8}$/.test(text) || isMethod(text));

const HEADS = new Map<string, IsHead>([
  ['py', PYTHON],
  ['rb', RUBY],
  ['go', GO],
  ...['rs', 'php', 'kt', 'swift'].map((end): [string, IsHead] => [end, WORD_FN]),
  ...['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts', 'vue', 'svelte'].map((end): [string, IsHead] => [
    end,
    SCRIPT,
  ]),
]);

/** Words that stand before a parenthesis and open no function. */
const CONTROL =
  /^(?:if|else|for|foreach|while|switch|catch|return|throw|new|do|try|with|await|yield|case|using|lock|super|assert)\b/;

/** `charge(order: Order): Receipt {`, and `charge(` with the rest below. */
function isMethod(text: string): boolean {
  const line = text.trim();
  const open = line.indexOf('(');
  if (open < 1 || CONTROL.test(line) || !/[{(,]$/.test(line)) return false;
  if (line.endsWith('(') && open !== line.length - 1) return false;
  return /^[\w$#*<>\s,]{1,120}$/.test(line.slice(0, open)) && !line.endsWith(',');
}

/** `public static int charge(Order order) {`, with the brace below or the parameters going on there. */
function isHeadOfC(text: string): boolean {
  const line = text.trim();
  const open = line.indexOf('(');
  if (open < 3 || CONTROL.test(line) || !/[{(),]$|throws\s[\w.,\s]{1,200}\{?$/.test(line)) return false;
  const before = line.slice(0, open);
  // A call has no type before its name; an assignment has more than names.
  return /^[\w<>[\],.?@&*:~\s]{1,200}$/.test(before) && /[\s*&]~?[\w:]{1,100}$/.test(before) && !before.startsWith('*');
}

/** The name that a head gives; null where it gives none. */
export function nameOf(text: string): string | null {
  const [, named] =
    /\b(?:def\s{1,8}(?:self\.)?|function\s{0,8}\*?\s{0,8}|fn\s{1,8}|fun\s{1,8}|func\s{1,8}(?:\([^)]{0,120}\)\s{0,8})?)([\w$]{1,100})/.exec(
      text,
    ) ??
    /\b(?:const|let|var)\s{1,8}([\w$]{1,100})\s{0,8}=/.exec(text) ??
    [];
  if (named) return named;
  const open = text.indexOf('(');
  const [name] = (open > 0 && /[\w$]{1,100}$/.exec(text.slice(0, open).trimEnd())) || [];
  return name ?? null;
}

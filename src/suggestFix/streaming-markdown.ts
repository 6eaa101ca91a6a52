/**
 * Splits Markdown into top-level blocks, so that those that are finished are rendered once while the last still grows.
 * Joined with blank lines the blocks are the text again. A boundary is a blank line outside of code after which a line
 * starts at the margin and starts no list item: a list with blank lines between its items stays whole.
 */
export function splitBlocks(text: string): string[] {
  // A reference may stand anywhere and be defined at the end: such a text is one block.
  if (/^ {0,3}\[[^\]\n]{1,200}\]:/m.test(text)) return [text];
  const blocks: string[] = [];
  let block: string[] = [];
  let fence = '';
  for (const line of text.split('\n')) {
    const isBoundary =
      !fence && block.at(-1)?.trim() === '' && /^\S/.test(line) && !/^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(line);
    if (isBoundary) {
      blocks.push(block.join('\n').trimEnd());
      block = [];
    }
    block.push(line);
    fence = fenceAfter(line, fence);
  }
  blocks.push(block.join('\n'));
  return blocks.filter((finished) => finished.trim() !== '');
}

/** The fence that is open after this line, or `''`. */
function fenceAfter(line: string, open: string): string {
  const run = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}|~{3,})(.*)$/.exec(line);
  const [, marks = '', rest = ''] = run ?? [];
  if (!marks) return open;
  if (!open) return marks.startsWith('`') && rest.includes('`') ? '' : marks;
  const closes = marks[0] === open[0] && marks.length >= open.length && rest.trim() === '';
  return closes ? '' : open;
}

const onlySyntax = /^[\s>]*(?:[-+*=_#|~`:]+|\d{1,9}[.)]?|[-+*]\s+\[[ x]?)[ \t]*$/;

/**
 * Makes the block that still grows look as it will look: an open emphasis or code span is closed, and what cannot be
 * told yet is held back (a lone `-` would turn the line above into a heading, the head of a table is a paragraph
 * until its second line is whole). Only while the answer streams; the finished text is rendered as it is.
 */
export function mendTail(block: string): string {
  let fence = '';
  for (const line of block.split('\n').slice(0, -1)) fence = fenceAfter(line, fence);
  const lines = block.split('\n');
  const last = lines.at(-1) ?? '';
  // Within code only the line that may be its end is in doubt.
  if (fence) return /^\s*[`~]+\s*$/.test(last) ? lines.slice(0, -1).join('\n') : block;
  if (onlySyntax.test(last) || /^[\s>]*(?:`{3}|~{3})/.test(last)) lines.pop();
  return closeInline(holdBackTable(lines).join('\n'));
}

/** A table is one from its second line on: `|---|---|`. */
function holdBackTable(lines: string[]): string[] {
  const head = lines.findIndex((line) => /^\s*\|/.test(line));
  const isWhole = head < 0 || (lines.length > head + 2 && /^[\s|:-]+$/.test(lines[head + 1] ?? ''));
  return isWhole || lines.length > head + 2 ? lines : lines.slice(0, head);
}

function closeInline(text: string): string {
  const lastParagraph = text.lastIndexOf('\n\n') + 1;
  const paragraph = text.slice(lastParagraph);
  const open = openMarks(paragraph);
  let mended = paragraph;
  if (open.link >= 0) {
    const label = /^!?\[([^\]]*)/.exec(paragraph.slice(open.link))?.[1] ?? '';
    mended = paragraph.slice(0, open.link) + label;
  }
  if (open.code) return text.slice(0, lastParagraph) + mended + open.code;
  // A run of marks at the very end may be half of one: it shows when it is known.
  mended = mended.replace(/(?<!\\)[*_~]+$/, '').trimEnd();
  return text.slice(0, lastParagraph) + mended + openMarks(mended).emphasis;
}

/** What a paragraph leaves open: the run of its code span, the closing marks of its emphasis, where its link starts (-1: none). */
function openMarks(text: string): { code: string; emphasis: string; link: number } {
  const emphasis: string[] = [];
  let link = -1;
  const tokens = /\\.|(`+)|(\*+|~~)|!?\[|\]\([^()\s]*\)|\]\([^()\s]*$|\]$|\]/gs;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [all, ticks, marks] = token;
    if (ticks) {
      const end = endOfCode(text, tokens.lastIndex, ticks);
      if (end < 0) return { code: ticks, emphasis: '', link };
      tokens.lastIndex = end;
    } else if (marks) {
      const before = text[token.index - 1] ?? ' ';
      const after = text[tokens.lastIndex] ?? ' ';
      if (emphasis.at(-1) === marks && /\S/.test(before)) emphasis.pop();
      else if (/\S/.test(after)) emphasis.push(marks);
    } else if (all.endsWith('[')) {
      link = token.index;
    } else if (all.startsWith(']') && link >= 0 && tokens.lastIndex < text.length + (all.endsWith(')') ? 1 : 0)) {
      link = -1;
    }
  }
  return { code: '', emphasis: emphasis.reverse().join(''), link };
}

/** Where the code span that starts with these ticks ends, or -1. */
function endOfCode(text: string, from: number, ticks: string): number {
  const runs = /`+/g;
  runs.lastIndex = from;
  for (let run = runs.exec(text); run; run = runs.exec(text)) {
    if (run[0].length === ticks.length) return runs.lastIndex;
  }
  return -1;
}

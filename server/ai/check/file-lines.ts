/** A file in lines, each with the break that ends it: '' at the end of a file that has none there. */
export type FileLine = { text: string; end: '\n' | '\r\n' | '' };

export function splitLines(text: string): FileLine[] {
  const lines: FileLine[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) {
      lines.push({ text: text.slice(start), end: '' });
      break;
    }
    const hasReturn = newline > start && text[newline - 1] === '\r';
    lines.push({ text: text.slice(start, newline - (hasReturn ? 1 : 0)), end: hasReturn ? '\r\n' : '\n' });
    start = newline + 1;
  }
  return lines;
}

export const joinLines = (lines: readonly FileLine[]): string => lines.map(({ text, end }) => text + end).join('');

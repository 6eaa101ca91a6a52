/** A part of an answer: a heading's line, lines of prose, or a block of code. */
export type Block = { kind: 'line'; text: string } | CodeBlock;
/** `isOpen`: the answer ends within it. `info` is what stands after the marks: `diff`. */
export type CodeBlock = { kind: 'code'; info: string; lines: string[]; isOpen: boolean };

/**
 * Reads Markdown line by line, as far as it has come. A fence may stand within a list, and its lines are then read from
 * where it begins. It ends at marks that are no further in than it is: in a diff, ` ```  ` is a line of the file.
 */
export function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { code: CodeBlock; indent: number; marks: string } | null = null;
  for (const line of markdown.split(/\r\n|\n/)) {
    const fence = readFence(line);
    if (open) {
      if (fence && fence.info === '' && fence.indent <= open.indent && closes(fence.marks, open.marks)) {
        open.code.isOpen = false;
        open = null;
      } else {
        open.code.lines.push(withoutIndent(line, open.indent));
      }
    } else if (fence && !fence.info.includes('`')) {
      const code: CodeBlock = { kind: 'code', info: fence.info, lines: [], isOpen: true };
      blocks.push(code);
      open = { code, ...fence };
    } else {
      blocks.push({ kind: 'line', text: line });
    }
  }
  return blocks;
}

function readFence(line: string): { indent: number; marks: string; info: string } | null {
  const indent = line.length - line.trimStart().length;
  const [marks] = /^(?:`{3,}|~{3,})/.exec(line.slice(indent, indent + 200)) ?? [];
  return marks && indent <= 12 ? { indent, marks, info: line.slice(indent + marks.length).trim() } : null;
}

const closes = (marks: string, opening: string) => marks[0] === opening[0] && marks.length >= opening.length;

function withoutIndent(line: string, indent: number): string {
  let start = 0;
  while (start < indent && (line[start] === ' ' || line[start] === '\t')) start += 1;
  return line.slice(start);
}

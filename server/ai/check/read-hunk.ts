type HunkLine = {
  op: ' ' | '+' | '-';
  text: string;
  /** `\ No newline at end of file` follows it. */
  isWithoutEnd: boolean;
};
export type ReadHunk = {
  /** From 1, within its file. */
  number: number;
  /** Line of the file where it begins, from 1; null: its head does not say. */
  oldStart: number | null;
  lines: HunkLine[];
  /** The counts in its head are not those of its lines. */
  isMiscounted: boolean;
  /** Lines of context that begin at the margin, without the space that a diff has before them. */
  isUnindented: boolean;
  /** Its head announces more lines than there are. */
  isShort: boolean;
};

type Head = { number: number; numbers: { oldStart: number; old: number; new: number } | null };

/** How many lines before and after its head still announces. */
export type LinesLeft = { old: number; new: number };

export function createHunk(number: number, head: string | null): Head {
  const [, start, old = '1', , added = '1'] =
    /^@@ *-(\d{1,9})(?:,(\d{1,9}))? +\+(\d{1,9})(?:,(\d{1,9}))? *@@/.exec(head ?? '') ?? [];
  if (start === undefined) return { number, numbers: null };
  return { number, numbers: { oldStart: Number(start), old: Number(old), new: Number(added) } };
}

/** @param isHeader does something else begin at this line? */
export function readHunk(
  lines: readonly string[],
  from: number,
  { number, numbers }: Head,
  isHeader: (lines: readonly string[], at: number, left: LinesLeft | null) => boolean,
): { hunk: ReadHunk; next: number } {
  const read: (HunkLine & { isBare: boolean })[] = [];
  let [removed, added, kept] = [0, 0, 0];
  const left = () => numbers && { old: numbers.old - removed - kept, new: numbers.new - added - kept };
  const isFull = () => numbers !== null && removed + kept >= numbers.old && added + kept >= numbers.new;
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isHeader(lines, at, left())) break;
    const [op] = line;
    if (op === '\\') {
      const last = read.at(-1);
      if (last) last.isWithoutEnd = true;
    } else if (op === '+' || op === '-' || op === ' ') {
      read.push({ op, text: line.slice(1), isWithoutEnd: false, isBare: false });
      if (op === '+') added += 1;
      else if (op === '-') removed += 1;
      else kept += 1;
    } else {
      // Where all that was announced has come, it is what follows the diff. Else a model forgot the space of the context.
      if (isFull() && line !== '') break;
      read.push({ op: ' ', text: line, isWithoutEnd: false, isBare: true });
      kept += 1;
    }
  }
  // Empty lines at the end, and prose: as context they would say little.
  while (read.at(-1)?.isBare && !(numbers && read.at(-1)?.text === '' && countsFit(numbers, removed, added, kept))) {
    read.pop();
    kept -= 1;
  }
  const hunk: ReadHunk = {
    number,
    oldStart: numbers?.oldStart ?? null,
    lines: read.map(({ op, text, isWithoutEnd }) => ({ op, text, isWithoutEnd })),
    isMiscounted: numbers !== null && !countsFit(numbers, removed, added, kept),
    isUnindented: read.some(({ isBare, text }) => isBare && text !== ''),
    isShort: numbers !== null && (removed + kept < numbers.old || added + kept < numbers.new),
  };
  return { hunk, next: at };
}

const countsFit = (numbers: { old: number; new: number }, removed: number, added: number, kept: number) =>
  removed + kept === numbers.old && added + kept === numbers.new;

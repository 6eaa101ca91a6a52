export type PatchLine = {
  kind: 'file' | 'hunk' | 'added' | 'removed' | 'same';
  text: string;
  /** Path of the file as it is after the patch, without `b/`; null before the first. */
  path: string | null;
  /** Number of the line in the patched file; null where it has none. */
  after: number | null;
};

/**
 * The lines of a unified diff with what they are. A model's diff may be anything: what no hunk's head announces is read by
 * its first character all the same, and has no number.
 */
export function patchLines(patch: string): PatchLine[] {
  let path: string | null = null;
  let after: number | null = null;
  let [removedLeft, addedLeft] = [0, 0];
  return patch
    .replace(/\n+$/, '')
    .split('\n')
    .map((text): PatchLine => {
      const isInHunk = removedLeft > 0 || addedLeft > 0;
      const hunk = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/.exec(text);
      if (hunk) {
        after = Number(hunk[2]);
        [removedLeft, addedLeft] = [Number(hunk[1] ?? 1), Number(hunk[3] ?? 1)];
        return { kind: 'hunk', text, path, after: null };
      }
      if (!isInHunk && /^(?:diff --git |index |--- |\+\+\+ |(?:new|deleted) file |rename |similarity )/.test(text)) {
        const named = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(text)?.[1];
        if (named && named !== '/dev/null') path = named;
        after = null;
        return { kind: 'file', text, path, after: null };
      }
      if (text.startsWith('@@')) {
        after = null;
        return { kind: 'hunk', text, path, after };
      }
      const kind = text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'same';
      const number = kind === 'removed' || text.startsWith('\\') ? null : after;
      if (kind !== 'added') removedLeft--;
      if (kind !== 'removed') addedLeft--;
      if (number !== null && after !== null) after++;
      return { kind, text, path, after: number };
    });
}

/** `[3, 4, 5, 9]` as `3–5, 9`. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of lines.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && line <= last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}

/** A line of minified source, cut to what is around the column. `before` and `after` count the characters left out. */
export type ClippedLine = { before: number; text: string; after: number };

const maxShown = 600;
const around = 160;

/** Lines of up to 600 characters stay whole; of a longer one some 320 around the column (from 1) are left, or its start. */
export function clipLine(text: string, column: number | null | undefined): ClippedLine {
  if (text.length <= maxShown) return { before: 0, text, after: 0 };
  const at = column && column <= text.length ? column - 1 : 0;
  const start = safeCut(text, Math.max(0, Math.min(at - around, text.length - around * 2)));
  const end = safeCut(text, Math.min(text.length, start + around * 2));
  return { before: start, text: text.slice(start, end), after: text.length - end };
}

/** Not between the two halves of an emoji. */
function safeCut(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

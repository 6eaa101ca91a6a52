/**
 * Characters that a reader of the text does not see, but a model reads: zero-width ones, bidirectional controls, the
 * tag characters in which whole sentences can be hidden, variation selectors used the same way, and control characters
 * but tab and line ends. Written as `<U+202E>`, and lone surrogates as U+FFFD.
 */
export function showInvisible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(INVISIBLE, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return `<U+${code}>`;
    });
}

// Default_Ignorable_Code_Point has the zero-width ones, variation selectors and tags; Cc and Cf the controls.
const INVISIBLE = /(?!\uFE0F)\p{Default_Ignorable_Code_Point}|(?![\n\t])\p{Cc}|[\p{Cf}\u2028\u2029]/gu;

/** Cuts the middle out, says how much, and keeps more of the head: a message begins with what happened. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor(limit / 4);
  const head = limit - tail;
  return `${text.slice(0, head)} [${text.length - limit} characters left out] ${tail > 0 ? text.slice(-tail) : ''}`.toWellFormed();
}

/** Of a minified line only the place that ran says anything. `column` counts from 1. */
export function clipAround(text: string, column: number | null | undefined, limit: number): string {
  if (text.length <= limit) return text;
  const start = Math.max(0, Math.min((column ?? 1) - 1 - Math.floor(limit / 2), text.length - limit));
  const end = start + limit;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`.toWellFormed();
}

/** `['frame', 2]` is "2 frames". */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

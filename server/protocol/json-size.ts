/**
 * How many values a JSON text has, at least: to be asked before a thread with a limit of memory parses what a stranger sent.
 * A thread that runs out of it inside `JSON.parse`, which cannot be interrupted, takes the whole process with it. Strings,
 * which cost what they are long, are skipped.
 *
 * @param most stops counting above it
 */
export function countJsonValues(text: string, most: number): number {
  let count = 1;
  for (let at = 0; at < text.length && count <= most; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === COMMA || char === BRACKET || char === BRACE) count += 1;
  }
  return count;
}

const QUOTE = 34;
const COMMA = 44;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACE = 123;

/** A quote behind an odd number of backslashes is part of the string. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

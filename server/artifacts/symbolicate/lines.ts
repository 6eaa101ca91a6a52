const LINE_FEED = 10;
const RETURN = 13;

/** A text by line, without a string for each. */
export type Lines = {
  text: string;
  count: number;
  /** Where line `index` (from 0) begins; the length of the text for one that is not there. */
  startOf: (index: number) => number;
  /** A line without its end, cut to `maxLength`; null for one that is not there. */
  line: (index: number, maxLength: number) => string | null;
  /** Line of an offset, from 0. */
  lineAt: (offset: number) => number;
};

/** Lines end with LF, CR LF or CR, as editors count them. */
export function toLines(text: string): Lines {
  const starts = startsOf(text);
  const startOf = (index: number) => starts[index] ?? text.length;
  return {
    text,
    count: starts.length,
    startOf,
    line: (index, maxLength) => {
      const start = starts[index];
      if (start === undefined) return null;
      let end = startOf(index + 1);
      if (end > start && text.charCodeAt(end - 1) === LINE_FEED) end -= 1;
      if (end > start && text.charCodeAt(end - 1) === RETURN) end -= 1;
      return text.slice(start, Math.min(end, start + maxLength));
    },
    lineAt: (offset) => {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (startOf(middle) <= offset) low = middle + 1;
        else high = middle;
      }
      return Math.max(0, low - 1);
    },
  };
}

function startsOf(text: string): Uint32Array {
  let count = 1;
  for (let at = nextLine(text, 0); at >= 0; at = nextLine(text, at)) count += 1;
  const starts = new Uint32Array(count);
  let index = 1;
  for (let at = nextLine(text, 0); at >= 0; at = nextLine(text, at)) starts[index++] = at;
  return starts;
}

/** Where the next line begins; -1 behind the last one. */
function nextLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === LINE_FEED) return at + 1;
    if (char === RETURN) return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
  }
  return -1;
}

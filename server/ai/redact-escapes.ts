import type { Rule } from './redact-find.ts';

/** Of URLs, of texts in texts (JSON, what languages print) and of HTML; each stands for one character of ASCII. */
const ESCAPE =
  /%0[9ad]|%[2-7][\da-f]|\\u00[2-7][\da-f]|\\x[2-7][\da-f]|\\[nrt]|&(?:amp|quot|apos|lt|gt);|&#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]);|&#x[2-7][\da-f];/giu;
const NAMED: Record<string, string> = { n: '\n', r: '\r', t: '\t', amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** A text as it reads. `written(place)` is where a place of it is in the text as it is written. */
type Plain = { text: string; written: (place: number) => number };

/**
 * Makes of a rule one that finds where escapes are the characters that they stand for: in `from%20203.0.113.7`, no `20` is
 * before the address. A text is read once for all rules.
 */
export function createUnescaping(): (rule: Rule) => Rule {
  const read = new Map<string, Plain | null>();
  return (rule) =>
    function* find(text, kind) {
      let plain = read.get(text);
      if (plain === undefined) {
        plain = plainOf(text);
        read.set(text, plain);
      }
      if (!plain) return;
      for (const { start, end, kind: found } of rule(plain.text, kind)) {
        yield { start: plain.written(start), end: plain.written(end), kind: found };
      }
    };
}

/** Null where there are no escapes. */
function plainOf(text: string): Plain | null {
  // Where each escape is in the plain text, and how much longer it and all before it are as they are written.
  const places: number[] = [];
  const longer: number[] = [];
  let shorter = 0;
  const plain = text.replace(ESCAPE, (written: string, index: number) => {
    places.push(index - shorter);
    shorter += written.length - 1;
    longer.push(shorter);
    return characterOf(written);
  });
  if (places.length === 0) return null;
  return { text: plain, written: (place) => place + (longer[countBefore(places, place) - 1] ?? 0) };
}

export const hasEscapes = (text: string): boolean => text.search(ESCAPE) >= 0;

function characterOf(written: string): string {
  const name = written.replace(/^[\\&]|;$/g, '').toLowerCase();
  const known = NAMED[name];
  if (known) return known;
  const [, decimal] = /^#(\d+)$/.exec(name) ?? [];
  return String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(name.slice(-2), 16));
}

/** How many of the sorted places are before this one. */
function countBefore(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

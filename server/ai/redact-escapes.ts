import type { Rule } from './redact-find.ts';

/** Of URLs, of texts in texts (JSON, what languages print) and of HTML; each stands for one character of ASCII. */
const ESCAPE =
  /%0[9ad]|%[2-7][\da-f]|\\u00[2-7][\da-f]|\\x[2-7][\da-f]|\\[nrt]|&(?:amp|quot|apos|lt|gt);|&#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]);|&#x[2-7][\da-f];/giu;
const NAMED: Record<string, string> = { n: '\n', r: '\r', t: '\t', amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** Finds what `rule` finds once escapes are the characters that they stand for: in `from%20203.0.113.7`, no `20` is before the address. */
export function unescaped(rule: Rule): Rule {
  return function* find(text, kind) {
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
    if (places.length === 0) return;
    const placeIn = (place: number) => place + (longer[countBefore(places, place) - 1] ?? 0);
    for (const { start, end, kind: found } of rule(plain, kind)) {
      yield { start: placeIn(start), end: placeIn(end), kind: found };
    }
  };
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

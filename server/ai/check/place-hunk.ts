import type { FileLine } from './file-lines.ts';
import type { ReadHunk } from './read-hunk.ts';

/** How alike the lines of a file and of a patch are: each takes what the ones before it take. */
export const LIKENESS = ['exact', 'spaces at the ends', 'placeholders'] as const;
export type Likeness = (typeof LIKENESS)[number];

export type Placed = {
  /** Index of the file's line where the hunk begins. */
  at: number;
  /** How many places there are that are as good. */
  places: number;
  likeness: Likeness;
};
export type NotPlaced = { at: null; expected: string[]; found: string[] };

/** Where each text stands in a file. */
export type LineIndex = { lines: readonly string[]; byText: ReadonlyMap<string, readonly number[]> };

export function indexLines(file: readonly FileLine[]): LineIndex {
  // A byte order mark is no part of what anybody reads as the first line.
  const lines = file.map(({ text }, index) => (index === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text));
  const byText = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const key = line.trimEnd();
    const known = byText.get(key);
    if (known) known.push(index);
    else byText.set(key, [index]);
  }
  return { lines, byText };
}

/**
 * Finds where the lines of a hunk stand: all of them, one after another. Of several places it is the one nearest to where
 * it should begin, as git and patch have it. No line may be missing: a hunk that fits by and large changes something else.
 *
 * @param wanted index of the line where it should begin; null: anywhere
 */
export function placeHunk(index: LineIndex, hunk: ReadHunk, wanted: number | null): Placed | NotPlaced {
  const old = hunk.lines.flatMap(({ op, text }) => (op === '+' ? [] : [text]));
  if (old.length === 0) {
    const end = index.lines.length;
    return { at: Math.min(Math.max(wanted ?? end, 0), end), places: 1, likeness: 'exact' };
  }
  const candidates = candidatesOf(index, old);
  for (const likeness of LIKENESS) {
    const places = candidates.filter((at) => old.every((text, by) => isLike(index.lines[at + by], text, likeness)));
    const [first] = places;
    if (first === undefined) continue;
    const nearest = places.reduce((best, at) => (distance(at, wanted) < distance(best, wanted) ? at : best), first);
    return { at: nearest, places: places.length, likeness };
  }
  return notPlaced(index, old, wanted);
}

const distance = (at: number, wanted: number | null) => (wanted === null ? 0 : Math.abs(at - wanted));

/** Where the hunk's rarest line stands: all other places are none. A line with a placeholder stands for several. */
function candidatesOf({ lines, byText }: LineIndex, old: readonly string[]): number[] {
  let rarest: { by: number; at: readonly number[] } | null = null;
  for (const [by, text] of old.entries()) {
    if (splitPlaceholders(text)) continue;
    const at = byText.get(text.trimEnd()) ?? [];
    if (rarest === null || at.length < rarest.at.length) rarest = { by, at };
  }
  const last = lines.length - old.length;
  const { by, at } = rarest ?? { by: 0, at: lines.keys() };
  return [...at].map((index) => index - by).filter((start) => start >= 0 && start <= last);
}

function isLike(line: string | undefined, text: string, likeness: Likeness): boolean {
  if (line === undefined) return false;
  if (line === text) return true;
  if (likeness === 'exact') return false;
  if (line.trimEnd() === text.trimEnd()) return true;
  return likeness === 'placeholders' && fitsPlaceholders(line.trimEnd(), splitPlaceholders(text.trimEnd()));
}

/** `[secret 1]` and its like, which stand for what was taken out before the model saw the line. */
export const PLACEHOLDER = /\[[a-z]{2,12} \d{1,7}\]|\[Filtered\]/g;

/** What stands around the placeholders; null: there is none. */
function splitPlaceholders(text: string): string[] | null {
  const parts = text.includes('[') ? text.split(PLACEHOLDER) : [];
  return parts.length > 1 ? parts : null;
}

/** Each part after the one before it, the first and the last at the ends. */
function fitsPlaceholders(line: string, parts: readonly string[] | null): boolean {
  const [first = '', ...others] = parts ?? [];
  const last = others.pop();
  if (last === undefined || !line.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = line.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return line.length - last.length >= at && line.endsWith(last);
}

const MAX_SHOWN = 12;
const MAX_SHOWN_LENGTH = 300;
/** A line that stands in more places than this says little about where a hunk was meant. */
const MAX_VOTES = 50;

/** What the hunk expects from its first line that is not there, and what stands there, at the place that is most like it. */
function notPlaced({ lines, byText }: LineIndex, old: readonly string[], wanted: number | null): NotPlaced {
  const votes = new Map<number, number>();
  for (const [by, text] of old.entries()) {
    const places = text.trim() === '' ? [] : (byText.get(text.trimEnd()) ?? []);
    for (const place of places.slice(0, MAX_VOTES)) votes.set(place - by, (votes.get(place - by) ?? 0) + 1);
  }
  let at = Math.max(Math.min(wanted ?? 0, lines.length - 1), 0);
  let most = 0;
  for (const [start, count] of votes) {
    if (count < most || (count === most && distance(start, wanted) >= distance(at, wanted))) continue;
    [at, most] = [start, count];
  }
  const missing = old.findIndex((text, by) => !isLike(lines[at + by], text, 'placeholders'));
  const from = Math.max(missing - 1, 0);
  const shown = (all: readonly string[], start: number) =>
    all.slice(Math.max(start, 0), Math.max(start + MAX_SHOWN, 0)).map((line) => line.slice(0, MAX_SHOWN_LENGTH));
  const expected = shown(old, from);
  return { at: null, expected, found: shown(lines, at + from).slice(0, expected.length) };
}

/** Is what was stored on the page? Every value has to be in its own frame's row, in the part where it belongs. */
import type { Part, StoredTrace, StoredValue } from './stored-values.ts';

/** Text as it is read; `edges` are the places between two of its pieces, such as a value and the button after it. */
export type ShownText = { text: string; edges: number[] };

/** A row of the page: the frame, and `repeats` more before it that it stands for. Lines of source are one text each. */
export type ShownFrame = { repeats: number; source: ShownText[] } & Record<Exclude<Part, 'source'>, ShownText>;

export type Judgement = { total: number; missing: StoredValue[] };

/** Each stored trace against the one of the page that shows most of it. */
export function judge(stored: readonly StoredTrace[], shown: readonly ShownFrame[][]): Judgement {
  const candidates = shown.map(framesOf);
  const missing = stored.flatMap(({ frames }) => {
    const all = frames.flat();
    return candidates
      .filter((rows) => rows.length === frames.length)
      .map((rows) => frames.flatMap((values, index) => missingOf(values, rows[index])))
      .reduce((least, each) => (each.length < least.length ? each : least), all);
  });
  return { total: stored.reduce((sum, { frames }) => sum + frames.flat().length, 0), missing };
}

/** The row of every frame, those that were folded into a repeated one too. */
function framesOf(rows: readonly ShownFrame[]): ShownFrame[] {
  return rows.flatMap((row) => Array.from({ length: row.repeats + 1 }, () => row));
}

/**
 * A value that a frame holds three times has to be there three times. Of texts in `other` once is enough: a whole path that is
 * the short one says nothing new.
 */
export function missingOf(values: readonly StoredValue[], row: ShownFrame | undefined): StoredValue[] {
  const seen = new Map<string, number>();
  return values.filter((stored) => {
    if (!row) return true;
    const key = `${stored.part} ${typeof stored.value} ${stored.digits ?? stored.value}`;
    const isOnceEnough = stored.part === 'other' && typeof stored.value === 'string';
    const before = isOnceEnough ? 0 : (seen.get(key) ?? 0);
    seen.set(key, before + 1);
    return countOf(stored, row) <= before;
  });
}

/** How often the row shows the value, in the writing that shows it most. */
function countOf(stored: StoredValue, row: ShownFrame): number {
  const { part, value } = stored;
  if (part === 'source') {
    const lines = new Set(escaped(String(value).replace(/\r?\n$/, '')));
    return row.source.filter(
      ({ text, edges }) => lines.has(text) || edges.some((edge) => lines.has(text.slice(0, edge))),
    ).length;
  }
  const shown = row[part];
  const count = Math.max(...writingsOf(stored).map((writing) => occurrences(shown, writing)));
  const number = part === 'registers' || isHexadecimal(value) ? toBigInt(value) : null;
  if (number === null || count > 0) return count;
  return hexadecimals(shown.text).filter((other) => other === number).length;
}

/** The ways in which a value may be written: a platform has its own words for true and for nothing. */
function writingsOf({ value, digits, part }: StoredValue): string[] {
  if (digits) return [digits];
  if (value === null) return ['null', 'None', 'nil', 'undefined', 'NULL'];
  if (typeof value === 'boolean') {
    const word = String(value);
    const mark = part === 'other' && value ? ['In App'] : [];
    return [word, word.charAt(0).toUpperCase() + word.slice(1), ...mark];
  }
  if (typeof value === 'number') return [String(value)];
  if (value === '') return ['""', "''"];
  // Node's SDK writes nothing as a text in angle brackets.
  return /^<(?:null|undefined)>$/.test(value) ? [value, value.slice(1, -1)] : escaped(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** As it is, with what cannot be seen written as an escape, and as JSON writes it. */
function escaped(value: string): string[] {
  const visible = value.replace(unseen, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, '0')}`;
  });
  return [...new Set([value, visible, JSON.stringify(value).slice(1, -1)])];
}

const isWordLike = (character: string) => /[\p{L}\p{N}_]/u.test(character);

/** How often `writing` stands in the text by itself: `12` is neither in `112` nor in `-12` nor in `12.5`. */
export function occurrences({ text, edges }: ShownText, writing: string): number {
  const cuts = new Set(edges);
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(writing);
  const startsWord = isWordLike(writing.charAt(0));
  const endsWord = isWordLike(writing.charAt(writing.length - 1));
  let count = 0;
  for (let at = text.indexOf(writing); at >= 0; ) {
    const end = at + writing.length;
    const isOpenBefore = cuts.has(at) || !(startsWord && clings(text.charAt(at - 1), isNumber));
    const isOpenAfter =
      cuts.has(end) || !(endsWord && clings(text.charAt(end), isNumber && /\d/.test(text.charAt(end + 1))));
    const isAlone = isOpenBefore && isOpenAfter;
    if (isAlone) count += 1;
    at = text.indexOf(writing, isAlone ? end : at + 1);
  }
  return count;
}

const clings = (neighbour: string, isNumber: boolean) =>
  isWordLike(neighbour) || (isNumber && (neighbour === '.' || neighbour === '-'));

const isHexadecimal = (value: unknown) => typeof value === 'string' && /^0x[0-9a-f]{1,32}$/i.test(value);

function toBigInt(value: StoredValue['value']): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  const digits = typeof value === 'string' ? /^(?:0x)?([0-9a-f]{1,32})$/i.exec(value)?.[1] : undefined;
  return digits ? BigInt(`0x${digits}`) : null;
}

const hexadecimals = (text: string): bigint[] => (text.match(/\b0x[0-9a-f]{1,32}\b/gi) ?? []).map(BigInt);

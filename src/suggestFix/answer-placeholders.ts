import { createContext } from 'react';

/** A part of an answer's text. */
export type Segment = { text: string; isPutBack: boolean };

/** Placeholder (`[email 1]`) to what redaction replaced by it. */
export type Placeholders = ReadonlyMap<string, string>;

/**
 * What the answer's placeholders stand for. It reaches text and code that is drawn, and nothing else: no address, no attribute, no copy.
 */
export const PlaceholdersContext = createContext<Placeholders>(new Map());

const written = /\[[a-z]{2,6} \d{1,7}\]/g;
/** A private key of forty lines would tear a sentence, or a patch, apart. */
const maxLength = 200;

/**
 * Cuts a text at its placeholders and puts back what they stand for. Only what is spelt exactly as redaction spells it
 * and was replaced in this payload counts: one that the model made up, one in other brackets, one within brackets,
 * or one that is of an address stays as it is. A value that looks like a placeholder is not looked at again.
 */
export function putBack(text: string, placeholders: Placeholders): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  let endOfAddress = 0;
  for (const { 0: placeholder, index } of placeholders.size > 0 ? text.matchAll(written) : []) {
    const value = placeholders.get(placeholder);
    const end = index + placeholder.length;
    const isNested = text[index - 1] === '[' || text[end] === ']' || /^[([]/.test(text.slice(end));
    if (isOfAddress(text, index, endOfAddress)) {
      endOfAddress = end;
      continue;
    }
    if (value === undefined || isNested || value.length > maxLength || /[\r\n]/.test(value)) continue;
    if (index > from) segments.push({ text: text.slice(from, index), isPutBack: false });
    segments.push({ text: value, isPutBack: true });
    from = end;
  }
  if (from < text.length || segments.length === 0) segments.push({ text: text.slice(from), isPutBack: false });
  return segments;
}

/** Does what runs up to this place without a blank or a quote, or up to a placeholder of an address, look like an address? */
function isOfAddress(text: string, index: number, endOfAddress: number): boolean {
  const before = text.slice(Math.max(endOfAddress, index - 2000), index);
  const [run = ''] = /[^\s"'`<>|]*$/.exec(before) ?? [];
  if (endOfAddress > 0 && run.length === index - endOfAddress) return true;
  return /\/\/|www\.|[\p{L}\p{N}]\.[\p{L}]{2,24}(?::\d+)?[/?#]/u.test(run);
}

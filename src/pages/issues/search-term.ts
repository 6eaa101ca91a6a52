/** The term of a query that the caret is in. `key` is null while a key is still being typed. */
export type TermAtCaret = { start: number; end: number; negated: boolean; key: string | null; typed: string };

/**
 * Finds what is being typed. Null where nothing can be completed: in a list of values, in a comparison, in quoted words.
 *
 * @param caret offset in `text`, in UTF-16 code units
 */
export function termAt(text: string, caret: number): TermAtCaret | null {
  const place = placeAt(text, caret);
  if (place.isInList) return null;
  const typed = text.slice(place.start, caret);
  const negated = typed.startsWith('!');
  const rest = negated ? typed.slice(1) : typed;
  const found = /^(?:tags\[([^\]\s]{1,200})\]|([\w.@/-]{1,200})):/.exec(rest);
  const term = { start: place.start, end: endOf(text, caret, place.isQuoted), negated };
  if (!found) return /^[\w.@/-]*$/.test(rest) ? { ...term, key: null, typed: rest } : null;
  const value = rest.slice(found[0].length);
  if (/^[<>=[]/.test(value)) return null;
  const bare = value.startsWith('"') ? value.slice(1).replace(/\\(["\\])/g, '$1') : value;
  return { ...term, key: found[1] ?? found[2] ?? '', typed: bare };
}

function placeAt(text: string, caret: number) {
  let start = 0;
  let isQuoted = false;
  let isInList = false;
  for (let at = 0; at < caret; at += 1) {
    const character = text.charAt(at);
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '[' && text.charAt(at - 1) === ':') isInList = true;
    else if (character === ']') isInList = false;
    else if (!isInList && /\s/.test(character)) start = at + 1;
  }
  return { start, isQuoted, isInList };
}

function endOf(text: string, caret: number, isQuoted: boolean): number {
  for (let at = caret, quoted = isQuoted; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    // An open quote ends nowhere: what follows it is not taken along.
    if (/\s/.test(character) && (!quoted || !text.slice(at).includes('"'))) return at;
  }
  return text.length;
}

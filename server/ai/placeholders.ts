/** What a placeholder stands for. `custom`: by a rule of the operator; `id`: a UUID, a hash or the like, which opens no door but names one. */
export const REDACTED_KINDS = [
  'secret',
  'token',
  'id',
  'card',
  'email',
  'phone',
  'ip',
  'user',
  'host',
  'custom',
] as const;
export type RedactedKind = (typeof REDACTED_KINDS)[number];

/** Part of a text: as it came, or replaced. What was replaced is never looked at again. */
export type Piece = string | { placeholder: string };

export type Placeholders = {
  /** The same value is the same placeholder, whatever it was found as the second time. */
  hide: (value: string, kind: RedactedKind) => string;
  /** Placeholder to value, in the order of finding. */
  all: () => ReadonlyMap<string, string>;
  /**
   * Takes placeholders of ours out. Any other text that looks like one was written by a stranger, who would have the model
   * take it for a value of ours: `[email 1]` becomes `(email 1)`.
   *
   * @param isRaw as it came, so that none in it is ours, whatever its number
   */
  split: (text: string, isRaw: boolean) => Piece[];
};

const LOOKS_LIKE_ONE = new RegExp(`\\[(?:${REDACTED_KINDS.join('|')}) \\d{1,7}\\]`, 'g');

/** Replaces values by `[email 1]` and its like; the numbers count from 1 within each kind. */
export function createPlaceholders(): Placeholders {
  const byValue = new Map<string, string>();
  const values = new Map<string, string>();
  const used = new Map<RedactedKind, number>();

  return {
    hide: (value, kind) => {
      const existing = byValue.get(value);
      if (existing) return existing;
      const number = (used.get(kind) ?? 0) + 1;
      used.set(kind, number);
      const placeholder = `[${kind} ${number}]`;
      byValue.set(value, placeholder);
      values.set(placeholder, value);
      return placeholder;
    },
    all: () => values,
    split: (text, isRaw) => {
      const pieces: Piece[] = [];
      let from = 0;
      for (const { 0: found, index } of text.includes('[') ? text.matchAll(LOOKS_LIKE_ONE) : []) {
        if (index > from) pieces.push(text.slice(from, index));
        pieces.push(!isRaw && values.has(found) ? { placeholder: found } : `(${found.slice(1, -1)})`);
        from = index + found.length;
      }
      if (from < text.length || text === '') pieces.push(text.slice(from));
      return pieces;
    },
  };
}

/** Which of them stand in a text, by kind. */
export function countPlaceholders(text: string, known: ReadonlyMap<string, string>): Map<string, number> {
  const shown = new Set(text.match(LOOKS_LIKE_ONE)?.filter((placeholder) => known.has(placeholder)));
  const counts = new Map<string, number>();
  for (const placeholder of shown) {
    const kind = placeholder.slice(1, placeholder.indexOf(' '));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

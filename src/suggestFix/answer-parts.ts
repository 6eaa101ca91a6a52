import type { Suggestion } from '../../server/protocol/contract.ts';

/** `patch`: the text within a fenced block that is a diff, without the fence. */
export type AnswerPart = {
  kind: 'text' | 'patch';
  text: string;
};

/**
 * Takes the diffs out of Markdown: what is called one, and what begins as one whatever it is called. One that still grows
 * has no end yet.
 */
export function splitPatches(markdown: string): AnswerPart[] {
  const parts: AnswerPart[] = [];
  let lines: string[] = [];
  /** The fence that is open, and where it stands in `lines`. */
  let open: { marks: string; info: string; at: number } | null = null;
  const flush = () => {
    const text = lines.join('\n');
    if (text.trim() !== '') parts.push({ kind: 'text', text });
    lines = [];
  };
  const endCode = ({ info, at }: { info: string; at: number }) => {
    const code = lines.slice(at + 1);
    if (!isDiff(info, code)) return false;
    lines = lines.slice(0, at);
    flush();
    parts.push({ kind: 'patch', text: code.join('\n') });
    return true;
  };
  for (const line of markdown.split('\n')) {
    const [, marks = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    const info = rest.trim();
    if (open && marks[0] === open.marks[0] && marks.length >= open.marks.length && info === '') {
      if (!endCode(open)) lines.push(line);
      open = null;
      continue;
    }
    if (!open && marks && !info.includes('`')) open = { marks, info, at: lines.length };
    lines.push(line);
  }
  if (open && endCode(open)) return parts;
  flush();
  return parts;
}

function isDiff(info: string, code: readonly string[]): boolean {
  if (/^(?:diff|patch|udiff)\b/i.test(info)) return true;
  return code.some(
    (line, index) =>
      line.startsWith('diff --git ') || (line.startsWith('--- ') && code[index + 1]?.startsWith('+++ ') === true),
  );
}

/**
 * Which of the parts are the fix: diffs below a head that is called so, else all that are not of a test or of what is
 * missing. The places of them, in order.
 */
export function fixParts(parts: readonly AnswerPart[]): number[] {
  let head = '';
  const diffs = parts.flatMap(({ kind, text }, index) => {
    if (kind === 'patch') return text.trim() === '' ? [] : [{ index, head }];
    head = [...text.matchAll(/^ {0,3}#{1,6}[ \t]+(.*)$/gm)].at(-1)?.[1] ?? head;
    return [];
  });
  const inFix = diffs.filter((diff) => /\b(?:fix|solution|patch)\b/i.test(diff.head) && !/^why\b/i.test(diff.head));
  const chosen = inFix.length > 0 ? inFix : diffs.filter((diff) => !/verif|test|missing/i.test(diff.head));
  return chosen.map(({ index }) => index);
}

/** The diffs of these parts one after another, as `git apply` reads them; null: there are none. */
export function joinPatches(parts: readonly AnswerPart[], places: readonly number[]): string | null {
  const texts = places.map((place) => `${(parts[place]?.text ?? '').replace(/^\n+|\n+$/g, '')}\n`);
  return texts.length > 0 ? texts.join('') : null;
}

/** File name of a downloaded patch: `CHECKOUT-12-fix-34.patch`. */
export const patchFileName = (shortId: string, { id }: Pick<Suggestion, 'id'>): string =>
  `${[shortId, 'fix', id]
    .filter(Boolean)
    .join('-')
    .replace(/[^\w.-]+/g, '-')}.patch`;

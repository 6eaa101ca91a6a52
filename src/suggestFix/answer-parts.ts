import type { Suggestion } from '../../server/protocol/contract.ts';

/** `patch`: the text within a fenced block that is marked as a diff, without the fence. */
export type AnswerPart = { kind: 'text' | 'patch'; text: string };

/** Takes the diffs out of Markdown. One that still grows has no end yet. */
export function splitPatches(markdown: string): AnswerPart[] {
  const parts: AnswerPart[] = [];
  let kind: AnswerPart['kind'] = 'text';
  let fence = '';
  let lines: string[] = [];
  const finish = () => {
    const text = lines.join('\n');
    if (kind === 'patch' || text.trim() !== '') parts.push({ kind, text });
    lines = [];
  };
  for (const line of markdown.split('\n')) {
    const [, marks = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    const closes = fence !== '' && marks[0] === fence[0] && marks.length >= fence.length && info.trim() === '';
    if (kind === 'patch' && closes) {
      finish();
      [kind, fence] = ['text', ''];
    } else if (!fence && /^(?:diff|patch)\b/i.test(info.trim())) {
      finish();
      [kind, fence] = ['patch', marks];
    } else {
      if (marks && kind === 'text') fence = fence ? (closes ? '' : fence) : marks;
      lines.push(line);
    }
  }
  finish();
  return parts;
}

/** The whole patch of an answer, as `git apply` reads it: its diffs one after another. Null: it has none. */
export function patchOf(answer: string): string | null {
  const patches = splitPatches(answer).filter(({ kind, text }) => kind === 'patch' && text.trim() !== '');
  return patches.length > 0 ? patches.map(({ text }) => `${text.replace(/\n+$/, '')}\n`).join('') : null;
}

/** How sure the model says it is, by the first such word of the section of that name. */
export function confidenceOf(answer: string): 'high' | 'medium' | 'low' | null {
  const section = /^#{1,6}[ \t]*confidence\b[^\n]*\n([^#]{0,300})/im.exec(answer)?.[1] ?? '';
  switch (/\b(high|medium|low)\b/i.exec(section)?.[1]?.toLowerCase()) {
    case 'high':
      return 'high';
    case 'medium':
      return 'medium';
    case 'low':
      return 'low';
    default:
      return null;
  }
}

/** File name of a downloaded patch: `CHECKOUT-12-fix-34.patch`. */
export const patchFileName = (shortId: string, { id }: Pick<Suggestion, 'id'>): string =>
  `${[shortId, 'fix', id]
    .filter(Boolean)
    .join('-')
    .replace(/[^\w.-]+/g, '-')}.patch`;

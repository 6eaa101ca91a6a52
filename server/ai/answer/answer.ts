import { type CodeBlock, readBlocks } from './blocks.ts';
import { type AnswerSection, readHeading } from './headings.ts';

type Confidence = 'high' | 'medium' | 'low';

export type Answer = {
  /** Markdown below each heading that has come, without the heading. */
  sections: Partial<Record<AnswerSection, string>>;
  /** What stands before the first heading; all of an answer that has none. */
  preamble: string;
  /** The fix as a diff, as it was written, its blocks one after another; null: the answer has none. */
  patch: string | null;
  /** The answer ends within the patch's last block: it still comes, or it broke off, or the model forgot the end. */
  isPatchOpen: boolean;
  /** Diffs that are not of the fix: a test in Verify. */
  otherDiffs: number;
  confidence: Confidence | null;
  /** The model gave no patch, and says what it lacks. */
  abstains: boolean;
};

type Place = AnswerSection | 'preamble' | 'other';
type Diff = { at: Place; text: string; isOpen: boolean };

/** Reads an answer, or as much of it as has come. Time and memory grow with its length alone. */
export function parseAnswer(text: string): Answer {
  const blocks = readBlocks(text);
  const written = new Map<Place, string[]>();
  const diffs: Diff[] = [];
  let at: Place = 'preamble';
  /** Lines of prose of this section, in which a diff may stand without a fence. */
  let prose: string[] = [];
  let isInDiff = false;
  const put = (text: string) => {
    const all = written.get(at);
    if (all) all.push(text);
    else written.set(at, [text]);
  };
  const endProse = (isEnd: boolean) => {
    const bare = bareDiff(prose, isEnd);
    if (bare) diffs.push({ at, ...bare });
    prose = [];
    isInDiff = false;
  };

  for (const block of blocks) {
    if (block.kind === 'code') {
      endProse(false);
      if (isDiff(block)) diffs.push({ at, text: block.lines.join('\n'), isOpen: block.isOpen });
      put(fenced(block));
      continue;
    }
    isInDiff = OF_DIFF.test(block.text) && (isInDiff || isDiffStart(prose.at(-1) ?? '', block.text));
    // In a diff, ` # Fix` is a line of the file.
    const heading = isInDiff ? null : readHeading(block.text);
    if (!heading) {
      prose.push(block.text);
      put(block.text);
      continue;
    }
    endProse(false);
    if (heading.section) at = heading.section;
    else if (at !== 'preamble') at = 'other';
    put(heading.section === null ? block.text : heading.rest);
  }
  endProse(true);

  const sections: Answer['sections'] = {};
  let preamble = '';
  for (const [place, lines] of written) {
    const content = lines.join('\n').trim();
    if (place === 'preamble') preamble = content;
    else if (place !== 'other') sections[place] = content;
  }
  const fix = fixOf(diffs);
  const abstains = fix.patch === null && isSaid(sections.missing);
  return { sections, preamble, ...fix, confidence: confidenceOf(sections.confidence), abstains };
}

/** The diffs of the fix; where no section is called so, all that are not of a test. */
function fixOf(diffs: readonly Diff[]): Pick<Answer, 'patch' | 'isPatchOpen' | 'otherDiffs'> {
  const written = diffs.filter(({ text }) => text.trim() !== '');
  const inFix = written.filter(({ at }) => at === 'fix');
  const chosen = inFix.length > 0 ? inFix : written.filter(({ at }) => at !== 'verify' && at !== 'missing');
  const patch = chosen.map(({ text }) => `${withoutBlankEnds(text)}\n`).join('');
  return {
    patch: chosen.length > 0 ? patch : null,
    isPatchOpen: chosen.at(-1)?.isOpen ?? false,
    otherDiffs: written.length - chosen.length,
  };
}

const fenced = ({ info, lines, isOpen }: CodeBlock) =>
  [`\`\`\`${info}`, ...(lines.length > 0 ? [lines.join('\n')] : []), ...(isOpen ? [] : ['```'])].join('\n');

function withoutBlankEnds(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === '\n') start += 1;
  while (end > start && text[end - 1] === '\n') end -= 1;
  return text.slice(start, end);
}

/** Models mark a diff as text, or as the language that it changes. */
function isDiff({ info, lines }: CodeBlock): boolean {
  if (/^(?:diff|patch|udiff)\b/i.test(info)) return true;
  return lines.some((line, index) => isDiffStart(line, lines[index + 1]));
}

const isDiffStart = (line: string, next: string | undefined): boolean =>
  line.startsWith('diff --git ') ||
  line.startsWith('*** Begin Patch') ||
  (line.startsWith('--- ') && next?.startsWith('+++ ') === true);

/** A diff that stands in the prose as it is. */
function bareDiff(prose: readonly string[], isEnd: boolean): { text: string; isOpen: boolean } | null {
  const start = prose.findIndex((line, index) => isDiffStart(line, prose[index + 1]));
  if (start === -1) return null;
  let end = start;
  while (end < prose.length && OF_DIFF.test(prose[end] ?? '')) end += 1;
  return { text: prose.slice(start, end).join('\n'), isOpen: isEnd && end === prose.length };
}
const OF_DIFF =
  /^(?:$|[ +\-@\\]|diff --git |index [0-9a-f]|(?:new|deleted) file mode |(?:old|new) mode |rename |similarity |\*\*\* )/;

function confidenceOf(section: string | undefined): Confidence | null {
  const text = section?.slice(0, 300) ?? '';
  const [, word] = /\b(high|medium|moderate|low)\b/i.exec(text) ?? [];
  if (word) return WORDS[word.toLowerCase()] ?? null;
  const [, percent] = /\b(\d{1,3}) ?%/.exec(text) ?? [];
  if (percent === undefined) return null;
  return Number(percent) >= 80 ? 'high' : Number(percent) >= 50 ? 'medium' : 'low';
}
const WORDS: Partial<Record<string, Confidence>> = { high: 'high', medium: 'medium', moderate: 'medium', low: 'low' };

const isSaid = (missing: string | undefined): boolean =>
  missing !== undefined && missing !== '' && !/^[-*\s]*(?:nothing|none|n\/a|not applicable|no\b)/i.test(missing);

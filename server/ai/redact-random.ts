import { isIdentifierHash, isOdd, looksRandom } from './entropy.ts';
import { type Finding, type Rule, where } from './redact-find.ts';

const UUID = /(?<![\da-f-])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f-])/giu;
export const uuids: Rule = where(/[\da-f]{4}-[\da-f]{4}-/iu, function* find(text) {
  for (const { 0: id, index } of text.matchAll(UUID)) {
    // All noughts: none.
    if (/[1-9a-f]/i.test(id)) yield { start: index, end: index + id.length, kind: 'id' };
  }
});

const RUN = /[A-Za-z0-9_+/-]{16,}={0,2}/gu;
/** What makes forty hexadecimal digits a commit, or a sum that anyone may know. */
const BEFORE_COMMIT =
  /(?:(?:commits?|sha-?(?:1|256|384|512)?|rev(?:ision)?|git|tree|blob|parent|head|raw|archive|compare|rustc|integrity|digest|md5)["']?[\s:=/#-]{1,3}["']?|[@+])$/i;
const HEX = /^[0-9a-f]+$/i;
/** The rest of a file's name, whose hash a bundler made of what is in it. */
const FILE_END =
  /^(?:[.-][\w-]{1,20}){0,2}\.(?:[cm]?js|[cm]?ts|jsx|tsx|css|map|vue|svelte|py|pyc|rb|php|go|rs|java|kt|class|cs|swift|html?|wasm|so|dll|dylib|jar|dex|png|jpe?g|svg|webp|woff2?)(?![\w-])/i;

/**
 * Long runs that were drawn by lot. Left as they are: commits and sums where the words before say so, and the hash in a
 * file's name, without which no frame could be told from another.
 */
export const randomRuns: Rule = where(/[A-Za-z0-9_+/-]{16}/u, function* find(text) {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const found = inRun(run, index, text);
    for (const finding of found) yield finding;
  }
});

type Part = { start: number; end: number; text: string; kind: 'token' | 'id' | null };

/** A path hides a random part in it; base64 has slashes of its own. */
function inRun(run: string, offset: number, text: string): Finding[] {
  // A sum that a page gives of a script, which is no secret, slashes and all.
  if (/^sha(?:256|384|512)-/.test(run)) return [];
  const parts: Part[] = [];
  let start = offset;
  for (const part of run.split('/')) {
    const end = start + part.length;
    parts.push({ start, end, text: part, kind: part.length >= 16 ? kindOf(part, start, end, text) : null });
    start = end + 1;
  }
  if (parts.some(({ kind }) => kind)) return joined(parts);
  return parts.length > 1 && looksRandom(run) ? [{ start: offset, end: offset + run.length, kind: 'token' }] : [];
}

/** Of base64 that slashes cut, the shorter parts cannot be told by themselves: they go with the longer beside them. */
function joined(parts: readonly Part[]): Finding[] {
  const found: Finding[] = [];
  let stretch: Part[] = [];
  const endStretch = () => {
    const [first, last] = [stretch[0], stretch.findLast(({ text }) => text.length > 2)];
    if (first && last && stretch.some(({ kind }) => kind))
      found.push({ start: first.start, end: last.end, kind: 'token' });
    stretch = [];
  };
  for (const part of parts) {
    const isShortWithin = part.text.length <= 2 && stretch.length > 0;
    if (part.kind === 'token' || (!part.kind && (isShortWithin || isOdd(part.text)))) {
      stretch.push(part);
      continue;
    }
    endStretch();
    if (part.kind) found.push({ start: part.start, end: part.end, kind: part.kind });
  }
  endStretch();
  return found;
}

function kindOf(part: string, start: number, end: number, text: string): 'token' | 'id' | null {
  if (!looksRandom(part)) return null;
  if (HEX.test(part) && BEFORE_COMMIT.test(text.slice(Math.max(0, start - 16), start))) return null;
  // `1.4.0-dev+bb23b737…`: the build of a version.
  if (/^[\w-]{1,30}\+[0-9a-f]{7,64}$/.test(part) && /[\d.]$/.test(text.slice(Math.max(0, start - 1), start)))
    return null;
  if (FILE_END.test(text.slice(end, end + 60)) && isIdentifierHash(part)) return null;
  return /^[0-9a-f-]+$/i.test(part) ? 'id' : 'token';
}

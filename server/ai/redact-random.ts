import { isIdentifierHash, looksRandom } from './entropy.ts';
import type { Finding, Rule } from './redact-find.ts';

const UUID = /(?<![\da-f-])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f-])/giu;
export const uuids: Rule = function* find(text) {
  if (!text.includes('-')) return;
  for (const { 0: id, index } of text.matchAll(UUID)) {
    // All noughts: none.
    if (/[1-9a-f]/i.test(id)) yield { start: index, end: index + id.length, kind: 'id' };
  }
};

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
export const randomRuns: Rule = function* find(text) {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const found = inRun(run, index, text);
    for (const finding of found) yield finding;
  }
};

/** A path hides a random part in it; base64 has slashes of its own. */
function inRun(run: string, offset: number, text: string): Finding[] {
  const found: Finding[] = [];
  let start = offset;
  for (const part of run.split('/')) {
    const end = start + part.length;
    const kind = part.length >= 16 ? kindOf(part, start, end, text) : null;
    if (kind) found.push({ start, end, kind });
    start = end + 1;
  }
  if (found.length > 0) return found;
  return run.includes('/') && looksRandom(run) ? [{ start: offset, end: offset + run.length, kind: 'token' }] : [];
}

function kindOf(part: string, start: number, end: number, text: string): 'token' | 'id' | null {
  if (!looksRandom(part)) return null;
  if (/^sha(?:256|384|512)-/.test(part) || BEFORE_COMMIT.test(text.slice(Math.max(0, start - 16), start))) {
    if (/^sha\d/.test(part) || HEX.test(part)) return null;
  }
  // `1.4.0-dev+bb23b737…`: the build of a version.
  if (/^[\w-]{1,30}\+[0-9a-f]{7,64}$/.test(part) && /[\d.]$/.test(text.slice(Math.max(0, start - 1), start)))
    return null;
  if (FILE_END.test(text.slice(end, end + 60)) && isIdentifierHash(part)) return null;
  return /^[0-9a-f-]+$/i.test(part) ? 'id' : 'token';
}

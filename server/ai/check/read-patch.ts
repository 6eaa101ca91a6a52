import { createHunk, type LinesLeft, type ReadHunk, readHunk } from './read-hunk.ts';

export type { ReadHunk } from './read-hunk.ts';
export type PatchKind = 'change' | 'create' | 'delete';
export type ReadFile = {
  kind: PatchKind;
  /** As the headers have it, with its prefix; of the file before for one that is deleted, else of the one after. */
  name: string;
  /** The other header's name: what tells `a/` the prefix from `a/` the folder. */
  otherName: string;
  hunks: ReadHunk[];
};
export type ReadPatch = {
  files: ReadFile[];
  /** Why it cannot be tried at all; a sentence. Null: it can. */
  fault: string | null;
};

const MAX_PATCH_LENGTH = 512 * 1024;
/** Each may have 2 MiB. */
const MAX_FILES = 20;
const MAX_HUNKS = 1000;
const NOWHERE = '/dev/null';

/**
 * Reads the diff of a model, which is a diff by and large: heads without numbers, counts that are wrong, no prefixes,
 * prose between. The library's parser refuses all of that, as git does; what is read here is written anew for git.
 */
export function readPatch(text: string): ReadPatch {
  if (text.length > MAX_PATCH_LENGTH) return { files: [], fault: 'The patch is longer than 512 KiB.' };
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const files: ReadFile[] = [];
  let hunks = 0;
  let fault: string | null = null;
  let git: { isCreate: boolean; isDelete: boolean } | null = null;
  let at = 0;
  const begin = (kind: PatchKind, name: string, otherName: string) => {
    files.push({ kind, name, otherName, hunks: [] });
    git = null;
  };

  while (at < lines.length && fault === null) {
    const line = lines[at] ?? '';
    const file = files.at(-1);
    const own = readOwnHeader(line);
    const names = readNames(lines, at);
    if (own) {
      if (own === 'end') git = null;
      else begin(own.kind, own.name, own.name);
      at += 1;
    } else if (names) {
      const { before, after } = names;
      if (before === NOWHERE && after === NOWHERE) fault = 'The patch names no file.';
      const kind = before === NOWHERE ? 'create' : after === NOWHERE ? 'delete' : 'change';
      const known: { isCreate: boolean; isDelete: boolean } | null = git;
      const [name, other] = kind === 'delete' ? [before, after] : [after, before];
      begin(known === null ? kind : kindOf(known, kind), name, other);
      at += names.lines;
    } else if (line.startsWith('diff --git ')) {
      git = { isCreate: false, isDelete: false };
      at += 1;
    } else if (git && /^(?:rename|copy) (?:from|to) /.test(line)) {
      fault = 'The patch renames or copies a file, and such patches are not tried.';
    } else if (git && /^(?:GIT binary patch|Binary files )/.test(line)) {
      fault = 'The patch changes a file that is no text.';
    } else if (git && /^new file mode /.test(line)) {
      git = { isCreate: true, isDelete: false };
      at += 1;
    } else if (git && /^deleted file mode /.test(line)) {
      git = { isCreate: false, isDelete: true };
      at += 1;
    } else if (line.startsWith('@@@')) {
      fault = 'The patch is a merge of several, which cannot be applied.';
    } else if (line.startsWith('@@') || (file?.hunks.length === 0 && /^[ +-]/.test(line))) {
      if (!file) fault = 'The patch does not name the file that it changes.';
      else {
        const head = line.startsWith('@@') ? line : null;
        const read = readHunk(lines, head === null ? at : at + 1, createHunk(file.hunks.length + 1, head), isHeader);
        file.hunks.push(read.hunk);
        hunks += 1;
        at = read.next;
      }
    } else {
      at += 1;
    }
    if (files.length > MAX_FILES || hunks > MAX_HUNKS) fault = 'The patch has more files or hunks than are tried.';
  }
  return { files, fault: fault ?? faultOf(files) };
}

const kindOf = ({ isCreate, isDelete }: { isCreate: boolean; isDelete: boolean }, kind: PatchKind): PatchKind =>
  isCreate ? 'create' : isDelete ? 'delete' : kind;

function faultOf(files: readonly ReadFile[]): string | null {
  if (files.length === 0) return 'The patch does not name the file that it changes.';
  const changes = files.some(({ kind, hunks }) => kind === 'delete' || hunks.some(({ lines }) => lines.some(isChange)));
  return changes ? null : 'The patch changes nothing: no line of it is removed or added.';
}
const isChange = ({ op }: ReadHunk['lines'][number]) => op !== ' ';

type Names = { before: string; after: string; lines: number };

/** `--- a/x` and `+++ b/x`; either may be missing where hunks follow. */
function readNames(lines: readonly string[], at: number): Names | null {
  const [line = '', next = '', third = ''] = lines.slice(at, at + 3);
  if (line.startsWith('--- ') && next.startsWith('+++ ')) {
    return { before: readName(line), after: readName(next), lines: 2 };
  }
  if (/^(?:---|\+\+\+) \S/.test(line) && next.startsWith('@@') && !third.startsWith('@@')) {
    const name = readName(line);
    return name === NOWHERE ? null : { before: name, after: name, lines: 1 };
  }
  return null;
}

/**
 * Does something else begin within a hunk? `--- x` may be the removed line `-- x`: while the hunk's head announces more
 * lines, it is a header only where numbers follow it, and not where it is just what was announced.
 */
function isHeader(lines: readonly string[], at: number, left: LinesLeft | null): boolean {
  const line = lines[at] ?? '';
  if (line.startsWith('diff --git ') || line.startsWith('@@') || readOwnHeader(line)) return true;
  const names = line.startsWith('--- ') ? readNames(lines, at) : null;
  if (names?.lines !== 2) return false;
  const hasNumbers = lines[at + 2]?.startsWith('@@') ?? false;
  if (left && (left.old > 0 || left.new > 0)) return hasNumbers && !(left.old === 1 && left.new === 1);
  const { before, after } = names;
  return hasNumbers || before === NOWHERE || after === NOWHERE || withoutPrefix(before) === withoutPrefix(after);
}
const withoutPrefix = (name: string) => name.replace(/^(?:[abciow]|old|new)\//, '');

/** Of the form that OpenAI trains its models to write: `*** Update File: app.py`. */
function readOwnHeader(line: string): { kind: PatchKind; name: string } | 'end' | null {
  if (!line.startsWith('*** ')) return null;
  if (/^\*\*\* (?:Begin Patch|End Patch|End of File)/.test(line)) return 'end';
  const [, verb, name] = /^\*\*\* (Update|Add|Delete) File: (\S.*)$/.exec(line) ?? [];
  if (!verb || !name) return null;
  return { kind: verb === 'Add' ? 'create' : verb === 'Delete' ? 'delete' : 'change', name: name.trimEnd() };
}

/** After four characters: a name, quoted as in C where it is an odd one, and perhaps a time. */
function readName(header: string): string {
  const text = header.slice(4);
  if (text.startsWith('"')) return unquote(text);
  const tab = text.indexOf('\t');
  const name = tab === -1 ? text : text.slice(0, tab);
  const time = name.search(/ \d{4}-\d\d-\d\d[ T]\d\d:\d\d/);
  return (time === -1 ? name : name.slice(0, time)).trim();
}

const ESCAPES: Partial<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** Octal escapes are the bytes of UTF-8. */
function unquote(text: string): string {
  const bytes: number[] = [];
  const put = (part: string) => bytes.push(...Buffer.from(part, 'utf8'));
  for (const [part, octal, escaped] of text.slice(1).matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]/gsu)) {
    if (part === '"') break;
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else put(escaped === undefined ? part : (ESCAPES[escaped] ?? escaped));
  }
  return Buffer.from(bytes).toString('utf8');
}

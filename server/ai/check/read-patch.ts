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
  /** Within what git writes above a file: what it says of the file, if anything. */
  let git: { kind: PatchKind | null } | null = null;
  let at = 0;

  while (at < lines.length && fault === null) {
    const line = lines[at] ?? '';
    const file = files.at(-1);
    const own = readOwnHeader(line);
    const names = readNames(lines, at);
    if (own || names) {
      const begun = own === 'end' ? null : own ? { ...own, otherName: own.name } : toFile(names, git?.kind);
      if (begun) files.push({ ...begun, hunks: [] });
      if (names?.before === NOWHERE && names.after === NOWHERE) fault = 'The patch names no file.';
      git = null;
      at += names?.lines ?? 1;
    } else if (line.startsWith('@@@')) {
      fault = 'The patch is a merge of several, which cannot be applied.';
    } else if (line.startsWith('@@') || (file?.hunks.length === 0 && /^[ +-]/.test(line))) {
      const head = line.startsWith('@@') ? line : null;
      const number = (file?.hunks.length ?? 0) + 1;
      const read = readHunk(lines, head === null ? at : at + 1, createHunk(number, head), isHeader);
      if (file) file.hunks.push(read.hunk);
      else fault = NO_FILE;
      hunks += 1;
      at = read.next;
    } else {
      if (line.startsWith('diff --git ')) git = { kind: null };
      const said: GitHeader | null = git && readGitHeader(line);
      if (said?.kind) git = said;
      fault = said?.fault ?? null;
      at += 1;
    }
    if (files.length > MAX_FILES || hunks > MAX_HUNKS) fault = 'The patch has more files or hunks than are tried.';
  }
  return { files, fault: fault ?? faultOf(files) };
}
const NO_FILE = 'The patch does not name the file that it changes.';

type GitHeader = { kind: PatchKind | null; fault: string | null };
function readGitHeader(line: string): GitHeader | null {
  if (/^(?:rename|copy) (?:from|to) /.test(line)) {
    return { kind: null, fault: 'The patch renames or copies a file, and such patches are not tried.' };
  }
  if (/^(?:GIT binary patch|Binary files )/.test(line)) {
    return { kind: null, fault: 'The patch changes a file that is no text.' };
  }
  if (line.startsWith('new file mode ')) return { kind: 'create', fault: null };
  return line.startsWith('deleted file mode ') ? { kind: 'delete', fault: null } : null;
}

/** @param said by git, above the names */
function toFile(names: Names | null, said: PatchKind | null | undefined): Omit<ReadFile, 'hunks'> | null {
  if (!names) return null;
  const { before, after } = names;
  const kind = said ?? (before === NOWHERE ? 'create' : after === NOWHERE ? 'delete' : 'change');
  return kind === 'delete' ? { kind, name: before, otherName: after } : { kind, name: after, otherName: before };
}

function faultOf(files: readonly ReadFile[]): string | null {
  if (files.length === 0) return NO_FILE;
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

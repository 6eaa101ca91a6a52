import type { CodeMappingRow } from '../storage/code-mappings.ts';
import type { CommitFrom, EventCommit, EventRelease } from './event-commit.ts';
import type { Git } from './git.ts';
import { sourceRootOf } from './mapping.ts';
import type { Repository } from './repository.ts';
import { isLfsPointer } from './text.ts';
import type { Tree } from './tree.ts';

/** A commit of a checkout, for whoever would change files of it: what git has, and never what lies on the disk. */
export type CommitFiles = {
  mapping: CodeMappingRow;
  /** Full hash. */
  commit: string;
  commitFrom: CommitFrom;
  /** @param path within the repository; compared with git's list, never opened */
  file: (path: string) => CommitFile;
  /** The path of a frame that the code mappings lead to a file by; null: none leads there. */
  framePath: (path: string) => string | null;
  /** Does git have a file below it? The top is ''. */
  hasFolder: (path: string) => boolean;
  /** Paths of the files that are right in a folder. */
  filesIn: (folder: string) => string[];
  /**
   * Where whole words stand, in letters of this case, in files that may be read; the first of very many.
   *
   * @param words letters, digits and underscores @throws {GitError} {RepositoryError}
   */
  mentions: (words: readonly string[]) => Promise<Mention[]>;
};
/** @property line from 1 */
export type Mention = { path: string; line: number; word: string };
type CommitFile =
  /** `read` gives the whole text, byte order mark and all. @throws {GitError} {RepositoryError} */
  | { kind: 'file'; mode: string; read: () => Promise<{ text: string } | { text: null; detail: string }> }
  | { kind: 'none' }
  /** It is there, or would be, and may be neither read nor written. */
  | { kind: 'refused'; detail: string };

type Deps = {
  open: (repositoryPath: string) => Promise<Repository>;
  find: (repository: Repository, event: EventRelease) => Promise<EventCommit>;
  treeOf: (repository: Repository, commit: string) => Promise<Tree>;
  object: Git['object'];
  grepWords: Git['grepWords'];
  /** Says why a file is not shown; null: it is. */
  faultOf: (path: string, mode: string) => string | null;
};

/** @param mappings of one checkout @returns null where the checkout lacks the commit, or it is not known @throws {GitError} {RepositoryError} */
export async function openCommit(
  { open, find, treeOf, object, grepWords, faultOf }: Deps,
  mappings: readonly [CodeMappingRow, ...CodeMappingRow[]],
  event: EventRelease,
): Promise<{ files: CommitFiles; found: null } | { files: null; found: Exclude<EventCommit, { kind: 'found' }> }> {
  const [mapping] = mappings;
  const repository = await open(mapping.repositoryPath);
  const found = await find(repository, event);
  if (found.kind !== 'found') return { files: null, found };
  const { commit, from } = found;
  const tree = await treeOf(repository, commit);
  // Links are looked at again: they may have changed since.
  const read = async (blob: string) => textOf((await object(await open(mapping.repositoryPath), blob))?.content);
  const file = (path: string): CommitFile => {
    const entry = tree.get(path);
    const detail = faultOf(path, entry?.mode ?? '100644');
    if (detail !== null) return { kind: 'refused', detail };
    return entry ? { kind: 'file', mode: entry.mode, read: () => read(entry.blob) } : { kind: 'none' };
  };
  let folders: ReadonlySet<string> | null = null;
  const hasFolder = (path: string) => {
    folders ??= foldersOf(tree);
    return folders.has(path);
  };
  const filesIn = (folder: string) => {
    const start = folder === '' ? '' : `${folder}/`;
    return [...tree.keys()].filter((path) => path.startsWith(start) && !path.includes('/', start.length));
  };
  const framePath = (path: string) => framePathOf(mappings, path);
  const mentions = async (words: readonly string[]) => {
    const all = await readMentions((onData) => grepWords(repository, commit, words, onData), commit.length + 1);
    const mayBeRead = new Set([...new Set(all.map(({ path }) => path))].filter((path) => file(path).kind === 'file'));
    return all.filter(({ path }) => mayBeRead.has(path));
  };
  return { files: { mapping, commit, commitFrom: from, file, framePath, hasFolder, filesIn, mentions }, found: null };
}

/** @param skip characters before each path */
async function readMentions(
  grep: (onData: (chunk: Buffer) => void) => Promise<void>,
  skip: number,
): Promise<Mention[]> {
  const mentions: Mention[] = [];
  let rest = '';
  await grep((chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const [path = '', line, word] = text.split('\0');
      if (word !== undefined) mentions.push({ path: path.slice(skip), line: Number(line), word });
    }
  });
  return mentions;
}

function foldersOf(tree: Tree): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of tree.keys()) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      // Those above it are there, too.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** The other way round than a mapping leads: from the file to what a frame calls it. */
function framePathOf(mappings: readonly CodeMappingRow[], path: string): string | null {
  let best: { stackRoot: string; rest: string } | null = null;
  for (const mapping of mappings) {
    const root = sourceRootOf(mapping).join('/');
    if (root !== '' && !path.startsWith(`${root}/`)) continue;
    const rest = root === '' ? path : path.slice(root.length + 1);
    if (best === null || rest.length < best.rest.length) best = { stackRoot: mapping.stackRoot, rest };
  }
  if (!best) return null;
  return /(?:^|[\\/])$/.test(best.stackRoot) ? best.stackRoot + best.rest : `${best.stackRoot}/${best.rest}`;
}

function textOf(content: Uint8Array | null | undefined): { text: string } | { text: null; detail: string } {
  if (!content) return { text: null, detail: 'it is larger than 2 MiB, or missing from the clone' };
  if (content.includes(0)) return { text: null, detail: 'it is no text' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return isLfsPointer(text) ? { text: null, detail: 'git keeps it elsewhere (LFS)' } : { text };
  } catch {
    // What is written from such a text would be other bytes than the file has.
    return { text: null, detail: 'it is not written in UTF-8' };
  }
}

import { type Git, GitError } from './git.ts';
import type { Repository } from './repository.ts';

export type TreeEntry = {
  /** Octal, as git has it: `100644` and `100755` are files, `120000` a link, `160000` a submodule. */
  mode: string;
  blob: string;
};
/** Every file of a commit, by its path with forward slashes. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** Files of all trees that are kept; about 200 bytes each. */
const MAX_KEPT_FILES = 400_000;
/** Of one tree. Three times those of the largest repositories that are public. */
const MAX_FILES = 1_000_000;

/** Lists the files of commits, each once: an event asks for its frames one by one, and a commit never changes. */
export function createTrees(git: Pick<Git, 'listTree'>, { maxKeptFiles = MAX_KEPT_FILES } = {}) {
  const kept = new Map<string, { tree: Promise<Tree>; files: number }>();

  /** @throws {GitError} */
  return (repository: Repository, commit: string): Promise<Tree> => {
    const key = `${repository.id} ${commit}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known.tree;
    }
    const entry = { tree: listTree(git, repository, commit), files: 0 };
    kept.set(key, entry);
    entry.tree.then(
      ({ size }) => {
        entry.files = size;
        let total = [...kept.values()].reduce((sum, { files }) => sum + files, 0);
        for (const [oldest, { files }] of [...kept].slice(0, -1)) {
          if (total <= maxKeptFiles && kept.size <= MAX_KEPT_TREES) break;
          kept.delete(oldest);
          total -= files;
        }
      },
      () => kept.delete(key),
    );
    return entry.tree;
  };
}
const MAX_KEPT_TREES = 200;

async function listTree(git: Pick<Git, 'listTree'>, repository: Repository, commit: string): Promise<Tree> {
  const tree = new Map<string, TreeEntry>();
  let rest: Buffer = Buffer.alloc(0);
  // In pieces as they come, so that no long list is read in one go while requests wait.
  await git.listTree(repository, commit, (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
      const entry = parseEntry(bytes.toString('utf8', start, end));
      // A name that is no UTF-8 could be taken for another that is.
      if (entry && !entry.path.includes('\uFFFD')) tree.set(entry.path, { mode: entry.mode, blob: entry.blob });
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (tree.size > MAX_FILES) throw new GitError('The repository has more files than can be listed.');
  });
  return tree;
}

/** `100644 blob 257cc5642cb1a054f08cc83f2d943e56fd3ebe99\tsrc/a.ts` */
function parseEntry(line: string): { path: string; mode: string; blob: string } | null {
  const tab = line.indexOf('\t');
  const [mode, , blob] = line.slice(0, tab).split(' ');
  return tab > 0 && mode && blob ? { path: line.slice(tab + 1), mode, blob } : null;
}

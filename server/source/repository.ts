import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';

/** A checkout that may be read. All paths are real ones: no link is left in them. */
export type Repository = {
  path: string;
  gitDir: string;
  /** The same, but for one of several working trees. */
  commonDir: string;
  isBare: boolean;
  /** Another one at the same place has another. */
  id: string;
};

/** The checkout cannot be read; the message says why, and what to do. */
export class RepositoryError extends Error {
  override name = 'RepositoryError';
}

const NO_ROOTS =
  'No checkout may be read yet: whoever runs this server names the folders that hold them in the setting `source.roots` of config.yml, or in STACKMEND_SOURCE_ROOTS, and restarts it.';

/**
 * Finds the repository at a path: a working tree, one of several (`git worktree`), or a bare one. Where git keeps it may
 * be told by files and links in there, so all of that has to be below a root as well. Links change: ask before each reading.
 *
 * @param path absolute
 * @param roots folders below which checkouts may be read; each may be one itself
 * @throws {RepositoryError}
 */
export async function findRepository(path: string, roots: readonly string[]): Promise<Repository> {
  if (roots.length === 0) throw new RepositoryError(NO_ROOTS);
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new RepositoryError('The repository should be an absolute path of a folder on the disk of this server.');
  }
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => normalize(root))));
  const isInside = (place: string) => realRoots.some((root) => isBelow(place, root));
  // Not asked for on the disk: who may write a mapping need not learn what is elsewhere.
  if (!isInside(normalize(path)) && !roots.some((root) => isBelow(normalize(path), normalize(root)))) {
    throw outside(path);
  }
  const real = await realpath(path).catch((cause) => {
    throw new RepositoryError(`${path} cannot be read on this server: ${reasonOf(cause)}.`, { cause });
  });
  if (!isInside(real)) throw outside(path);

  const { gitDir, isBare } = await findGitDir(real, path);
  try {
    const { commonDir, places } = await placesOf(gitDir);
    if (places.every(isInside)) {
      const { dev, ino } = await stat(gitDir);
      return { path: real, gitDir, commonDir, isBare, id: `${dev}:${ino}:${gitDir}` };
    }
  } catch (cause) {
    throw new RepositoryError(`${path} is no whole git repository: see what \`git fsck\` says there.`, { cause });
  }
  throw new RepositoryError(
    `Git keeps a part of ${path} in a folder that is not below one of those in \`source.roots\`. Clone it whole, or add that folder.`,
  );
}

const isBelow = (place: string, root: string) =>
  place === root || place.startsWith(root.endsWith(sep) ? root : root + sep) || place + sep === root;

const outside = (path: string) =>
  new RepositoryError(
    `${path} is not below one of the folders in the setting \`source.roots\`. Whoever runs this server can add it there.`,
  );

async function findGitDir(real: string, path: string): Promise<{ gitDir: string; isBare: boolean }> {
  const dotGit = join(real, '.git');
  const kind = await lstat(dotGit).catch(() => null);
  if (!kind) {
    const isBare = (await exists(join(real, 'HEAD'))) && (await exists(join(real, 'objects')));
    if (isBare) return { gitDir: real, isBare };
    throw new RepositoryError(`${path} is no git repository: name the folder that has .git in it.`);
  }
  try {
    const isFile = (await stat(dotGit)).isFile();
    return { gitDir: await realpath(isFile ? await readPointer(dotGit, /^gitdir: (.+)$/s) : dotGit), isBare: false };
  } catch (cause) {
    throw new RepositoryError(`The .git of ${path} leads nowhere.`, { cause });
  }
}

/** Where git would read: the folder itself, the one that worktrees share, its objects, and others' that it borrows. */
async function placesOf(gitDir: string): Promise<{ commonDir: string; places: string[] }> {
  const commonFile = join(gitDir, 'commondir');
  const commonDir = (await exists(commonFile)) ? await realpath(await readPointer(commonFile, /^(.+)$/s)) : gitDir;
  const objects = [await realpath(join(commonDir, 'objects'))];
  for (const folder of objects) {
    const alternates = await readFile(join(folder, 'info', 'alternates'), 'utf8').catch(() => '');
    for (const line of alternates.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
      // Git reads it as a string of C; nobody's folders need that.
      if (line.startsWith('"')) throw new Error(`${folder} borrows from a quoted path`);
      const borrowed = resolve(folder, line);
      const real = await realpath(borrowed).catch(() => borrowed);
      // Each may borrow again, in a circle too.
      if (!objects.includes(real)) objects.push(real);
      if (objects.length > MAX_ALTERNATES) throw new Error(`${folder} borrows from too many`);
    }
  }
  return { commonDir, places: [gitDir, commonDir, ...objects] };
}
/** Git itself follows five. */
const MAX_ALTERNATES = 16;

/** A file that holds a path, relative to its own folder. */
async function readPointer(file: string, pattern: RegExp): Promise<string> {
  const text = (await readFile(file, 'utf8')).slice(0, 4096);
  const [, target] = pattern.exec(text) ?? [];
  if (!target) throw new Error(`${file} names no folder`);
  return resolve(dirname(file), target.replace(/[\r\n]+$/, ''));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such folder';
  return code === 'EACCES' ? 'the server may not look into it' : String(code);
}

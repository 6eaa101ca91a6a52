import { isAbsolute } from '../../source/paths.ts';
import type { ReadFile } from './read-patch.ts';

export type PatchPath =
  /** The likeliest first: where both headers begin alike, what they begin with may be a folder. */
  { paths: string[]; refused: null } | { paths: null; refused: string };

const MAX_LENGTH = 1024;

/**
 * Which paths the headers may mean. Strangers wrote them; they are only ever compared with git's own list of a commit's
 * files, but a patch that we hand on must not lead out of a checkout either.
 */
export function patchPaths({ name, otherName }: Pick<ReadFile, 'name' | 'otherName'>): PatchPath {
  const shown = JSON.stringify(name.slice(0, 120));
  const path = name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (path === '') return { paths: null, refused: 'The patch does not name the file that it changes.' };
  if (path.length > MAX_LENGTH) return { paths: null, refused: `The path ${shown} is too long.` };
  // Control characters, and those that cannot be seen.
  if (/\p{C}/u.test(path)) return { paths: null, refused: `The path ${shown} has characters that cannot be seen.` };
  if (isAbsolute(path) || path.startsWith('~')) {
    return { paths: null, refused: `The path ${shown} is absolute: a patch names files of the repository.` };
  }
  const segments = path.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return { paths: null, refused: `The path ${shown} leads elsewhere: no part of it may be empty, . or ..` };
  }
  if (segments.some(isGitFolder)) return { paths: null, refused: `The path ${shown} is one of git's own files.` };
  if (segments.some((segment) => /[ .]$/.test(segment) || segment.includes(':'))) {
    return { paths: null, refused: `The path ${shown} is no file of every system.` };
  }
  const other = otherName.replaceAll('\\', '/').split('/');
  const stripped = segments.slice(1).join('/');
  if (stripped === '' || !isPrefix(segments[0] ?? '')) return { paths: [path], refused: null };
  // `a/x` and `b/x`: prefixes. `b/x` twice: a model's habit, or a folder of that name.
  const isSurely = other[0] !== segments[0] || otherName === '/dev/null';
  return { paths: isSurely ? [stripped, path] : [path, stripped], refused: null };
}

/** Git's own, and those that it writes with `diff.mnemonicPrefix`. */
const isPrefix = (segment: string) => /^(?:[abciow]|old|new)$/.test(segment);

/** Also as file systems take it: in other letters, in the short form of Windows. */
const isGitFolder = (segment: string) => /^(?:\.git|git~\d+)(?:[ .:].*)?$/i.test(segment);

import type { CommitFiles } from '../../source/commit-files.ts';
import type { Source } from '../../source/source.ts';
import { patchPaths } from './patch-path.ts';
import type { ReadFile } from './read-patch.ts';
import type { FileToTry } from './try-patch.ts';

export type EventPlace = { projectId: number; release?: string | null; commit?: string | null };
export type Resolved =
  | { file: FileToTry; note: string | null }
  | { file: null; status: 'malformed' | 'does_not_apply' | 'not_checked'; path: string; why: string };

/** Finds the file of a commit that a patch means. Models know frames by their paths, which a code mapping leads on from. */
export async function resolveFile(
  source: Pick<Source, 'fileOf'>,
  checkout: CommitFiles,
  place: EventPlace,
  read: ReadFile,
): Promise<Resolved> {
  const { paths, refused } = patchPaths(read);
  if (paths === null) return { file: null, status: 'malformed', path: read.name.slice(0, 200), why: refused };
  const path = (await existing(source, checkout, place, paths)) ?? paths[0] ?? '';
  const found = checkout.file(path);
  const none = (status: 'does_not_apply' | 'not_checked', why: string): Resolved => ({ file: null, status, path, why });
  if (found.kind === 'refused') return none('not_checked', found.detail);
  const note = paths.includes(path) ? null : `The patch calls it ${paths[0]}.`;

  if (found.kind === 'none') {
    // Models leave /dev/null out.
    const isNew = read.kind === 'create' || read.hunks.every(({ lines }) => lines.every(({ op }) => op === '+'));
    if (!isNew || read.hunks.length === 0) return none('does_not_apply', `Git tracks no ${path} there.`);
    if (checkout.hasFolder(path)) return none('does_not_apply', `${path} is a folder there.`);
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (!checkout.hasFolder(folder)) {
      return none('does_not_apply', `The new file ${path} is in a folder that the repository does not have.`);
    }
    return { file: { path, kind: 'create', mode: '100644', before: null, hunks: read.hunks }, note };
  }
  if (read.kind === 'create') return none('does_not_apply', `The patch makes ${path}, which is there already.`);
  const content = await found.read();
  if (content.text === null) return none('not_checked', `${path} was not looked at: ${content.detail}.`);
  return { file: { path, kind: read.kind, mode: found.mode, before: content.text, hunks: read.hunks }, note };
}

async function existing(
  source: Pick<Source, 'fileOf'>,
  checkout: CommitFiles,
  place: EventPlace,
  paths: readonly string[],
): Promise<string | null> {
  const known = paths.find((path) => checkout.file(path).kind !== 'none');
  if (known !== undefined) return known;
  for (const filename of paths) {
    const mapped = await source.fileOf({ ...place, filename });
    if (mapped.mapping?.repositoryPath !== checkout.mapping.repositoryPath || !mapped.path) continue;
    if (mapped.reason === null) return mapped.path;
    // A new file beside those of the frames.
    const folder = mapped.path.slice(0, Math.max(mapped.path.lastIndexOf('/'), 0));
    const own = filename.slice(0, Math.max(filename.lastIndexOf('/'), 0));
    if (mapped.reason === 'file_not_found' && checkout.hasFolder(folder) && !checkout.hasFolder(own))
      return mapped.path;
  }
  return null;
}

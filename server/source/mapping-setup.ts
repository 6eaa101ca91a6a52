import type { RepoPathParsing } from '../protocol/contract.ts';
import type { CodeMappingRow } from '../storage/code-mappings.ts';
import { GitError } from './git.ts';
import { rootsOf, sourceRootOf } from './mapping.ts';
import { type CleanPath, commonEnd, exact, type FrameFile, framePaths, lower } from './paths.ts';
import { type Repository, RepositoryError } from './repository.ts';
import type { Tree } from './tree.ts';

type Deps = {
  open: (repositoryPath: string) => Promise<Repository>;
  /** Full hash. */
  head: (repository: Repository) => Promise<string | null>;
  treeOf: (repository: Repository, commit: string) => Promise<Tree>;
};
const MAX_CANDIDATES = 10;

/** What the settings page and the command need to make a mapping that works. */
export function createMappingSetup({ open, head, treeOf }: Deps) {
  async function headTree(repositoryPath: string): Promise<Tree> {
    const repository = await open(repositoryPath);
    const commit = await head(repository);
    if (!commit) throw new RepositoryError(`${repositoryPath} has no commit yet, or its HEAD leads to none.`);
    return treeOf(repository, commit);
  }

  return {
    /**
     * Is there such a folder at HEAD?
     *
     * @throws {RepositoryError} no; or the repository cannot be read
     * @throws {GitError}
     */
    checkMapping: async (mapping: Pick<CodeMappingRow, 'repositoryPath' | 'sourceRoot'>): Promise<void> => {
      const tree = await headTree(mapping.repositoryPath);
      const root = sourceRootOf(mapping).join('/');
      if (root === '' || tree.keys().some((path) => path.startsWith(`${root}/`))) return;
      const folders = new Set(tree.keys().flatMap((path) => (path.includes('/') ? [path.split('/', 1)[0] ?? ''] : [])));
      const some = [...folders].slice(0, 10).join(', ');
      throw new RepositoryError(
        `The repository has no folder ${root} at HEAD. ${some ? `At its top it has ${some}.` : 'It has no folders: leave the source root empty.'}`,
      );
    },

    /** Why a mapping cannot be read now; null when it can. */
    problemOf: async ({ repositoryPath }: Pick<CodeMappingRow, 'repositoryPath'>): Promise<string | null> => {
      try {
        const repository = await open(repositoryPath);
        return (await head(repository)) ? null : `${repositoryPath} has no commit yet.`;
      } catch (error) {
        if (error instanceof RepositoryError || error instanceof GitError) return error.message;
        throw error;
      }
    },

    /**
     * Proposes the roots for which a frame's path leads to a file that git tracks: the one with the longest common end.
     *
     * @returns null when no file has that name
     * @throws {RepositoryError} {GitError}
     */
    proposeMapping: async (repositoryPath: string, frame: FrameFile): Promise<RepoPathParsing | null> => {
      const tree = await headTree(repositoryPath);
      let best: { common: number; stackPath: CleanPath; files: string[] } | null = null;
      for (const stackPath of framePaths(frame)) {
        const name = lower(stackPath.segments.at(-1) ?? '');
        for (const [path, { mode }] of tree) {
          if (!mode.startsWith('100') || !lower(path).endsWith(name)) continue;
          const common = commonEnd(stackPath.segments, path.split('/'), exact);
          if (common === 0 || common < (best?.common ?? 0)) continue;
          if (!best || common > best.common) best = { common, stackPath, files: [] };
          if (best.stackPath === stackPath) best.files.push(path);
        }
      }
      if (!best) return null;
      const { common, stackPath, files } = best;
      // Of files that end alike, the one nearest to the top is no example, copy or fixture.
      const candidates = files.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
      const [path] = candidates;
      if (path === undefined) return null;
      return { ...rootsOf(stackPath, path, common), path, candidates: candidates.slice(0, MAX_CANDIDATES) };
    },
  };
}

const depth = (path: string) => path.split('/').length;

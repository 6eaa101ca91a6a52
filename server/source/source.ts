import { join } from 'node:path';
import type { SourceReason } from '../protocol/contract.ts';
import type { CodeMappingRow, CodeMappingStore } from '../storage/code-mappings.ts';
import type { ReleaseStore } from '../storage/releases.ts';
import { type CommitFiles, openCommit } from './commit-files.ts';
import {
  type CommitFrom,
  createEventCommits,
  type EventCommit,
  type EventRelease,
  namedCommits,
} from './event-commit.ts';
import { createGit, GitError } from './git.ts';
import { filePage, mappingPage, type RepositoryPage } from './links.ts';
import { type MappedPath, mapPaths } from './mapping.ts';
import { createMappingSetup } from './mapping-setup.ts';
import { type FrameFile, framePaths } from './paths.ts';
import { createIsRefused } from './refused.ts';
import { findRepository, type Repository, RepositoryError } from './repository.ts';
import { decodeSource, isLfsPointer, linesAround } from './text.ts';
import { createTrees, type Tree, type TreeEntry } from './tree.ts';

export type SourceQuery = FrameFile & {
  projectId: number;
  /** Of the event, as the SDK names it. */
  release?: string | null;
  /** Commit of the event as the caller knows it. What is no hex is left alone. */
  commit?: string | null;
};

type Place = {
  mapping: CodeMappingRow;
  /** Within the repository, with forward slashes. */
  path: string;
  /** On this machine's disk, whatever is checked out there; null in a bare repository, or where the file is not shown. */
  absPath: string | null;
  commitFrom: CommitFrom | null;
};
/** A file that git tracks at the event's commit, and that may be shown. */
export type SourceFile = Place & { reason: null; commit: string; blob: string };
/** Why there is none. What is known all the same is told: the place that the mapping says, the commit that is missing. */
export type NoSource = Partial<Place> & { reason: SourceReason; detail: string; commit?: string | null };

export type CommitsOfEvent = { checkouts: CommitFiles[]; none: NoSource | null };

export type SourceDeps = {
  mappings: Pick<CodeMappingStore, 'list'>;
  releases: Pick<ReleaseStore, 'byVersion'>;
  /** Folders below which checkouts may be read; absolute. */
  roots: readonly string[];
  /** Patterns of files that are never read; see `createIsRefused`. */
  deny: readonly string[];
  /** PATH of this process: where git is. */
  searchPath: string;
  now: () => number;
};
export type Source = ReturnType<typeof createSource>;

/** Lines before and after, as SDKs send them. */
const LINES_AROUND = 5;
const ORIGIN_AGE_MS = 60_000;

/**
 * Reads source from checkouts. What a frame names is only ever compared with git's own list of a commit's files; what is
 * read is the object that the list names, never a path of the disk.
 */
export function createSource({ mappings, releases, roots, deny, searchPath, now }: SourceDeps) {
  const git = createGit({ searchPath });
  const commits = createEventCommits(git, now);
  const treeOf = createTrees(git);
  const isRefused = createIsRefused(deny);
  const faultText = (path: string, mode: string) =>
    faultOf({ path, entry: { mode, blob: '' } }, isRefused)?.detail ?? null;
  const origins = new Map<string, { url: string; readAt: number }>();
  const open = (path: string) => findRepository(path, roots);

  async function fileIn(paths: readonly MappedPath[], event: EventRelease): Promise<SourceFile | NoSource> {
    const [first] = paths;
    if (!first) throw new TypeError('A mapping with no path of its own.');
    const { mapping } = first;
    try {
      const repository = await open(mapping.repositoryPath);
      const found = await commits.find(repository, event);
      if (found.kind !== 'found') return await withoutCommit(repository, paths, found, event);
      const { commit, from: commitFrom } = found;
      const file = findFile(await treeOf(repository, commit), paths);
      const known = { mapping, path: file?.path ?? first.path, commit, commitFrom };
      if (!file) return { reason: 'file_not_found', detail: notFound(first.path, commit, mapping), ...known };
      const fault = faultOf(file, isRefused);
      if (fault) return { ...fault, ...known };
      return { reason: null, ...known, absPath: onDisk(repository, mapping, file.path), blob: file.entry.blob };
    } catch (error) {
      const [named] = namedCommits(event);
      return { ...unreadable(error), mapping, path: first.path, commit: named?.hex };
    }
  }

  /** The lines are not known, but whoever has the checkout can open the file. */
  async function withoutCommit(
    repository: Repository,
    paths: readonly MappedPath[],
    found: Exclude<EventCommit, { kind: 'found' }>,
    event: EventRelease,
  ): Promise<NoSource> {
    const head = await commits.resolve(repository, 'HEAD');
    const file = head ? findFile(await treeOf(repository, head), paths) : null;
    const [first] = paths;
    const mapping = first?.mapping;
    const known = { mapping, path: file?.path ?? first?.path };
    const fault = file && faultOf(file, isRefused);
    if (fault) return { ...fault, ...known };
    const absPath = file && mapping ? onDisk(repository, mapping, file.path) : null;
    if (found.kind === 'none') return { reason: 'no_commit', detail: noCommit(event.release), ...known, absPath };
    const detail = commitUnknown(found.commit, mapping?.repositoryPath ?? repository.path);
    return { reason: 'commit_unknown', detail, ...known, absPath, commit: found.commit, commitFrom: found.from };
  }

  /** @throws {RepositoryError} {GitError} */
  async function pageOf(mapping: CodeMappingRow): Promise<RepositoryPage | null> {
    if (mapping.repositoryUrl) return mappingPage(mapping, '');
    const repository = await open(mapping.repositoryPath);
    const known = origins.get(repository.id);
    if (known && now() - known.readAt < ORIGIN_AGE_MS) return mappingPage(mapping, known.url);
    const url = await git.originUrl(repository);
    if (origins.size > 100) origins.clear();
    origins.set(repository.id, { url, readAt: now() });
    return mappingPage(mapping, url);
  }

  /** The text of a file; links are looked at again, they may have changed since it was found. */
  async function textOf({ mapping, blob }: SourceFile): Promise<{ reason: null; text: string } | NoSource> {
    try {
      const object = await git.object(await open(mapping.repositoryPath), blob);
      if (object?.type !== 'blob')
        throw new GitError('The file is listed, and is not there: a clone without its files?');
      const text = object.content && decodeSource(object.content);
      if (text != null && !isLfsPointer(text)) return { reason: null, text };
      const detail = object.content
        ? 'The file is no text: nothing of it can be shown.'
        : 'The file is larger than 2 MiB: a program wrote it, and nothing of it is shown.';
      return { reason: 'not_a_source_file', detail };
    } catch (error) {
      return unreadable(error);
    }
  }

  return {
    roots,

    /**
     * The file that a frame means, at the event's commit. The mapping with the longest stack root decides; where several
     * have it, the first in whose repository the file is.
     */
    fileOf: async ({ projectId, release, commit, ...frame }: SourceQuery): Promise<SourceFile | NoSource> => {
      const all = await mappings.list([projectId]);
      if (all.length === 0) return { reason: 'no_code_mapping', detail: NO_MAPPING };
      const mapped = mapPaths(all, framePaths(frame));
      if (mapped.length === 0) return { reason: 'stack_root_mismatch', detail: mismatch(frame, all) };
      const recorded = release ? (await releases.byVersion(projectId, release))?.commitSha : null;
      let none: NoSource | null = null;
      for (const paths of Map.groupBy(mapped, ({ mapping }) => mapping.id).values()) {
        const file = await fileIn(paths, { release, recorded, asked: commit });
        if (file.reason === null) return file;
        none ??= file;
      }
      return none ?? { reason: 'stack_root_mismatch', detail: mismatch(frame, all) };
    },

    textOf,

    /**
     * The commit of an event in each of the project's checkouts that has it; where none has, why the first has not.
     * Nothing of a working tree is looked at.
     */
    commitsOf: async ({ projectId, release, commit }: Omit<SourceQuery, keyof FrameFile>): Promise<CommitsOfEvent> => {
      const all = await mappings.list([projectId]);
      if (all.length === 0) return { checkouts: [], none: { reason: 'no_code_mapping', detail: NO_MAPPING } };
      const recorded = release ? (await releases.byVersion(projectId, release))?.commitSha : null;
      const deps = {
        open,
        find: commits.find,
        treeOf,
        object: git.object,
        grepWords: git.grepWords,
        faultOf: faultText,
      };
      const checkouts: CommitFiles[] = [];
      let none: NoSource | null = null;
      for (const [first, ...others] of Map.groupBy(all, ({ repositoryPath }) => repositoryPath).values()) {
        if (!first) continue;
        try {
          const { files, found } = await openCommit(deps, [first, ...others], { release, recorded, asked: commit });
          if (files) checkouts.push(files);
          else if (found.kind === 'none') none ??= { reason: 'no_commit', detail: noCommit(release) };
          else none ??= { reason: 'commit_unknown', detail: commitUnknown(found.commit, first.repositoryPath) };
        } catch (error) {
          none ??= unreadable(error);
        }
      }
      return { checkouts, none: checkouts.length > 0 ? null : none };
    },

    /** @param line from 1 */
    linesOf: async (
      file: SourceFile,
      line: number,
      { around = LINES_AROUND } = {},
    ): Promise<{ reason: null; context: [number, string][] } | NoSource> => {
      const read = await textOf(file);
      if (read.reason !== null) return read;
      const context = linesAround(read.text, line, around);
      if (context) return { reason: null, context };
      const detail = `${file.path} has no line ${line} at commit ${short(file.commit)}: the program that failed was built from another one.`;
      return { reason: 'line_not_found', detail };
    },

    /**
     * What a file is at a commit: the same id means the same bytes. Null where the commit or the file is not there, or the
     * repository cannot be read.
     *
     * @param commit hex, from 7 digits on; anything else is not looked for
     * @param path within the repository
     */
    blobAt: async (mapping: CodeMappingRow, commit: string, path: string): Promise<string | null> => {
      if (!/^[0-9a-f]{7,64}$/i.test(commit)) return null;
      try {
        const repository = await open(mapping.repositoryPath);
        const full = await commits.resolve(repository, commit.toLowerCase());
        return full ? ((await treeOf(repository, full)).get(path)?.blob ?? null) : null;
      } catch (error) {
        unreadable(error);
        return null;
      }
    },

    /** The file's page on GitHub or GitLab; at the default branch where no commit is given. Null: there is none. */
    urlOf: async (mapping: CodeMappingRow, path: string, commit: string | null | undefined): Promise<string | null> => {
      const page = await pageOf(mapping).catch(() => null);
      // Both providers know HEAD, for the branch that they show first.
      return page ? filePage(page, path, commit ?? mapping.defaultBranch ?? 'HEAD') : null;
    },

    pageOf,

    ...createMappingSetup({ open, head: (repository) => commits.resolve(repository, 'HEAD'), treeOf }),

    /** Ends the processes of git. */
    close: () => git.close(),
  };
}

const short = (commit: string) => commit.slice(0, 12);

type FoundEntry = { path: string; entry: TreeEntry };

/** The first of the paths that is in the tree. Where letter case does not count for who wrote the path, the only one that is like it. */
function findFile(tree: Tree, paths: readonly MappedPath[]): FoundEntry | null {
  for (const { path } of paths) {
    const entry = tree.get(path);
    if (entry) return { path, entry };
  }
  for (const { path } of paths.filter(({ isWindows }) => isWindows)) {
    const wanted = path.toLowerCase();
    const alike = [...tree.keys()].filter((name) => name.length === path.length && name.toLowerCase() === wanted);
    const [only] = alike;
    const entry = alike.length === 1 && only !== undefined ? tree.get(only) : undefined;
    if (only !== undefined && entry) return { path: only, entry };
  }
  return null;
}

function faultOf({ path, entry: { mode } }: FoundEntry, isRefused: (path: string) => boolean) {
  if (isRefused(path)) {
    const detail = `${path} is not shown: by its name it may hold secrets, or the setting \`source.deny\` lists it.`;
    return { reason: 'file_refused', detail } as const;
  }
  if (mode === '100644' || mode === '100755') return null;
  const detail = `${path} is a ${mode === '160000' ? 'submodule' : 'link'} in the repository, and those are not followed.`;
  return { reason: 'not_a_source_file', detail } as const;
}

const onDisk = ({ isBare }: Repository, { repositoryPath }: CodeMappingRow, path: string) =>
  isBare ? null : join(repositoryPath, path);

/** @throws what is no fault of the repository */
function unreadable(error: unknown): { reason: SourceReason; detail: string } {
  if (!(error instanceof RepositoryError || error instanceof GitError)) throw error;
  return { reason: 'repository_unreadable', detail: error.message };
}

const NO_MAPPING =
  "The project has no code mapping, so no checkout of it is known. Add one in the project's settings, or with `stackmend code-mappings add`.";

function mismatch({ absPath, filename }: FrameFile, mappings: readonly CodeMappingRow[]): string {
  const file = (absPath || filename || '').slice(-200);
  if (!file) return 'The frame names no file.';
  const roots = mappings.slice(0, 3).map(({ stackRoot }) => stackRoot || '(empty)');
  return `No code mapping fits: ${file} does not begin with ${roots.join(', nor ')}. Add one for it, or change the stack root.`;
}

function noCommit(release: string | null | undefined): string {
  if (!release) return 'The event names no release, so its commit is not known. Set the release in the SDK.';
  const name = release.slice(0, 200);
  return (
    `Which commit release ${name} is of is not known, and no tag of the checkout is named like it. Tell it with ` +
    `\`sentry-cli releases set-commits\`, upload coverage with --release and --commit, or push a tag.`
  );
}

const commitUnknown = (commit: string, repositoryPath: string) =>
  `The checkout ${repositoryPath} has no commit ${short(commit)}. Fetch it there: \`git fetch --tags\`, and \`git fetch --unshallow\` where the clone is a shallow one.`;

const notFound = (path: string, commit: string, { sourceRoot, stackRoot }: CodeMappingRow) =>
  `Git tracks no ${path} at commit ${short(commit)}. The code mapping puts ${stackRoot || 'every path'} below ${sourceRoot || 'the top of the repository'}: is that right?`;

import type { Coverage } from '../../coverage/line-coverage.ts';
import type { PatchCheck } from '../../protocol/contract.ts';
import type { CommitFiles } from '../../source/commit-files.ts';
import { GitError } from '../../source/git.ts';
import { RepositoryError } from '../../source/repository.ts';
import type { Source } from '../../source/source.ts';
import type { Answer } from '../answer/answer.ts';
import { type ReadPatch, readPatch } from './read-patch.ts';
import { type EventPlace, type Resolved, resolveFile } from './resolve-file.ts';
import { TryError, type TryPatch } from './try-in-thread.ts';
import type { FileToTry, Tried, TriedFile } from './try-patch.ts';
import { uncoveredLines } from './uncovered.ts';
import { appliesWords, failedWords, NOT_RUN, shortOf } from './words.ts';

export type CheckPatchDeps = {
  source: Pick<Source, 'commitsOf' | 'fileOf'>;
  coverage: Pick<Coverage, 'passOf'>;
  tryPatch: TryPatch;
  /** Is told of what is our own fault: the answer is there all the same. */
  onError: (error: unknown) => void;
};
/** The event that the answer is of. */
export type CheckPlace = EventPlace & {
  /** Takes out of a text what may not be stored: lines of the checkout are in what comes of the check. */
  redact: (text: string) => string;
};

/**
 * Finds out whether the patch of an answer does what a patch should, at the commit of the event: does it apply, do its
 * files parse, do tests reach what it changes. Nothing is written to a disk, and nothing is run.
 */
export function createCheckPatch({ source, coverage, tryPatch, onError }: CheckPatchDeps) {
  /** Null where it is not known. */
  async function uncoveredOf(file: FileToTry, tried: TriedFile, checkout: CommitFiles, place: EventPlace) {
    if (file.kind !== 'change') return null;
    const filename = checkout.framePath(file.path) ?? file.path;
    const { file: lines } = await coverage
      .passOf({ ...versionOf(place), commit: checkout.commit })
      .ofFile({ filename });
    return lines ? uncoveredLines(tried.changes, (line) => lines.codes.get(line)?.[1]) : null;
  }

  /** Which of several repositories: the one that has the most of the files. */
  async function resolveAll(checkouts: readonly CommitFiles[], place: EventPlace, { files }: ReadPatch) {
    let best: { checkout: CommitFiles; resolved: Resolved[] } | null = null;
    const found = (all: readonly Resolved[]) => all.filter(({ file }) => file !== null).length;
    for (const checkout of checkouts) {
      const resolved = await Promise.all(files.map((file) => resolveFile(source, checkout, place, file)));
      if (!best || found(resolved) > found(best.resolved)) best = { checkout, resolved };
    }
    return best;
  }

  async function check(patch: string, isOpen: boolean, { redact, ...place }: CheckPlace): Promise<PatchCheck> {
    const read = readPatch(patch);
    if (read.fault) return { status: 'malformed', detail: read.fault };
    const last = read.files.at(-1)?.hunks.at(-1);
    if (isOpen && last?.isShort) return { status: 'malformed', detail: 'The patch breaks off within its last hunk.' };
    const { checkouts, none } = await source.commitsOf(place);
    const chosen = await resolveAll(checkouts, place, read);
    if (!chosen) return { status: 'not_checked', detail: none?.detail ?? null };
    const { checkout, resolved } = chosen;
    const commit = checkout.commit;
    const refused = resolved.find(({ file }) => file === null);
    if (refused && refused.file === null) {
      const { status, why, path } = refused;
      return { status, commit, detail: failedWords(status, commit, why), files: [{ path }] };
    }
    const files = joinFiles(resolved.flatMap(({ file }) => file ?? []));
    const tried = await tryPatch(files);
    const uncovered = await Promise.all(
      tried.files.map((each, at) => {
        const file = files[at];
        return file ? uncoveredOf(file, each, checkout, place) : null;
      }),
    );
    const notes = resolved.map((each) => (each.file && each.note ? { path: each.file.path, note: each.note } : null));
    return toCheck(
      tried,
      uncovered,
      commit,
      notes.filter((note) => note !== null),
      redact,
    );
  }

  /**
   * Never throws: what could not be found out is said.
   *
   * @param answer whole, as the model gave it
   */
  return async (answer: Pick<Answer, 'patch' | 'isPatchOpen'>, place: CheckPlace): Promise<PatchCheck> => {
    if (answer.patch === null) return { status: 'no_patch', detail: 'The answer has no patch.' };
    try {
      return await check(answer.patch, answer.isPatchOpen, place);
    } catch (error) {
      if (error instanceof GitError || error instanceof RepositoryError) return notChecked(error.message);
      if (error instanceof TryError) return notChecked(`The patch was not checked: ${error.message}.`);
      onError(error);
      return notChecked('The patch was not checked: the check failed. The log of the server says why.');
    }
  };
}

const notChecked = (detail: string): PatchCheck => ({ status: 'not_checked', detail });

const versionOf = ({ projectId, release }: EventPlace) => ({ projectId, release });

/** A file may come twice, in two blocks of an answer: both are written against the file as it was. */
function joinFiles(files: readonly FileToTry[]): FileToTry[] {
  const joined = new Map<string, FileToTry>();
  for (const file of files) {
    const known = joined.get(file.path);
    const hunks = [...(known?.hunks ?? []), ...file.hunks].map((hunk, at) => ({ ...hunk, number: at + 1 }));
    joined.set(file.path, { ...file, hunks });
  }
  return [...joined.values()];
}

function toCheck(
  tried: Tried,
  uncovered: readonly (number[] | null)[],
  commit: string,
  renamed: readonly { path: string; note: string }[],
  redact: (text: string) => string,
): PatchCheck {
  const files = tried.files.map(({ path, failed, parsed }, at) => ({
    path,
    ...(parsed && { parses: parsed.parses, parseError: errorOf(parsed) }),
    ...(failed && {
      failedHunk: failed.hunk,
      expected: failed.expected,
      found: failed.found.length > 0 ? redact(failed.found.join('\n')).split('\n') : [],
    }),
    uncoveredLines: failed ? null : uncovered[at],
  }));
  const [failed] = tried.files.flatMap((file) => (file.failed ? [{ ...file.failed, path: file.path }] : []));
  if (failed) {
    const why = `hunk ${failed.hunk} of ${failed.path}. ${failed.why}`;
    return { status: 'does_not_apply', commit, files, detail: failedWords('does_not_apply', commit, why) };
  }
  const notes = renamed.map(({ path, note }) => `${path}: ${note}`);
  const words = appliesWords(tried, uncovered);
  const patch = tried.patch !== null && redact(tried.patch) === tried.patch ? tried.patch : null;
  const kept = patch === null ? [NO_PATCH] : [];
  const detail = [`Applies to ${shortOf(commit)}.`, ...notes, ...words, ...kept, NOT_RUN].join(' ');
  return { status: 'applies', commit, files, detail, patch };
}
const NO_PATCH = 'A patch written anew for git is not kept: lines of it have values that redaction takes out.';

function errorOf(parsed: NonNullable<TriedFile['parsed']>): string | null {
  if (parsed.parses) return null;
  return parsed.parses === false ? parsed.error : parsed.why;
}

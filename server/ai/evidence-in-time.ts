import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../protocol/event.ts';
import type { CommitFiles } from '../source/commit-files.ts';
import { GitError } from '../source/git.ts';
import { RepositoryError } from '../source/repository.ts';
import type { EvidenceContext } from './evidence.ts';
import { createGatherEvidence, type GatherDeps } from './evidence-gather.ts';

/** @returns what is known beside the event, and sentences on what came too late */
export type GatherEvidence = (
  event: StoredEvent,
  projectId: number | null,
  issueId: number | null,
) => Promise<{ context: EvidenceContext; late: string[] }>;

/**
 * Gathers evidence for so long, and no longer: somebody waits for it, and a checkout may be on a disk that is asleep. What
 * was found by then counts.
 *
 * @param maxMs for all of it together
 */
export function gatherInTime({ source, coverage, countsOf }: GatherDeps, maxMs: number): GatherEvidence {
  return async (event, projectId, issueId) => {
    if (projectId === null) return { context: {}, late: [] };
    const over = new AbortController();
    /** `beside`: files that no frame is in; how many there would have been is not known. */
    const late = { source: 0, beside: 0, coverage: 0, counts: 0 };
    const time = sleep(maxMs, null, { signal: over.signal }).catch(() => null);
    let isOver = false;
    void time.then(() => {
      isOver = true;
    });

    /** What is asked for after the time, or comes after it, is counted, and is `otherwise`. */
    async function inTime<T>(what: keyof typeof late, ask: () => Promise<T>, otherwise: T): Promise<T> {
      const found = isOver ? null : await Promise.race([ask().then((value) => ({ value })), time]);
      if (found) return found.value;
      late[what] += 1;
      return otherwise;
    }

    let isUnreadable = false;
    /** What no frame is in is asked for beside the rest: a checkout that fails there is no reason to have nothing. */
    const beside = <T>(ask: () => Promise<T>, otherwise: T): Promise<T> =>
      inTime('beside', ask, otherwise).catch((error: unknown) => {
        if (!(error instanceof GitError || error instanceof RepositoryError)) throw error;
        isUnreadable = true;
        return otherwise;
      });
    const readInTime = (checkout: CommitFiles): CommitFiles => ({
      ...checkout,
      mentions: (words) => beside(() => checkout.mentions(words), []),
      file: (path) => {
        const file = checkout.file(path);
        if (file.kind !== 'file') return file;
        return { ...file, read: () => beside(file.read, { text: null, detail: '' }) };
      },
    });
    const gather = createGatherEvidence({
      source: {
        fileOf: (query) => inTime('source', () => source.fileOf(query), NO_SOURCE),
        textOf: (file) => inTime('source', () => source.textOf(file), NO_SOURCE),
        commitsOf: async (query) => {
          const found = await inTime('beside', () => source.commitsOf(query), { checkouts: [], none: null });
          return { ...found, checkouts: found.checkouts.map(readInTime) };
        },
      },
      coverage: {
        passOf: (version) => {
          const pass = coverage.passOf(version);
          return { ...pass, ofFile: (frame) => inTime('coverage', () => pass.ofFile(frame), NO_COVERAGE) };
        },
      },
      countsOf,
    });
    // Counts are there at once, and come with the last of the rest otherwise.
    const counted = issueId === null ? null : inTime('counts', () => countsOf(projectId, issueId), null);
    const both = Promise.all([gather(event, projectId, null), counted]);
    const [found, counts] = await both.finally(() => over.abort());
    const seconds = `it took longer than ${maxMs / 1000} s`;
    return {
      context: { ...found, counts },
      late: [
        ...(late.source > 0 ? [`source in ${placesOf(late.source)} left out: ${seconds}`] : []),
        ...(late.beside > 0 ? [`definitions in other files left out: ${seconds}`] : []),
        ...(isUnreadable ? ['definitions in other files left out: git could not read all of the checkout'] : []),
        ...(late.coverage > 0 ? [`coverage in ${placesOf(late.coverage)} left out: ${seconds}`] : []),
        ...(late.counts > 0 ? [`how often the issue was seen left out: ${seconds}`] : []),
      ],
    };
  };
}

const NO_SOURCE = { reason: 'no_code_mapping' as const, detail: '' };
const NO_COVERAGE = { file: null };
const placesOf = (count: number) => `${count} ${count === 1 ? 'place' : 'places'}`;

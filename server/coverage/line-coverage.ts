import { createHash } from 'node:crypto';
import { BadRequestError } from '../protocol/errors.ts';
import { parseCommit } from '../source/commit.ts';
import { type FrameFile, isAbsolute, segmentsOf } from '../source/paths.ts';
import type { CoverageReport, CoverageStore } from '../storage/coverage.ts';
import type { ProjectStore } from '../storage/projects.ts';
import type { ReleaseStore } from '../storage/releases.ts';
import { type CoverageSource, createPass, toFrameCoverage } from './frame-coverage.ts';
import { createIndexes } from './indexes.ts';
import type { ReadReport } from './read-report.ts';
import { type FrameCoverage, noPosition } from './reasons.ts';
import { createSelection, type EventVersion } from './selection.ts';

export type { FrameCoverage } from './reasons.ts';
export type FrameQuery = FrameFile & EventVersion & { lineNo?: number | null };
/** A frame of which the line matters. */
export type FrameLine = FrameFile & { lineNo: number | null };
/** Is the line of a frame reached by tests? `code` and `hits` are null where that is not known. */
export type LineCoverage = { coverage: FrameCoverage; code: number | null; hits: number | null };
export type Coverage = ReturnType<typeof createCoverage>;

export type CoverageDeps = {
  store: CoverageStore;
  releases: Pick<ReleaseStore, 'byVersion'>;
  projects: Pick<ProjectStore, 'byId'>;
  source: CoverageSource;
  readReport: ReadReport;
};

const below = (root: string, path: string) => (isAbsolute(path) ? path : `${root}/${path}`);

export function createCoverage({ store, releases, projects, source, readReport }: CoverageDeps) {
  const selection = createSelection({ store, releases });
  const indexOf = createIndexes(store);
  const slugOf = async (projectId: number) => (await projects.byId(projectId))?.slug ?? '<project>';
  const passOf = (event: EventVersion) => createPass({ store, selection, indexOf, source, slugOf }, event);

  return {
    /** For one pass over the frames of an event, or of several that are of the same release. */
    passOf,
    selection,
    indexOf,
    linesOf: store.lines,

    /**
     * Line coverage of the file that a frame means, from all reports of the event's release or commit, merged. A report of
     * another commit is used only where a checkout shows that the file is the same at both.
     */
    forFrame: async ({ lineNo = null, ...query }: FrameQuery): Promise<FrameCoverage> =>
      toFrameCoverage(await passOf(query).ofFile(query), lineNo),

    /** The lines of the frames of one event, in the order of the frames. */
    async forLines(event: EventVersion, frames: readonly FrameLine[]): Promise<LineCoverage[]> {
      const pass = passOf(event);
      const lines: LineCoverage[] = [];
      for (const { lineNo, ...frame } of frames) {
        const line = lineNo !== null && lineNo > 0 ? lineNo : null;
        if (!(frame.filename || frame.absPath) || line === null) {
          const coverage = noPosition(line === null ? 'line' : 'file');
          lines.push({ coverage, code: null, hits: null });
          continue;
        }
        const found = await pass.ofFile(frame);
        const [, code = null, hits = null] = found.file?.codes.get(line) ?? [];
        const isCounted = found.file?.lineHits || hits === 0;
        lines.push({ coverage: toFrameCoverage(found, line), code, hits: isCounted ? hits : null });
      }
      return lines;
    },

    /**
     * Reads a report and stores it for a release, a commit or both.
     *
     * @param report `root`: the folder of the repository that the report's relative paths begin at
     * @throws {BadRequestError} neither release nor commit, a commit that is none, or a malformed report
     */
    add: async (report: {
      projectId: number;
      bytes: Uint8Array;
      name: string;
      release?: string | null;
      commit?: string | null;
      root?: string | null;
    }): Promise<CoverageReport> => {
      const release = report.release?.trim() || null;
      const commitSha = report.commit?.trim() ? parseCommit(report.commit) : null;
      if (!release && !commitSha) {
        throw new BadRequestError('Say what the report is of: a release, a commit, or both.');
      }
      if (release && release.length > 250) throw new BadRequestError('A release has 250 characters at most.');
      const root = segmentsOf(report.root ?? '').join('/');
      if (root.length > 1000) throw new BadRequestError('The root has 1,000 characters at most.');
      const checksum = createHash('sha256').update(`${root}\n`).update(report.bytes).digest('hex');
      const read = await readReport(report.bytes, report.name);
      if (root) read.files = read.files.map((file) => ({ ...file, path: below(root, file.path) }));
      const name = report.name.slice(0, 250);
      return store.add({ projectId: report.projectId, release, commitSha, name, checksum, ...read });
    },

    /** Newest first. */
    list: (projectId: number): Promise<CoverageReport[]> => store.list(projectId),

    byId: (projectId: number, id: number): Promise<CoverageReport | null> => store.byId(projectId, id),

    /** Is false when the project has no such report. */
    remove: (projectId: number, id: number) => store.delete(projectId, id),

    /** Deletes reports uploaded before a time (Unix ms), and the oldest of each project beyond a size in bytes. */
    deleteExpired: store.deleteExpired,
  };
}

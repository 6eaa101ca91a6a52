import type { CoverageReason, StacktraceLink } from '../protocol/contract.ts';
import { BadRequestError } from '../protocol/errors.ts';
import { commitInRelease, isSameCommit, isSurelyCommit, parseCommit } from '../source/commit.ts';
import type { FrameFile } from '../source/paths.ts';
import type { CoverageReport, CoverageStore } from '../storage/coverage.ts';
import type { ReleaseStore } from '../storage/releases.ts';
import { type FileMatch, indexReport, matchFile, type ReportIndex } from './match.ts';
import type { ReadReport } from './read-report.ts';
import { mergeLines } from './report.ts';

export type FrameCoverage = NonNullable<StacktraceLink['codecov']>;
export type FrameQuery = FrameFile & {
  projectId: number;
  /** Of the event. */
  release?: string | null;
  /** Commit of the event's release as the caller knows it; what the release record or its name say comes after. */
  commit?: string | null;
};
export type Coverage = ReturnType<typeof createCoverage>;
export type StoredReport = CoverageReport & { files: number };
export type AddedReport = StoredReport & { lines: number };

type CoverageDeps = { store: CoverageStore; releases: Pick<ReleaseStore, 'byVersion'>; readReport: ReadReport };

/** Indexes kept in memory: an event asks for its frames one by one, and a report never changes. */
const KEPT_INDEXES = 8;

export function createCoverage({ store, releases, readReport }: CoverageDeps) {
  const indexes = new Map<number, Promise<ReportIndex>>();

  function indexOf(reportId: number): Promise<ReportIndex> {
    const known = indexes.get(reportId) ?? store.paths(reportId).then(indexReport);
    indexes.delete(reportId);
    indexes.set(reportId, known);
    known.catch(() => indexes.delete(reportId));
    for (const oldest of [...indexes.keys()].slice(0, -KEPT_INDEXES)) indexes.delete(oldest);
    return known;
  }

  /** Reports of the event's release or commit, and the commit that it is certainly of. */
  async function applyingTo({ projectId, release = null, commit }: FrameQuery) {
    const recorded = release ? (await releases.byVersion(projectId, release))?.commitSha : null;
    const inName = release ? commitInRelease(release) : null;
    const certain = [commit, recorded, inName && isSurelyCommit(inName) ? inName : null].filter((sha) => sha != null);
    const known = inName ? [...certain, inName] : certain;
    const ofRelease = await store.find(projectId, { release, commitStarts: known.map(startOf) });
    // A report that names both says which commit the release is, when nothing better does.
    const paired = certain.length > 0 ? [] : ofRelease.filter((report) => report.release === release);
    const told = paired.flatMap(({ commitSha }) => commitSha ?? []);
    const found =
      told.length > 0
        ? await store.find(projectId, { release, commitStarts: [...known, ...told].map(startOf) })
        : ofRelease;
    const commits = { certain, all: [...known, ...told] };
    return { found, applying: found.filter((report) => applies(report, release, commits)), commit: certain[0] ?? null };
  }

  async function whyNoneApplies(query: FrameQuery, commit: string | null, found: CoverageReport[]) {
    const { projectId, release = null } = query;
    const newest = await store.newest(projectId);
    if (!newest) return missing('no_report', 'This project has no coverage report.', { status: 404 });
    const compared = found.find(({ commitSha }) => commitSha) ?? (await store.newest(projectId, { withCommit: true }));
    if (commit && compared?.commitSha) return commitDiffers(commit, compared.commitSha, compared.release);
    return noReportForRelease(release, newest);
  }

  /**
   * Line coverage of the file that a frame means, from all reports of the event's release or commit. A report of another
   * commit is never used; several that apply are merged.
   */
  async function forFrame(query: FrameQuery): Promise<FrameCoverage> {
    const { found, applying, commit } = await applyingTo(query);
    const [newest] = applying;
    if (!newest) return whyNoneApplies(query, commit, found);

    const matched: { report: CoverageReport; path: string }[] = [];
    const unmatched: FileMatch[] = [];
    for (const report of applying) {
      const match = matchFile(await indexOf(report.id), query);
      if (match.kind === 'one') matched.push({ report, path: match.path });
      else unmatched.push(match);
    }
    const [first] = matched;
    if (!first) return whyNoFile(query, unmatched, newest);

    const lists = await Promise.all(matched.map(({ report, path }) => store.lines(report.id, path)));
    const lines = mergeLines(lists.filter((list) => list !== null));
    return {
      status: 200,
      lineCoverage: lines.map(([line, code]) => [line, code]),
      path: first.path,
      commit: first.report.commitSha,
      release: first.report.release,
    };
  }

  return {
    forFrame,

    /**
     * Reads a report and stores it for a release, a commit or both.
     *
     * @throws {BadRequestError} neither release nor commit, a commit that is none, or a malformed report
     */
    add: async (report: {
      projectId: number;
      bytes: Uint8Array;
      name: string;
      release?: string | null;
      commit?: string | null;
    }): Promise<AddedReport> => {
      const release = report.release?.trim() || null;
      const commitSha = report.commit?.trim() ? parseCommit(report.commit) : null;
      if (!release && !commitSha) {
        throw new BadRequestError('Say what the report is of: a release, a commit, or both.');
      }
      if (release && release.length > 250) throw new BadRequestError('A release has 250 characters at most.');
      const { format, files, lineCount } = await readReport(report.bytes, report.name);
      const name = report.name.slice(0, 250);
      const added = await store.add({ projectId: report.projectId, release, commitSha, format, name, files });
      return { ...added, files: files.length, lines: lineCount };
    },

    /** Newest first. */
    list: async (projectId: number): Promise<StoredReport[]> => {
      const [reports, counts] = await Promise.all([store.list(projectId), store.fileCounts(projectId)]);
      return reports.map((report) => ({ ...report, files: counts.get(report.id) ?? 0 }));
    },

    /** Is false when the project has no such report. */
    remove: (projectId: number, id: number) => store.delete(projectId, id),
  };
}

type Commits = { certain: string[]; all: string[] };

function applies(report: CoverageReport, release: string | null, { certain, all }: Commits): boolean {
  const { commitSha } = report;
  if (commitSha && all.some((commit) => isSameCommit(commit, commitSha))) return true;
  if (!release || report.release !== release) return false;
  // Same release, another commit: a release that was built again. Its lines may have moved.
  return !(commitSha && certain.length > 0);
}

function missing(reason: CoverageReason, detail: string, more: Partial<FrameCoverage> = {}): FrameCoverage {
  return { status: 400, reason, detail, ...more };
}

function commitDiffers(commit: string, reported: string, release: string | null): FrameCoverage {
  const detail =
    `The event is of commit ${short(commit)}, the coverage report of ${short(reported)}. ` +
    'Lines may have moved in between, so it is not shown.';
  return missing('commit_differs', detail, { commit: reported, release });
}

function noReportForRelease(release: string | null, newest: CoverageReport): FrameCoverage {
  const detail = release
    ? `No coverage report was uploaded for release ${release}.`
    : 'The event names no release, so no coverage report can be chosen for it.';
  return missing('no_report_for_release', detail, { commit: newest.commitSha, release: newest.release });
}

function whyNoFile(frame: FrameFile, matches: FileMatch[], report: CoverageReport): FrameCoverage {
  const file = frame.filename ?? frame.absPath;
  const shown = { commit: report.commitSha, release: report.release };
  const several = matches.find((match) => match.kind === 'several');
  if (several) {
    const { paths } = several;
    const detail = `${paths.length} files of the coverage report end in ${file}; which one ran cannot be told.`;
    return missing('two_files_match', detail, { ...shown, candidates: paths.slice(0, 100) });
  }
  if (!file) return missing('no_file_matches', 'The frame names no file.', { ...shown, candidates: [] });
  const nearest = matches.flatMap((match) => (match.kind === 'none' ? match.nearest : []));
  const detail = `No file of the coverage report ends in ${file}.`;
  return missing('no_file_matches', detail, { ...shown, candidates: [...new Set(nearest)].slice(0, 3) });
}

const short = (commit: string) => commit.slice(0, 12);
const startOf = (commit: string) => commit.slice(0, 7).toLowerCase();

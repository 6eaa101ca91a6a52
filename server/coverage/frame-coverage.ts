import { isSameCommit } from '../source/commit.ts';
import { type FrameFile, isAbsolute } from '../source/paths.ts';
import type { Source } from '../source/source.ts';
import type { CodeMappingRow } from '../storage/code-mappings.ts';
import type { CoverageLine, CoverageReport, CoverageStore } from '../storage/coverage.ts';
import {
  type FileMatch,
  joinMatches,
  matchFile,
  matchRepositoryFile,
  neighboursOf,
  type ReportIndex,
} from './match.ts';
import {
  type About,
  type Comparison,
  commitDiffers,
  type FrameCoverage,
  fileWithoutLines,
  lineNotInReport,
  noFile,
  noReport,
  noReportForRelease,
  severalCommits,
} from './reasons.ts';
import { mergeLines } from './report.ts';
import type { createSelection, EventVersion, Selection } from './selection.ts';

/** What coverage asks of checkouts. */
export type CoverageSource = Pick<Source, 'fileOf' | 'blobAt'>;
export type PassDeps = {
  store: CoverageStore;
  selection: ReturnType<typeof createSelection>;
  indexOf: (report: CoverageReport) => Promise<ReportIndex>;
  source: CoverageSource;
  slugOf: (projectId: number) => Promise<string>;
};

/** Where the code mappings lead for a frame. */
type Place = { mapping: CodeMappingRow; path: string; isTracked: boolean; commit: string | null };
/** The lines of one file, of all reports that have it. */
type FileLines = {
  /** `[line number, CoverageCode]`. */
  lineCoverage: [number, number][];
  /** `[line number, how often it ran]`; null where no report counts. */
  lineHits: [number, number][] | null;
  codes: ReadonlyMap<number, CoverageLine>;
  path: string;
  report: CoverageReport;
  sameContentAs: string | null;
  eventCommit: string | null;
};
export type FileCoverage = { file: FileLines; reason: null } | { file: null; reason: FrameCoverage };

/**
 * Looks up the frames of one event. What several frames ask alike is asked once: which reports there are, what is in
 * their files, where the checkout has them.
 */
export function createPass(deps: PassDeps, event: EventVersion) {
  const { store, selection, indexOf, source } = deps;
  const { projectId, release = null } = event;
  let namesakesLeft = MAX_NAMESAKES;
  const slug = once(() => deps.slugOf(projectId));
  const newestReport = once(() => store.newest(projectId));
  const others = once(() => selection.otherReports(projectId));
  const selectionOf = memo((commit: string) =>
    selection.reportsOf({ projectId, release, commit: commit || event.commit }),
  );

  async function placeOf(frame: FrameFile): Promise<Place | null> {
    const found = await source.fileOf({ projectId, release, commit: event.commit, ...frame });
    const { mapping, path, commit = null } = found;
    if (!mapping || !path) return null;
    return { mapping, path, isTracked: TRACKED.has(found.reason), commit };
  }

  async function matchIn(report: CoverageReport, frame: FrameFile, place: Place | null): Promise<FileMatch> {
    const index = await indexOf(report);
    if (!place) return matchFile(index, frame);
    const match = matchRepositoryFile(index, place.path, frame);
    // Where git has no such file, the mapping may be wrong, or the program wrote the file.
    if (!place.isTracked) return match.kind === 'none' ? matchFile(index, frame) : match;
    if (match.kind !== 'one' || (await isPlausible(index, match.path, place))) return match;
    return { kind: 'none', nearest: [match.path] };
  }

  /**
   * A report of one package has paths that begin there, as has that of the next: `src/index.ts`. Is the one that ends as
   * the file does the file itself? Not where git has another file of that path, nor where it has none of those beside it
   * that the report has beside it.
   */
  async function isPlausible(
    index: ReportIndex,
    path: string,
    { mapping, path: wanted, commit }: Place,
  ): Promise<boolean> {
    if (path === wanted || isAbsolute(path) || commit === null) return true;
    const isTracked = async (file: string) => (await source.blobAt(mapping, commit, file)) !== null;
    if (await isTracked(path)) return false;
    if (!wanted.endsWith(`/${path}`)) return true;
    const folder = wanted.slice(0, -path.length);
    const beside = neighboursOf(index, path, MAX_NEIGHBOURS).map((file) => isTracked(folder + file));
    return beside.length === 0 || (await Promise.all(beside)).includes(true);
  }

  /** The file in each of the reports of one commit; null when none has it with lines. */
  async function readFrom(reports: readonly CoverageReport[], frame: FrameFile, place: Place | null) {
    const matched: { report: CoverageReport; path: string }[] = [];
    const unmatched: FileMatch[] = [];
    for (const report of reports) {
      const match = await matchIn(report, frame, place);
      if (match.kind === 'one') matched.push({ report, path: match.path });
      else unmatched.push(match);
    }
    const paths = matched.map(({ path }) => path);
    const { joined, ...match } = joinMatches(paths, frame, place?.isTracked ? place.path : null);
    if (match.kind === 'several') return { found: [], unmatched: [match] };
    const same = matched.filter(({ path }) => joined.has(path));
    const found = await Promise.all(
      same.map(async (each) => ({ ...each, lines: (await store.lines(each.report.id, each.path)) ?? [] })),
    );
    return { found, unmatched };
  }
  type Read = Awaited<ReturnType<typeof readFrom>>;

  function fileOf({ found }: Read, commits: Pick<FileLines, 'sameContentAs' | 'eventCommit'>): FileCoverage | null {
    const withLines = found.filter(({ lines }) => lines.length > 0);
    const [first] = withLines;
    if (!first) return null;
    const lines = mergeLines(withLines.map((read) => read.lines));
    const codes = new Map(lines.map((line) => [line[0], line]));
    const countsHits = withLines.some(({ report }) => report.countsHits !== 0);
    const lineCoverage = lines.map(([line, code]): [number, number] => [line, code]);
    const lineHits = countsHits ? lines.map(([line, , hits]): [number, number] => [line, hits]) : null;
    const { path, report } = first;
    return { reason: null, file: { lineCoverage, lineHits, codes, path, report, ...commits } };
  }

  /** From reports of another commit at which the file's content is the same. */
  async function sameContent(frame: FrameFile, place: Place, commit: string) {
    let differing: { commit: string; release: string | null; comparison: Comparison } | null = null;
    const blob = await source.blobAt(place.mapping, commit, place.path);
    for (const { commit: other, reports } of await others()) {
      if (isSameCommit(other, commit)) continue;
      const otherBlob = blob && (await source.blobAt(place.mapping, other, place.path));
      const comparison: Comparison = blob && otherBlob ? 'changed' : 'not_in_checkout';
      if (!blob || otherBlob !== blob) {
        differing ??= { commit: other, release: reports[0]?.release ?? null, comparison };
        continue;
      }
      const file = fileOf(await readFrom(reports, frame, place), { sameContentAs: commit, eventCommit: commit });
      if (file) return { file, differing: null };
    }
    return { file: null, differing };
  }

  /** All commits that the release may be of have the same content: which it is does not matter. */
  async function inAllOf({ found, several }: Selection, frame: FrameFile, place: Place): Promise<FileCoverage | null> {
    const blobs = await Promise.all(several.map((commit) => source.blobAt(place.mapping, commit, place.path)));
    const [first] = blobs;
    if (!first || blobs.some((blob) => blob !== first)) return null;
    const reports = found.filter((report) => report.release === release);
    return fileOf(await readFrom(reports, frame, place), { sameContentAs: null, eventCommit: null });
  }

  async function coverageOfFile(frame: FrameFile): Promise<FileCoverage> {
    if (!(await newestReport())) {
      return { file: null, reason: noReport({ slug: await slug(), release, commit: event.commit ?? null }) };
    }
    const place = await placeOf(frame);
    const selected = await selectionOf(place?.commit ?? '');
    const { applying, several } = selected;
    const commit = selected.commit ?? place?.commit ?? null;
    const read = await readFrom(applying, frame, place);
    const file = fileOf(read, { sameContentAs: null, eventCommit: commit });
    if (file) return file;
    const other = place && commit ? await sameContent(frame, place, commit) : null;
    if (other?.file) return other.file;
    const about: About = { slug: await slug(), release, commit };
    const [newest] = applying;
    if (newest) return { file: null, reason: whyNoLines(about, frame, place, read, newest) };
    if (several.length > 0) {
      const same = place && (await inAllOf(selected, frame, place));
      return same ?? { file: null, reason: severalCommits(about, several) };
    }
    return { file: null, reason: await whyNoneApplies(about, selected, place, other?.differing ?? null) };
  }

  function whyNoLines(about: About, frame: FrameFile, place: Place | null, read: Read, newest: CoverageReport) {
    const [empty] = read.found;
    if (empty) return fileWithoutLines(about, empty.path, empty.report);
    // Names are compared with all of a report: for a stack of which nothing matches, a few such lists say enough.
    namesakesLeft -= 1;
    const matches = namesakesLeft < 0 ? read.unmatched.filter(({ kind }) => kind === 'several') : read.unmatched;
    return noFile(about, frame, place?.isTracked ? place.path : null, matches, newest);
  }

  async function whyNoneApplies(
    about: About,
    { found }: Selection,
    place: Place | null,
    differing: { commit: string; release: string | null; comparison: Comparison } | null,
  ): Promise<FrameCoverage> {
    const newest = await newestReport();
    if (!newest) return noReport(about);
    const { commit } = about;
    if (!commit) return noReportForRelease(about, newest);
    const named = found.find(({ commitSha }) => commitSha);
    const [other] = await others();
    const compared =
      differing ??
      (named?.commitSha ? { commit: named.commitSha, release: named.release, comparison: null } : null) ??
      (other ? { commit: other.commit, release: other.reports[0]?.release ?? null, comparison: null } : null);
    if (!compared) return noReportForRelease(about, newest);
    const { comparison, ...report } = compared;
    return commitDiffers({ ...about, commit }, report, comparison ?? 'no_mapping', place?.path ?? null);
  }

  const files = new Map<string, Promise<FileCoverage>>();
  return {
    /** Where the code mappings lead; null: none fits. */
    placeOf,
    matchIn,

    /** Frames of one file are one file. */
    ofFile(frame: FrameFile): Promise<FileCoverage> {
      const key = fileKey(frame);
      const coverage = files.get(key) ?? coverageOfFile(frame);
      files.set(key, coverage);
      return coverage;
    },
  };
}
const TRACKED: ReadonlySet<string | null> = new Set([null, 'file_refused', 'not_a_source_file']);
const MAX_NAMESAKES = 20;
const MAX_NEIGHBOURS = 10;

/** The same for frames of the same file. */
export const fileKey = ({ filename, absPath, module, platform }: FrameFile): string =>
  JSON.stringify([filename, absPath, module, platform]);

/** The coverage of a file as stacktrace-link has it. @param line of the frame; null: not known */
export function toFrameCoverage(coverage: FileCoverage, line: number | null): FrameCoverage {
  if (!coverage.file) return coverage.reason;
  const { lineCoverage, lineHits, codes, path, report, sameContentAs, eventCommit } = coverage.file;
  return {
    status: 200,
    lineCoverage,
    lineHits,
    path,
    commit: report.commitSha,
    release: report.release,
    sameContentAs,
    eventCommit,
    ...(line !== null && line > 0 && !codes.has(line) && lineNotInReport(line, path)),
  };
}

function memo<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  const answer = memo(ask);
  return () => answer('');
}

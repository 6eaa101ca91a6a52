import type { CoverageMatches } from '../protocol/contract.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { commitInRelease, isSameCommit } from '../source/commit.ts';
import type { CoverageReport } from '../storage/coverage.ts';
import type { ReleaseStore } from '../storage/releases.ts';
import { eventFrames } from './event-coverage.ts';
import { fileKey } from './frame-coverage.ts';
import type { Coverage, FrameLine } from './line-coverage.ts';
import { type FileMatch, matchFile } from './match.ts';

export type MatchesDeps = {
  coverage: Pick<Coverage, 'passOf' | 'selection' | 'linesOf' | 'indexOf'>;
  releases: Pick<ReleaseStore, 'list'>;
  /** Newest first. */
  newestEvents: (projectId: number, releases: readonly string[], limit: number) => AsyncIterable<StoredEvent>;
};

const MAX_EVENTS = 200;
/** Of all of them: a recursion has thousands. */
const MAX_FRAMES = 20_000;
const MAX_RELEASES = 1000;
const MAX_UNMATCHED = 20;

/** What a report is good for: which in-app frames of the newest events of its release or commit it has. */
export async function matchesOf(
  deps: MatchesDeps,
  projectId: number,
  report: CoverageReport,
): Promise<CoverageMatches> {
  const versions = await releasesOf(deps, projectId, report);
  const tally = createTally(deps, projectId, report);
  let [events, left] = [0, MAX_FRAMES];
  for await (const event of versions.length > 0 ? deps.newestEvents(projectId, versions, MAX_EVENTS) : []) {
    events += 1;
    const frames = eventFrames(event).filter(hasPosition).slice(0, left);
    for (const frame of frames) await tally.add(event.release ?? null, frame);
    left -= frames.length;
  }
  return { events, ...tally.counts, unmatched: await tally.unmatched() };
}

const hasPosition = ({ filename, absPath, lineNo }: FrameLine) => Boolean(filename || absPath) && (lineNo ?? 0) > 0;

/** Releases whose events the report applies to. */
async function releasesOf({ coverage, releases }: MatchesDeps, projectId: number, report: CoverageReport) {
  const { commitSha } = report;
  const isAlike = (version: string, recorded: string | null) => {
    const commit = recorded ?? commitInRelease(version);
    return version === report.release || (commitSha !== null && commit !== null && isSameCommit(commit, commitSha));
  };
  const known = (await releases.list(projectId, MAX_RELEASES)).filter((each) => isAlike(each.version, each.commitSha));
  const versions = new Set([...(report.release ? [report.release] : []), ...known.map(({ version }) => version)]);
  const applying: string[] = [];
  for (const release of versions) {
    const selected = await coverage.selection.reportsOf({ projectId, release });
    if (selected.applying.some(({ id }) => id === report.id)) applying.push(release);
  }
  return applying;
}

type File = {
  frame: FrameLine;
  release: string | null;
  path: string | null;
  frames: number;
  lines: ReadonlySet<number>;
};

/** Counts frames, looking up each file once. */
function createTally({ coverage }: MatchesDeps, projectId: number, report: CoverageReport) {
  const files = new Map<string, Promise<File>>();
  const counts = { frames: 0, matchedFrames: 0, coveredFrames: 0 };

  async function look(release: string | null, frame: FrameLine): Promise<File> {
    const pass = coverage.passOf({ projectId, release });
    const match = await pass.matchIn(report, frame, await pass.placeOf(frame));
    const path = match.kind === 'one' ? match.path : null;
    const lines = path === null ? [] : ((await coverage.linesOf(report.id, path)) ?? []);
    return { frame, release, path, frames: 0, lines: new Set(lines.map(([line]) => line)) };
  }

  return {
    counts,

    async add(release: string | null, frame: FrameLine): Promise<void> {
      const key = `${release} ${fileKey(frame)}`;
      const looked = files.get(key) ?? look(release, frame);
      files.set(key, looked);
      const file = await looked;
      file.frames += 1;
      counts.frames += 1;
      if (file.path !== null) counts.matchedFrames += 1;
      if (file.lines.has(frame.lineNo ?? 0)) counts.coveredFrames += 1;
    },

    async unmatched(): Promise<CoverageMatches['unmatched']> {
      const all = await Promise.all(files.values());
      const missing = Map.groupBy(
        all.filter(({ path }) => path === null),
        ({ frame }) => frame.filename || frame.absPath || '',
      );
      const frequent = [...missing]
        .map(([path, of]) => ({
          path,
          frames: of.reduce((sum, { frames }) => sum + frames, 0),
          frame: of[0]?.frame ?? {},
        }))
        .sort((a, b) => b.frames - a.frames)
        .slice(0, MAX_UNMATCHED);
      const index = await coverage.indexOf(report);
      return frequent.map(({ frame, ...file }) => ({
        ...file,
        nearest: nearestOf(matchFile(index, frame)),
      }));
    },
  };
}

function nearestOf(match: FileMatch): string[] {
  if (match.kind === 'one') return [match.path];
  return match.kind === 'none' ? match.nearest : match.paths.slice(0, 3);
}

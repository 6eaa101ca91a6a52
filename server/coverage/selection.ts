import { commitInRelease, isSameCommit, isSurelyCommit } from '../source/commit.ts';
import type { CoverageReport, CoverageStore } from '../storage/coverage.ts';
import type { ReleaseStore } from '../storage/releases.ts';

/** What tells which reports are an event's. */
export type EventVersion = {
  projectId: number;
  /** As the SDK names it. */
  release?: string | null;
  /**
   * Commit of the event as the caller knows it; what the release record or its name say comes after. What is no hex is
   * left alone.
   */
  commit?: string | null;
};
export type Selection = {
  /** Of the event's commit, or of its release where nothing speaks against it; newest first. */
  applying: CoverageReport[];
  /** Of the release or something like its commit, applying or not; newest first. */
  found: CoverageReport[];
  /** The event's commit; null: not known. */
  commit: string | null;
  /** The commits of the release's reports, where they are several and which one the event is of is not known. */
  several: string[];
};

/** Other commits whose reports a file that did not change since may be taken from: the newest so many. */
const OTHER_COMMITS = 5;

export function createSelection({ store, releases }: SelectionDeps) {
  const recordedCommit = async (projectId: number, release: string) =>
    (await releases.byVersion(projectId, release))?.commitSha ?? null;

  /** What a release is certainly of, and what a number at its end may be. */
  async function commitsOf({ projectId, release, commit: asked }: EventVersion) {
    const commit = asked && HEX.test(asked) ? asked.toLowerCase() : null;
    const recorded = commit || !release ? null : await recordedCommit(projectId, release);
    const inName = release ? commitInRelease(release) : null;
    const certain = commit || recorded || (inName && isSurelyCommit(inName) ? inName : null);
    return { certain, possible: certain ?? inName };
  }

  /** Which reports are of an event's release or commit. A report of another commit never is. */
  async function reportsOf(event: EventVersion): Promise<Selection> {
    const { projectId, release = null } = event;
    const { certain, possible } = await commitsOf(event);
    const find = (commits: string[]) => store.find(projectId, { release, commitStarts: commits.map(startOf) });
    const found = await find(possible ? [possible] : []);
    if (certain) {
      return {
        applying: found.filter((report) => isOf(report, release, certain)),
        found,
        commit: certain,
        several: [],
      };
    }
    // A report that names both says which commit the release is, when nothing better does.
    const told = distinctCommits(found.filter((report) => release !== null && report.release === release));
    const meant = told.filter((commit) => possible && isSameCommit(commit, possible));
    const [only, second] = meant.length > 0 ? meant : told;
    if (second !== undefined) return { applying: [], found, commit: null, several: told };
    const commit = only ?? found.find(({ commitSha }) => isOneOf(commitSha, possible))?.commitSha ?? null;
    if (!commit) return { applying: found, found, commit, several: [] };
    const all = await find([commit]);
    return { applying: all.filter((report) => isOf(report, release, commit)), found: all, commit, several: [] };
  }

  /** Reports of the newest commits that have any, by commit; a report that names a release alone is of that one's commit. */
  async function otherReports(projectId: number): Promise<{ commit: string; reports: CoverageReport[] }[]> {
    const commits: { commit: string; reports: CoverageReport[] }[] = [];
    const ofRelease = new Map<string, string | null>();
    for (const report of await store.list(projectId)) {
      const { release } = report;
      if (release && !report.commitSha && !ofRelease.has(release)) {
        ofRelease.set(release, (await commitsOf({ projectId, release })).certain);
      }
      const commit = report.commitSha ?? (release && ofRelease.get(release)) ?? null;
      if (!commit) continue;
      const known = commits.find((other) => isSameCommit(other.commit, commit));
      if (known) known.reports.push(report);
      else if (commits.length < OTHER_COMMITS) commits.push({ commit, reports: [report] });
    }
    return commits;
  }

  return { reportsOf, otherReports, commitsOf };
}
type SelectionDeps = { store: CoverageStore; releases: Pick<ReleaseStore, 'byVersion'> };

const HEX = /^[0-9a-f]{7,64}$/i;

/** Of the commit; or of the release without naming another commit, as a release that was built again does. */
function isOf({ commitSha, release: named }: CoverageReport, release: string | null, commit: string): boolean {
  return commitSha ? isSameCommit(commitSha, commit) : release !== null && named === release;
}

const isOneOf = (commitSha: string | null, commit: string | null) =>
  commitSha !== null && commit !== null && isSameCommit(commitSha, commit);

function distinctCommits(reports: readonly CoverageReport[]): string[] {
  const commits: string[] = [];
  for (const { commitSha } of reports) {
    if (commitSha && !commits.some((commit) => isSameCommit(commit, commitSha))) commits.push(commitSha);
  }
  return commits;
}

const startOf = (commit: string) => commit.slice(0, 7).toLowerCase();

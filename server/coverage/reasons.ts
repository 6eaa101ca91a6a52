import type { CoverageReason, StacktraceLink } from '../protocol/contract.ts';
import type { FrameFile } from '../source/paths.ts';
import type { CoverageReport } from '../storage/coverage.ts';
import type { FileMatch } from './match.ts';

export type FrameCoverage = NonNullable<StacktraceLink['codecov']>;

/** What the next step needs: where to upload to, and what the event is of. */
export type About = { slug: string; release: string | null; commit: string | null };

const missing = (reason: CoverageReason, detail: string, more: Partial<FrameCoverage> = {}): FrameCoverage => ({
  status: 400,
  reason,
  detail,
  ...more,
});

export function noReport(about: About): FrameCoverage {
  const detail = `No coverage report was uploaded for this project. Upload one: ${uploadCommand(about)}.`;
  return missing('no_report', detail, { status: 404 });
}

export function noReportForRelease(about: About, newest: CoverageReport): FrameCoverage {
  const { release, commit } = about;
  const compared = { commit: newest.commitSha, release: newest.release, eventCommit: commit };
  if (!release && !commit) {
    const detail =
      'The event names no release, so no coverage report can be chosen for it. Set the release in the options of the ' +
      `SDK, and upload reports for the same one: ${uploadCommand(about)}.`;
    return missing('no_release', detail, compared);
  }
  const of = release ? `release ${shown(release)}` : `commit ${short(commit ?? '')}`;
  const newestOf = newest.release ? `release ${shown(newest.release)}` : `commit ${short(newest.commitSha ?? '')}`;
  const detail =
    `No coverage report was uploaded for ${of}; the newest is of ${newestOf}. Upload one: ${uploadCommand(about)}. ` +
    'Reports older than `coverage.max-age` are deleted.';
  return missing('no_report_for_release', detail, compared);
}

export function severalCommits(about: About, commits: readonly string[]): FrameCoverage {
  const listed = commits.slice(0, 3).map(short).join(', ');
  const detail =
    `The coverage reports of release ${shown(about.release ?? '')} are of several commits (${listed}` +
    `${commits.length > 3 ? ', …' : ''}), and which of them the event is of is not known. Give each build a release of ` +
    'its own, or one that ends in its commit: shop@1.4.0+<commit>.';
  return missing('several_commits', detail, { commit: commits[0], release: about.release });
}

/** How the file at the event's commit compares to that at the report's. */
export type Comparison = 'changed' | 'no_mapping' | 'not_in_checkout';

export function commitDiffers(
  about: About & { commit: string },
  report: { commit: string; release: string | null },
  comparison: Comparison,
  path: string | null,
): FrameCoverage {
  const detail =
    `The event is of commit ${short(about.commit)}, the coverage report of ${short(report.commit)}. ` +
    `${compare(comparison, path)} Upload the report of the event's commit: ${uploadCommand({ ...about, release: null })}.`;
  return missing('commit_differs', detail, { ...report, eventCommit: about.commit });
}

function compare(comparison: Comparison, path: string | null): string {
  if (comparison === 'changed') return `${path ?? 'The file'} is another at each of them, so it is not shown.`;
  if (comparison === 'no_mapping') {
    return (
      'Lines may have moved in between, so it is not shown. With a code mapping to a checkout, it is for files that are ' +
      'the same at both.'
    );
  }
  return (
    `Whether ${path ?? 'the file'} changed in between cannot be seen: the checkout lacks one of the commits, or the file ` +
    'at one of them (`git fetch` there). So it is not shown.'
  );
}

/** @param mapped where the code mapping leads, if it leads to a file that git tracks */
export function noFile(
  about: About,
  frame: FrameFile,
  mapped: string | null,
  matches: readonly FileMatch[],
  report: CoverageReport,
): FrameCoverage {
  const file = frame.filename || frame.absPath;
  const used = { commit: report.commitSha, release: report.release, eventCommit: about.commit };
  const several = matches.find((match) => match.kind === 'several');
  if (several) {
    const { paths } = several;
    const detail =
      `${paths.length} files of the coverage report end in ${shown(mapped ?? file ?? '')}; which one ran cannot be told. ` +
      `${mapped ? 'Upload' : 'A code mapping in the settings of the project tells it; or upload'} reports of one package with --root <its folder>.`;
    return missing('two_files_match', detail, { ...used, candidates: paths.slice(0, 100) });
  }
  if (!file) return missing('no_position', `The frame names no file. ${POSITION}`, { ...used, candidates: [] });
  const nearest = [
    ...new Set(matches.slice(0, 3).flatMap((match) => (match.kind === 'none' ? match.nearest : []))),
  ].slice(0, 3);
  const detail = mapped
    ? `The coverage report has no file ${shown(mapped)}, which is what the code mapping makes of ${shown(file)}.`
    : `No file of the coverage report ends in ${shown(file)}.`;
  return missing('no_file_matches', `${detail} ${nextForFile(about, file, mapped)}`, { ...used, candidates: nearest });
}

/** `main.min.js`, `index-4f2b8c1d.js`, `index-BQ3xZk9_.js`: what a bundler wrote. */
const BUILT_FILE = /(?:\.min|[-.](?:[0-9a-f]{8,40}|(?=[\w-]{0,7}\d)[\w-]{8}))\.[cm]?js$/i;

function nextForFile(about: About, file: string, mapped: string | null): string {
  if (!mapped && BUILT_FILE.test(file.slice(-200))) {
    return 'It looks like a file that a bundler wrote: upload its source maps, so that the frame names its source.';
  }
  const again = `Have the tests measure it, and upload their report: ${uploadCommand(about)}.`;
  return mapped
    ? again
    : `${again} If the report has it under another path, a code mapping in the settings leads there.`;
}

export function fileWithoutLines(about: About, path: string, report: CoverageReport): FrameCoverage {
  const detail =
    `The coverage report names ${shown(path)} and no line of it: its tool found nothing there that could run, or was told ` +
    `to leave it out. If so, change that, and upload the report again: ${uploadCommand(about)}.`;
  const used = { commit: report.commitSha, release: report.release, eventCommit: about.commit };
  return missing('file_without_lines', detail, { ...used, path });
}

export const lineNotInReport = (line: number, path: string) => ({
  reason: 'line_not_in_report' as const,
  detail:
    `The coverage report says nothing about line ${line} of ${shown(path)}: no statement begins there, or its tool was ` +
    'told to leave it out. Of a statement over several lines, the first has the mark.',
});

const POSITION = 'Where the code is minified, upload its source maps; else it is for the SDK to send it.';

export const noPosition = (what: 'file' | 'line'): FrameCoverage =>
  missing('no_position', `The frame names no ${what}, so no line of a coverage report can be looked up. ${POSITION}`);

/** What can stand in a command as it is: a stranger's release must not become a command of whoever copies it. */
const PLAIN = /^[\w@.+/:~][\w@.+/:~-]{0,199}$/;

function uploadCommand({ slug, release, commit }: About): string {
  const flags = [
    release && `--release ${PLAIN.test(release) ? release : '<release>'}`,
    commit && `--commit ${PLAIN.test(commit) ? commit : '<commit>'}`,
  ].filter(Boolean);
  const of = flags.length > 0 ? flags.join(' ') : '--release <release>';
  return `\`stackmend coverage upload <report> --project ${slug} ${of}\``;
}

/** What is long is cut at its end, of paths at the beginning: there it tells least. */
const shown = (text: string) => (text.length > 200 ? `…${text.slice(-200)}` : text);
const short = (commit: string) => commit.slice(0, 12);

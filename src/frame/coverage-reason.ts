import type { CoverageReason, StacktraceLink } from '../../server/protocol/contract.ts';

/** Fallbacks: the server's own sentences know the names, and what to do. */
const words: Record<CoverageReason, string> = {
  no_report: 'No coverage report was uploaded for this project.',
  no_release: 'The event names no release, so no coverage report can be chosen for it.',
  no_report_for_release: 'There is a coverage report, but none for the release of this event.',
  several_commits: 'The coverage reports of this release are of several commits.',
  commit_differs: 'The coverage report is of another commit than this event.',
  no_file_matches: 'No file of the coverage report matches this frame.',
  two_files_match: 'Two files of the coverage report match this frame, so neither is used.',
  file_without_lines: 'The coverage report has this file without any line.',
  line_not_in_report: 'The coverage report says nothing about the line of this frame.',
  no_position: 'The frame names no file or no line.',
};

export type CoverageNote = { text: string; candidates: string[] };

/**
 * Words about a frame's coverage: why there is none though the project has a report, and of which other commit the report
 * is whose file is the same. Null where there is nothing to say.
 */
export function coverageNote(link: StacktraceLink | undefined): CoverageNote | null {
  const { status, reason, detail, candidates, commit, sameContentAs } = link?.codecov ?? {};
  const sentences: string[] = [];
  if (status === 200 && sameContentAs && commit) {
    sentences.push(`Coverage of commit ${short(commit)}, where this file is the same as at ${short(sameContentAs)}.`);
  }
  // A project without any report is not told so at every frame.
  if (reason && reason !== 'no_report') sentences.push(detail || words[reason]);
  return sentences.length > 0 ? { text: sentences.join(' '), candidates: candidates ?? [] } : null;
}

const short = (commit: string) => commit.slice(0, 7);

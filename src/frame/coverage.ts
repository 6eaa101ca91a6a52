import {
  Coverage,
  type CoverageCode,
  type CoverageReason,
  type StacktraceLink,
} from '../../server/protocol/contract.ts';

export type CoverageLook = 'covered' | 'uncovered' | 'partial';
export type LineCoverage = readonly (readonly [number, number])[];

const looks = new Map<number, CoverageLook>([
  [Coverage.covered, 'covered'],
  [Coverage.notCovered, 'uncovered'],
  [Coverage.partial, 'partial'],
]);

export const coverageWords: Record<CoverageLook, string> = {
  covered: 'Line covered by tests',
  uncovered: 'Line uncovered by tests',
  partial: 'Line partially covered by tests',
};

export function coverageLook(code: CoverageCode | undefined): CoverageLook | null {
  return code === undefined ? null : (looks.get(code) ?? null);
}

/**
 * Coverage of the shown lines: one code a line, undefined where the report says nothing, and whether any line has one
 * worth a colour.
 */
export function getLineCoverage(
  lines: readonly (readonly [number, string | null])[],
  lineCoverage: LineCoverage,
): [(CoverageCode | undefined)[], boolean] {
  const codes = new Map(lineCoverage);
  const coverage = lines.map(([line]) => Object.values(Coverage).find((code) => code === codes.get(line)));
  return [coverage, coverage.some((code) => coverageLook(code) !== null)];
}

/** The report's lines, where it speaks of this frame: status 200, and the frame knows its line. */
export function coverageOf(link: StacktraceLink | undefined, lineNo: number | null | undefined): LineCoverage | null {
  const { status, lineCoverage } = link?.codecov ?? {};
  return status === 200 && lineCoverage && lineNo ? lineCoverage : null;
}

const reasonWords: Record<CoverageReason, string> = {
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

/** Why the frame has no coverage though the project has a report; null where there is nothing to say. */
export function coverageReason(link: StacktraceLink | undefined): { text: string; candidates: string[] } | null {
  const codecov = link?.codecov;
  // A project without any report is not told so at every frame.
  if (!codecov?.reason || codecov.reason === 'no_report') return null;
  return { text: codecov.detail || reasonWords[codecov.reason], candidates: codecov.candidates ?? [] };
}

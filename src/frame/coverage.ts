import { Coverage, type CoverageCode, type StacktraceLink } from '../../server/protocol/contract.ts';
import { formatExact } from '../components/numbers.ts';

export type CoverageLook = 'covered' | 'uncovered' | 'partial';
/** `[line number, CoverageCode]`. */
export type LineCoverage = readonly (readonly [number, number])[];
/** `[line number, how often it ran]`. */
export type LineHits = LineCoverage;

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

/** What the mark beside a line says: "Line covered by tests, ran 12 times". @param hits undefined where nobody counted */
export function coverageSentence(look: CoverageLook, hits: number | undefined): string {
  // That an uncovered line never ran, its name says.
  if (!hits) return coverageWords[look];
  return `${coverageWords[look]}, ran ${formatExact(hits)} time${hits === 1 ? '' : 's'}`;
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

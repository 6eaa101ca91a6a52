import { Coverage, type CoverageCode } from '../protocol/contract.ts';
import { BadRequestError, TooLargeError } from '../protocol/errors.ts';
import type { CoverageLine } from '../storage/coverage.ts';

export type CoverageFormat = 'lcov' | 'cobertura' | 'jacoco' | 'istanbul' | 'coverage.py' | 'go';
export type ParsedCoverage = {
  format: CoverageFormat;
  /** Do the hits say how often a line ran? In a report without any above 1 they say whether it did. */
  countsHits: boolean;
  /** Paths with forward slashes, each once; lines by number. A file without a line that could run has none. */
  files: { path: string; lines: CoverageLine[] }[];
};

/** A report is written by a stranger: these bound the memory that it can take. Real ones are far below. */
export const LIMITS = { files: 50_000, lines: 4_000_000, lineNumber: 10_000_000, pathLength: 4096 };

/** What is wrong with a report, where, and what should stand there. */
export class MalformedReportError extends BadRequestError {}

export function malformed(name: string, line: number | null, problem: string, cause?: unknown): MalformedReportError {
  return new MalformedReportError(`${name}${line === null ? '' : `, line ${line}`}: ${problem}`, { cause });
}

/**
 * Two statements about one line. Hits add. Covered wins, as a line that one run covers is covered; partial beats
 * uncovered. Two partials stay partial: they may have taken different branches, which the codes cannot tell.
 */
function mergeStates(a: State, b: State): State {
  return { code: RANK[a.code] >= RANK[b.code] ? a.code : b.code, hits: addHits(a.hits, b.hits) };
}
type State = { code: CoverageCode; hits: number };
const RANK: Record<CoverageCode, number> = {
  [Coverage.notApplicable]: 0,
  [Coverage.notCovered]: 1,
  [Coverage.partial]: 2,
  [Coverage.covered]: 3,
};

/** Counters are 64 bits in most tools: what is beyond a safe integer stays at its end. */
export const addHits = (a: number, b: number) => Math.min(a + b, Number.MAX_SAFE_INTEGER);

/** Lines of the same file in several reports of one commit. */
export function mergeLines(lists: readonly CoverageLine[][]): CoverageLine[] {
  const merged = new Map<number, State>();
  for (const [line, code, hits] of lists.flat()) addState(merged, line, { code, hits });
  return toLines(merged);
}

function addState(lines: Map<number, State>, line: number, state: State): void {
  const known = lines.get(line);
  lines.set(line, known ? mergeStates(known, state) : state);
}

const toLines = (lines: Map<number, State>): CoverageLine[] =>
  Array.from(lines, ([line, { code, hits }]): CoverageLine => [line, code, hits]).sort(([a], [b]) => a - b);

export type ReportBuilder = {
  /** Starts a file or goes on with it: a report may speak of one file several times. */
  file: (path: string) => FileBuilder;
  finish: () => ParsedCoverage;
};
type FileBuilder = {
  /** Line 0, where some tools put generated code, is left out. */
  add: (line: number, code: CoverageCode, hits: number) => void;
};

/**
 * @param options `countsHits: false`: the tool counts nothing, whatever its hits are
 * @throws {TooLargeError} from its methods, when a limit is passed
 */
export function createReportBuilder(
  name: string,
  format: CoverageFormat,
  options: { countsHits?: boolean } = {},
): ReportBuilder {
  const files = new Map<string, Map<number, State>>();
  let lineCount = 0;
  let mostHits = 0;
  return {
    file: (rawPath) => {
      const path = normalizeReportPath(rawPath);
      if (path.length > LIMITS.pathLength) throw malformed(name, null, 'a path is longer than 4,096 characters');
      const lines = files.get(path) ?? new Map<number, State>();
      files.set(path, lines);
      if (files.size > LIMITS.files) {
        throw new TooLargeError(
          `${name} names more than ${LIMITS.files.toLocaleString('en')} files: split the report.`,
        );
      }
      return {
        add: (line, code, hits) => {
          if (line === 0) return;
          if (line > LIMITS.lineNumber) throw malformed(name, null, `${path} has no line ${line}`);
          if (!lines.has(line)) lineCount += 1;
          if (lineCount > LIMITS.lines) {
            const limit = LIMITS.lines.toLocaleString('en');
            throw new TooLargeError(`${name} has more than ${limit} lines: split the report.`);
          }
          if (hits > mostHits) mostHits = hits;
          addState(lines, line, { code, hits });
        },
      };
    },
    finish: () => ({
      format,
      countsHits: options.countsHits !== false && mostHits > 1,
      files: [...files].map(([path, lines]) => {
        const inOrder = toLines(lines);
        // A large report is not held twice.
        lines.clear();
        return { path, lines: inOrder };
      }),
    }),
  };
}

/** Forward slashes, no `./` and no empty segment; what is absolute stays so. */
export function normalizeReportPath(path: string): string {
  const forward = path.trim().replaceAll('\\', '/');
  const segments = forward.split('/').filter((segment) => segment !== '' && segment !== '.');
  return (forward.startsWith('/') ? '/' : '') + segments.join('/');
}

/** A decimal count such as a line number or hits; null when the text is none. */
export function parseCount(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,30}$/.test(text)) return null;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** `[line number, code]`; the codes are those of `Coverage` in the contract. */
export type LineCoverage = readonly (readonly [line: number, code: number])[];

/** Lines as a test run saw them: `{"not_covered": "41, 44-46"}`. */
export type CoveredLines = { covered?: string; not_covered?: string; partly_covered?: string };

/** Coverage of some lines of a file; nothing where no report has them. */
export function coveredLines(coverage: LineCoverage, first: number, last: number): CoveredLines | undefined {
  const rangesOf = (code: number) =>
    ranges(
      coverage.filter((entry) => entry[1] === code && entry[0] >= first && entry[0] <= last).map(([line]) => line),
    );
  const lines = { covered: rangesOf(0), not_covered: rangesOf(1), partly_covered: rangesOf(2) };
  const named = Object.entries(lines).filter(([, text]) => text !== '');
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

/** `[39, 40, 43]` is `39-40, 43`. */
function ranges(lines: number[]): string {
  const runs: [number, number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && line <= run[1] + 1) run[1] = line;
    else runs.push([line, line]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

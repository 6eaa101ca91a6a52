import { Coverage, type CoverageCode } from '../protocol/contract.ts';
import { addHits, createReportBuilder, malformed, type ParsedCoverage, parseCount } from './report.ts';

/** One file's counts, gathered over all of its records: `SF` repeats once per test name. */
type Counts = { hits: Map<number, number>; branches: Map<number, Map<string, boolean>> };

/**
 * LCOV tracefile. A line that ran is partial when one of its branches was taken in no record.
 *
 * @see https://manpages.debian.org/testing/lcov/geninfo.1.en.html (section FILES)
 * @throws {BadRequestError} a record that is not what the format says, or a report that was cut off
 */
export function parseLcov(text: string, name: string): ParsedCoverage {
  const files = new Map<string, Counts>();
  let open: { path: string; counts: Counts; line: number } | null = null;
  let number = 0;
  for (const raw of linesOf(text)) {
    number += 1;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'end_of_record') {
      open = null;
      continue;
    }
    const { key, value } = splitRecord(line, name, number);
    if (key === 'SF') {
      if (open) throw malformed(name, number, `the record of ${open.path} has no end_of_record before the next SF`);
      if (value === '') throw malformed(name, number, 'SF names no file; it should be SF:<path>');
      const counts = files.get(value) ?? { hits: new Map(), branches: new Map() };
      files.set(value, counts);
      open = { path: value, counts, line: number };
    } else if (key === 'DA' || key === 'BRDA') {
      if (!open) throw malformed(name, number, `${key} stands outside of a record; SF:<path> should come first`);
      if (key === 'DA') addLine(open.counts, value, name, number);
      else addBranch(open.counts, value, name, number);
    }
    // All else (functions, totals, checksums of versions, MC/DC) says nothing about lines.
  }
  if (open) throw malformed(name, open.line, `the report is cut off: the record of ${open.path} has no end_of_record`);
  return toReport(files, name);
}

/** Line by line, without a second copy of the report. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    yield end === -1 ? text.slice(start) : text.slice(start, end);
    if (end === -1) return;
    start = end + 1;
  }
}

function splitRecord(line: string, name: string, number: number): { key: string; value: string } {
  const colon = line.indexOf(':');
  const key = line.slice(0, colon);
  if (colon < 1 || !/^[A-Z][A-Z0-9]{0,9}$/.test(key)) {
    throw malformed(name, number, `${quote(line)} is no LCOV record; it should be one such as DA:<line>,<hits>`);
  }
  return { key, value: line.slice(colon + 1).trim() };
}

/** `<line>,<hits>[,<checksum>]` */
function addLine({ hits }: Counts, value: string, name: string, number: number): void {
  const [lineText, hitsText] = value.split(',');
  const line = parseCount(lineText);
  const count = parseCount(hitsText);
  if (line === null || count === null) {
    throw malformed(name, number, `${quote(`DA:${value}`)} should be DA:<line>,<hits>, both whole numbers`);
  }
  hits.set(line, addHits(hits.get(line) ?? 0, count));
}

/** `<line>,<block>,<branch>,<taken>`; the branch may be an expression with commas, `-` is a block that never ran. */
function addBranch({ branches }: Counts, value: string, name: string, number: number): void {
  const first = value.indexOf(',');
  const last = value.lastIndexOf(',');
  const line = parseCount(value.slice(0, Math.max(first, 0)));
  const taken = value.slice(last + 1);
  const count = taken === '-' ? 0 : parseCount(taken);
  if (line === null || count === null || first === last) {
    throw malformed(name, number, `${quote(`BRDA:${value}`)} should be BRDA:<line>,<block>,<branch>,<taken or ->`);
  }
  const known = branches.get(line) ?? new Map<string, boolean>();
  branches.set(line, known);
  const id = value.slice(first + 1, last);
  known.set(id, (known.get(id) ?? false) || count > 0);
}

function toReport(files: Map<string, Counts>, name: string): ParsedCoverage {
  const report = createReportBuilder(name, 'lcov');
  for (const [path, { hits, branches }] of files) {
    // A large report is not held twice.
    files.delete(path);
    const file = report.file(path);
    for (const [line, count] of hits) file.add(line, codeOf(count, branches.get(line)), count);
  }
  return report.finish();
}

function codeOf(hits: number, branches: Map<string, boolean> | undefined): CoverageCode {
  if (hits === 0) return Coverage.notCovered;
  const isMissed = branches !== undefined && [...branches.values()].includes(false);
  return isMissed ? Coverage.partial : Coverage.covered;
}

const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

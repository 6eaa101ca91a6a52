import * as z from 'zod';
import { Coverage } from '../protocol/contract.ts';
import { createReportBuilder, malformed, type ParsedCoverage } from './report.ts';

const lines = z.array(z.number().int().nonnegative());
const fileSchema = z.object({
  executed_lines: lines,
  missing_lines: lines,
  /** [from line, to line]; negative is an exit of the function that begins there. With `--branch` only. */
  missing_branches: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
});

/**
 * `coverage json` of coverage.py. A line that ran is partial when a jump from it was never made. It counts no runs, so a
 * line that ran has one hit. Excluded lines are left out.
 *
 * @param files the report's `files`
 * @see https://coverage.readthedocs.io/en/latest/commands/cmd_json.html
 * @throws {BadRequestError} an entry without its lists of lines
 */
export function parseCoveragePy(files: object, name: string): ParsedCoverage {
  const builder = createReportBuilder(name, 'coverage.py', { countsHits: false });
  for (const [path, value] of Object.entries(files)) {
    const parsed = fileSchema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = ['files', path, ...(issue?.path ?? [])].join(' > ');
      throw malformed(
        name,
        null,
        `${place}: ${issue?.message}; expected coverage.py's executed_lines and missing_lines`,
      );
    }
    const { executed_lines, missing_lines, missing_branches = [] } = parsed.data;
    const file = builder.file(path);
    const missedFrom = new Set(missing_branches.map(([from]) => from));
    for (const line of executed_lines) file.add(line, missedFrom.has(line) ? Coverage.partial : Coverage.covered, 1);
    for (const line of missing_lines) file.add(line, Coverage.notCovered, 0);
  }
  return builder.finish();
}

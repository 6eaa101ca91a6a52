import * as z from 'zod';
import { Coverage, type CoverageCode } from '../protocol/contract.ts';
import { createReportBuilder, malformed, type ParsedCoverage } from './report.ts';

const count = z.number().nonnegative();
const range = z.object({ start: z.object({ line: z.number().int().nonnegative().nullish() }) });
const fileSchema = z.object({
  path: z.string().min(1),
  statementMap: z.record(z.string(), range),
  s: z.record(z.string(), count),
  branchMap: z.record(z.string(), z.object({ line: z.number().int().nonnegative().nullish(), loc: range.nullish() })),
  b: z.record(z.string(), z.array(count)),
});
type IstanbulFile = z.infer<typeof fileSchema>;

/**
 * Istanbul's coverage-final.json (nyc, c8, Jest, Vitest). A line stands for the statements that begin on it: some run
 * and some not, or a branch never taken, is partial; its hits are those of the statement that ran most.
 *
 * @param report the parsed JSON: path to counts
 * @throws {BadRequestError} an entry without its maps
 */
export function parseIstanbul(report: object, name: string): ParsedCoverage {
  const builder = createReportBuilder(name, 'istanbul');
  for (const [key, value] of Object.entries(report)) {
    // babel-plugin-istanbul of older versions nests the counts in `data`.
    const parsed = fileSchema.safeParse(value?.data ?? value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = [key, ...(issue?.path ?? [])].join(' > ');
      throw malformed(
        name,
        null,
        `${place}: ${issue?.message}; expected Istanbul's path, statementMap, s, branchMap, b`,
      );
    }
    const file = builder.file(parsed.data.path);
    for (const [line, { code, hits }] of linesOf(parsed.data)) file.add(line, code, hits);
  }
  return builder.finish();
}

function linesOf({ statementMap, s, branchMap, b }: IstanbulFile): Map<number, { code: CoverageCode; hits: number }> {
  const lines = new Map<number, { code: CoverageCode; hits: number }>();
  for (const [id, { start }] of Object.entries(statementMap)) {
    if (start.line == null) continue;
    const hits = s[id] ?? 0;
    const code = hits > 0 ? Coverage.covered : Coverage.notCovered;
    const known = lines.get(start.line);
    if (!known) lines.set(start.line, { code, hits });
    else
      lines.set(start.line, { code: known.code === code ? code : Coverage.partial, hits: Math.max(known.hits, hits) });
  }
  for (const [id, { line, loc }] of Object.entries(branchMap)) {
    const known = lines.get(line ?? loc?.start.line ?? 0);
    if (known?.code === Coverage.covered && b[id]?.includes(0)) known.code = Coverage.partial;
  }
  return lines;
}

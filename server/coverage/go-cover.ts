import { Coverage } from '../protocol/contract.ts';
import { TooLargeError } from '../protocol/errors.ts';
import { addHits, createReportBuilder, LIMITS, malformed, type ParsedCoverage } from './report.ts';

/** Lines of one block: no function is longer, and a few blocks must not stand for millions of lines. */
const MAX_BLOCK = 100_000;

type Line = { most: number; isMissed: boolean };
type Block = { path: string; key: string; start: number; end: number; statements: number; hits: number };

/**
 * Cover profile of `go test -coverprofile`. A line that lies in a block that ran and in one that did not is partial.
 * A block without statements is left out. Profiles of several packages joined in one file repeat blocks: hits add, but
 * of mode `set`, where 1 is as many as there are.
 *
 * @see https://pkg.go.dev/golang.org/x/tools/cover
 * @throws {BadRequestError} a line that is no block
 */
export function parseGoCover(text: string, name: string): ParsedCoverage {
  const blocks = new Map<string, Block>();
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('mode:')) return;
    const block = readBlock(line);
    if (!block || block.end < block.start || block.end - block.start > MAX_BLOCK) {
      const shape = '<file>:<line>.<column>,<line>.<column> <statements> <count>';
      throw malformed(name, index + 1, `${JSON.stringify(line.slice(0, 80))} is no block; it should be ${shape}`);
    }
    const known = blocks.get(block.key);
    if (known) known.hits = addHits(known.hits, block.hits);
    else blocks.set(block.key, block);
  });
  return toReport([...blocks.values()], name, !/^\s*mode: ?set\b/.test(text));
}

function readBlock(line: string): Block | null {
  // The path may hold anything, so the match is anchored at the end, where all is digits.
  const colon = line.lastIndexOf(':');
  const match = /^(\d{1,9})\.\d{1,9},(\d{1,9})\.\d{1,9} (\d{1,9}) (\d{1,30})$/.exec(line.slice(colon + 1));
  if (!match || colon < 1) return null;
  const [, start, end, statements, hits] = match.map(Number);
  if (start === undefined || end === undefined || statements === undefined || hits === undefined) return null;
  const key = line.slice(0, line.lastIndexOf(' '));
  return { path: line.slice(0, colon), key, start, end, statements, hits };
}

function toReport(blocks: Block[], name: string, countsHits: boolean): ParsedCoverage {
  const files = Map.groupBy(blocks, ({ path }) => path);
  const report = createReportBuilder(name, 'go', { countsHits });
  // Blocks overlap, so that a small file can stand for many more lines than it has: what is walked is counted.
  let walked = 0;
  for (const [path, ofFile] of files) {
    const lines = new Map<number, Line>();
    for (const { start, end, statements, hits } of ofFile) {
      if (statements === 0) continue;
      walked += end - start + 1;
      if (walked > LIMITS.lines) throw new TooLargeError(`${name} has too many lines: split the report.`);
      for (let number = start; number <= end; number += 1) {
        const known = lines.get(number) ?? { most: 0, isMissed: false };
        lines.set(number, { most: Math.max(known.most, hits), isMissed: known.isMissed || hits === 0 });
      }
    }
    const file = report.file(path);
    for (const [number, { most, isMissed }] of lines) {
      const code = most === 0 ? Coverage.notCovered : isMissed ? Coverage.partial : Coverage.covered;
      file.add(number, code, most);
    }
  }
  return report.finish();
}

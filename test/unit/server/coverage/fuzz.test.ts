import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexReport, matchFile } from '../../../../server/coverage/match.ts';
import { parseCoverage } from '../../../../server/coverage/parse.ts';
import { mergeLines } from '../../../../server/coverage/report.ts';
import { StatusError } from '../../../../server/protocol/errors.ts';

const SEEDS = [
  'TN:\nSF:a/b.c\nFN:1,f\nDA:1,4\nBRDA:1,0,0,-\nend_of_record\n',
  '<coverage><sources><source>/a</source></sources><class filename="b.c"><lines><line number="1" hits="2" condition-coverage="50% (1/2)"/></lines></class></coverage>',
  '<report><package name="a/b"><sourcefile name="C.java"><line nr="1" mi="0" ci="1" mb="0" cb="0"/></sourcefile></package></report>',
  '{"/a.js":{"path":"/a.js","statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1,"column":9}}},"s":{"0":1},"branchMap":{},"b":{},"fnMap":{},"f":{}}}',
  '{"meta":{"version":"7"},"files":{"a.py":{"executed_lines":[1],"missing_lines":[2],"missing_branches":[[1,2]]}}}',
  'mode: atomic\nexample.com/a/b.go:1.2,3.4 5 6\n',
];

it('answers any damage to a report with a report or a status, never with another error', () => {
  const damaged = fc
    .tuple(fc.constantFrom(...SEEDS), fc.nat(300), fc.nat(20), fc.string({ maxLength: 12 }))
    .map(([seed, at, cut, put]) => seed.slice(0, at) + put + seed.slice(at + cut));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string()), (text) => {
      try {
        const { files } = parseCoverage(text, 'x');
        expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
        for (const { lines } of files) {
          const numbers = lines.map(([line]) => line);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        }
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
    }),
    { numRuns: 3000 },
  );
});

it('reads its own seeds', () => {
  for (const seed of SEEDS) expect(parseCoverage(seed, 'x').files[0]?.lines[0]?.[0]).toBe(1);
});

it('gives paths of the report alone', () => {
  const segment = fc.constantFrom('a', 'b', 'src', 'Billing.py', 'index.ts', '..', '.', 'node_modules', 'C:', '~');
  const path = fc.tuple(
    fc.constantFrom('', '/', 'webpack:///', 'C:\\'),
    fc.array(segment, { minLength: 1, maxLength: 5 }),
  );
  const paths = fc.array(
    path.map(([start, segments]) => start + segments.join('/')),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(
      paths,
      fc.oneof(
        fc.string(),
        path.map(([start, segments]) => start + segments.join('/')),
      ),
      (all, wanted) => {
        const match = matchFile(indexReport(all), { absPath: wanted, filename: wanted, module: wanted });
        const named = match.kind === 'one' ? [match.path] : match.kind === 'several' ? match.paths : match.nearest;
        for (const found of named) expect(all).toContain(found);
      },
    ),
    { numRuns: 2000 },
  );
});

it('merges in any order to the same lines', () => {
  const line = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 1, 2), fc.nat(9));
  const lists = fc.array(fc.uniqueArray(line, { selector: ([number]) => number }), { maxLength: 4 });
  fc.assert(
    fc.property(lists, (all) => {
      expect(mergeLines(all.toReversed())).toEqual(mergeLines(all));
    }),
  );
});

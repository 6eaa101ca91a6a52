import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { indexReport, matchFile } from '../../../server/coverage/match.ts';
import { parseCoverage } from '../../../server/coverage/parse.ts';
import { Coverage } from '../../../server/protocol/contract.ts';

const { covered, notCovered, partial } = Coverage;
const folder = mkdtempSync(join(tmpdir(), 'real-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCE = `export function discount(total, voucher) {
  if (!voucher) return 0;
  if (voucher.rate > 1) {
    throw new RangeError('A rate is at most 1.');
  }
  return total * voucher.rate;
}

export function shipping(total) {
  return total > 80 ? 0 : 4.9;
}
`;
const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discount } from '../src/pricing.js';
test('discount', () => assert.equal(discount(10, { rate: 0.5 }), 5));
`;

it("reads the report that Node's test runner writes about a real run, and finds its file for a real frame", () => {
  for (const [path, text] of [
    ['src/pricing.js', SOURCE],
    ['test/pricing.test.js', TEST],
    ['package.json', '{"type":"module"}'],
  ] as const) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const report = execFileSync(
    process.execPath,
    ['--test', '--experimental-test-coverage', '--test-reporter=lcov', 'test/pricing.test.js'],
    // A test runner inside of a test runner would report to the outer one, and write no LCOV.
    { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: '' } },
  );
  const { format, files } = parseCoverage(report, 'lcov.info');
  expect(format).toBe('lcov');
  const match = matchFile(indexReport(files.map(({ path }) => path)), { absPath: join(folder, 'src/pricing.js') });
  expect(match).toEqual({ kind: 'one', path: 'src/pricing.js' });

  const lines = files.find(({ path }) => path === 'src/pricing.js')?.lines ?? [];
  const codes = Object.fromEntries(lines.map(([line, code]) => [line, code]));
  expect(codes).toMatchObject({
    1: covered,
    // Both conditions ran, and one way of each was never taken.
    2: partial,
    3: partial,
    4: notCovered,
    6: covered,
    10: notCovered,
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { readReportHere } from '../../../../server/coverage/read-report.ts';
import { Coverage } from '../../../../server/protocol/contract.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'coverage');
const MARKS = { [Coverage.covered]: '+', [Coverage.partial]: '~', [Coverage.notCovered]: '-', [-1]: '?' };

/** `12+3` is line 12, covered, run three times; ~ is partial and - uncovered. */
const PYTHON = '1+1 2~1 3-0 4~1 5-0 8+1 11+1 12+1 13+1 14+1 15+1 18+1 19-0';
const C = { 'pricing.c': '3+1 4~1 5~1 6-0 8+1 11+1 12+1 13+4 14+3 16+1 19-0 20-0', 'test.c': '3+1 4+1 5+1' };
const GO_PATH = 'example.com/shop/pricing.go';
/** Statements: what stands between them says nothing. */
const STATEMENTS = '2~1 3~1 4-0 6+1 10+1 11+1 12+3 14+1 18-0';
/** With the line that exports, in CommonJS. */
const COMMON_JS = `${STATEMENTS} 20+1`;
const V8_LINES = '1+1 2~1 3~1 4-0 5-0 6+1 7+1 8+1 9+1 10+1 11+1 12+3 13+3 14+1 15+1 16+1 17+1 18-0 19-0';

const REPORTS: [file: string, format: string, countsHits: boolean, lines: Record<string, string>][] = [
  [
    'gcov.lcov.info',
    'lcov',
    true,
    Object.fromEntries(Object.entries(C).map(([path, lines]) => [`/home/user/shop/c/${path}`, lines])),
  ],
  ['gcovr.cobertura.xml', 'cobertura', true, C],
  ['coverage-py.json', 'coverage.py', false, { 'shop/pricing.py': PYTHON }],
  ['coverage-py.cobertura.xml', 'cobertura', false, { '/home/user/shop/python/shop/pricing.py': PYTHON }],
  ['coverage-py.lcov.info', 'lcov', false, { 'shop/pricing.py': PYTHON.replaceAll('~', '+') }],
  [
    'go-count.out',
    'go',
    true,
    { [GO_PATH]: '5+1 6~1 7-0 8-0 9~1 10-0 11-0 12+1 15+1 16+3 17+3 18+3 19+1 22-0 23-0 24-0 25-0 26-0' },
  ],
  [
    'go-set.out',
    'go',
    false,
    { [GO_PATH]: '5+1 6~1 7-0 8-0 9~1 10-0 11-0 12+1 15+1 16+1 17+1 18+1 19+1 22-0 23-0 24-0 25-0 26-0' },
  ],
  ['jacoco.xml', 'jacoco', false, { 'com/acme/shop/Pricing.java': '7~1 8~1 9-0 11+1 15+1 16+1 17+1 19+1 23-0' }],
  ['c8.istanbul.json', 'istanbul', true, { '/home/user/shop/js/src/pricing.js': V8_LINES }],
  ['c8.lcov.info', 'lcov', true, { 'src/pricing.js': V8_LINES }],
  ['c8.cobertura.xml', 'cobertura', true, { '/home/user/shop/js/src/pricing.js': V8_LINES }],
  ['node.lcov.info', 'lcov', true, { 'src/pricing.js': V8_LINES }],
  ['vitest.istanbul.json', 'istanbul', true, { '/home/user/shop/js/src/pricing.js': STATEMENTS }],
  ['vitest.lcov.info', 'lcov', true, { 'src/pricing.js': STATEMENTS }],
  ['nyc.istanbul.json', 'istanbul', true, { '/home/user/shop/cjs/src/pricing.js': COMMON_JS }],
  ['nyc.lcov.info', 'lcov', true, { 'src/pricing.js': COMMON_JS }],
  ['jest.istanbul.json', 'istanbul', true, { '/home/user/shop/cjs/src/pricing.js': COMMON_JS }],
  ['jest.lcov.info', 'lcov', true, { 'src/pricing.js': COMMON_JS }],
];

test.each(REPORTS)('%s is told by its content, and each of its lines is read', async (file, format, counts, lines) => {
  const report = await readReportHere(readFileSync(join(folder, file)), 'report');
  expect(report).toMatchObject({ format, countsHits: counts });
  const read = report.files.map((entry) => [entry.path, textOf(JSON.parse(entry.lines))]);
  expect(Object.fromEntries(read)).toEqual(lines);
});

it('leaves no report of the folder out', () => {
  const others = ['README.md', 'make.sh', 'program'];
  const reports = readdirSync(folder).filter((name) => !others.includes(name));
  expect(reports.sort()).toEqual(REPORTS.map(([file]) => file).sort());
});

const textOf = (lines: [number, keyof typeof MARKS, number][]) =>
  lines.map(([line, code, hits]) => `${line}${MARKS[code]}${hits}`).join(' ');

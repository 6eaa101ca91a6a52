import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { decodeReport, parseCoverage } from '../../../../server/coverage/parse.ts';
import { LIMITS, mergeLines } from '../../../../server/coverage/report.ts';
import { Coverage } from '../../../../server/protocol/contract.ts';
import { StatusError, TooLargeError } from '../../../../server/protocol/errors.ts';
import type { CoverageLine } from '../../../../server/storage/coverage.ts';
import { corpusRoot, reportMissingCorpus } from '../../../corpus.ts';

const { covered, notCovered, partial } = Coverage;
const linesOf = (text: string): Record<string, CoverageLine[]> =>
  Object.fromEntries(parseCoverage(text, 'report').files.map(({ path, lines }) => [path, lines]));

describe('reports of real tools', () => {
  reportMissingCorpus('coverage reports of real tools', 5);
  // Files, distinct lines, and lines by code: counted in the sources of the reports with another program.
  test.runIf(corpusRoot).each([
    ['atm0s-media-sdk.cobertura.xml', 'cobertura', 16, 461, { 0: 333, 1: 116, 2: 12 }],
    ['gcovr-nested.lcov.info', 'lcov', 8, 42, { 0: 21, 1: 17, 2: 4 }],
    ['reportgenerator-csharp.lcov.info', 'lcov', 15, 184, { 0: 115, 1: 66, 2: 3 }],
    ['reportgenerator-java.jacoco.xml', 'jacoco', 7, 38, { 0: 25, 1: 12, 2: 1 }],
    ['rjson-parser.coverage-final.json', 'istanbul', 25, 680, { 0: 496, 1: 113, 2: 71 }],
  ])('%s is %s with %i files and %i lines', (file, format, files, lines, codes) => {
    const bytes = readFileSync(join(corpusRoot ?? '', 'coverage', file));
    const report = parseCoverage(decodeReport(bytes, file), file);
    expect(report.format).toBe(format);
    expect(report.files).toHaveLength(files);
    const all = report.files.flatMap((entry) => entry.lines);
    expect(all).toHaveLength(lines);
    const byCode = Object.groupBy(all, ([, code]) => code);
    expect(Object.fromEntries(Object.entries(byCode).map(([code, list]) => [code, list?.length]))).toEqual(codes);
    for (const { path } of report.files) expect(path).not.toMatch(/\\|^\.\//);
  });

  test.runIf(corpusRoot)('Windows paths get forward slashes, and a root that stands apart is put in front', () => {
    const paths = (file: string) =>
      parseCoverage(readFileSync(join(corpusRoot ?? '', 'coverage', file), 'utf8'), file).files.map(({ path }) => path);
    expect(paths('reportgenerator-csharp.lcov.info')).toContain('C:/temp/AsyncClass.cs');
    expect(paths('atm0s-media-sdk.cobertura.xml')).toContain(
      '/Users/luongminh/workspace/bluesea/media-sdk-js/src/lib/receiver.ts',
    );
  });
});

describe('LCOV', () => {
  it('gives hits, and partial where a branch of a line that ran was never taken', () => {
    const text =
      'TN:\nSF:src/a.ts\nFN:1,f\nFNDA:3,f\nBRDA:2,0,0,3\nBRDA:2,0,1,-\nDA:1,3\nDA:2,3,cafe\nDA:3,0\nend_of_record\n';
    expect(linesOf(text)).toEqual({
      'src/a.ts': [
        [1, covered, 3],
        [2, partial, 3],
        [3, notCovered, 0],
      ],
    });
  });
  it('joins repeated records of a file: a branch taken in one of them is taken', () => {
    const record = (taken: string) => `SF:./a.c\nDA:2,1\nBRDA:2,0,0,${taken}\nBRDA:2,0,1,1\nend_of_record\n`;
    expect(linesOf(record('0') + record('4'))).toEqual({ 'a.c': [[2, covered, 2]] });
    expect(linesOf(record('0') + record('-'))).toEqual({ 'a.c': [[2, partial, 2]] });
  });
  it('reads CRLF, a byte order mark, comments, counts above 2^31 and above 2^64, and drops line 0', () => {
    const text =
      '\uFEFF# made by hand\r\nSF:a.c\r\nDA:0,1\r\nDA:1,5000000000\r\nDA:2,99999999999999999999\r\nend_of_record\r\n';
    expect(linesOf(text)).toEqual({
      'a.c': [
        [1, covered, 5_000_000_000],
        [2, covered, Number.MAX_SAFE_INTEGER],
      ],
    });
  });
  it('takes a branch named by an expression with commas', () => {
    expect(linesOf('SF:a.c\nDA:1,1\nBRDA:1,0,f(a, b),0\nBRDA:1,0,else,1\nend_of_record')).toEqual({
      'a.c': [[1, partial, 1]],
    });
  });
});

it('Cobertura: conditions make partial, a method line that the class lacks is added, entities of names are read', () => {
  const text = `<?xml version="1.0"?>
<coverage line-rate="1"><sources><source>.</source></sources><packages><package><classes>
<class filename="src/a &amp; b.py"><methods><method><lines><line number="1" hits="1"/><line number="2" hits="9"/></lines></method></methods>
<lines><line number="2" hits="4" branch="true" condition-coverage="50% (1/2)"/><line number="3" hits="0"/>
<line number="4" hits="2" branch="True" condition-coverage="100% (2/2)"/></lines></class>
<class filename="src/a &amp; b.py"><lines><line number="3" hits="1"/></lines></class></classes></package></packages></coverage>`;
  expect(linesOf(text)).toEqual({
    'src/a & b.py': [
      [1, covered, 1],
      [2, partial, 4],
      [3, covered, 1],
      [4, covered, 2],
    ],
  });
});

it('JaCoCo: a line is partial when instructions or branches of it were missed', () => {
  const text = `<report name="x"><group name="g"><package name="com/acme"><sourcefile name="A.kt">
<line nr="3" mi="0" ci="4" mb="0" cb="2"/><line nr="4" mi="2" ci="1" mb="0" cb="0"/><line nr="5" mi="0" ci="1" mb="1" cb="1"/>
<line nr="6" mi="3" ci="0" mb="0" cb="0"/></sourcefile></package></group></report>`;
  expect(linesOf(text)).toEqual({
    'com/acme/A.kt': [
      [3, covered, 1],
      [4, partial, 1],
      [5, partial, 1],
      [6, notCovered, 0],
    ],
  });
});

it('Istanbul: statements by line, a branch never taken is partial', () => {
  const at = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 9 } });
  const file = {
    path: '/ci/src/a.js',
    statementMap: { 0: at(1), 1: at(2), 2: at(2), 3: at(3) },
    s: { 0: 4, 1: 4, 2: 0, 3: 0 },
    fnMap: {},
    f: {},
    branchMap: { 0: { loc: at(1), type: 'if', locations: [at(1), at(1)] } },
    b: { 0: [4, 0] },
  };
  expect(linesOf(JSON.stringify({ '/ci/src/a.js': file }))).toEqual({
    '/ci/src/a.js': [
      [1, partial, 4],
      [2, partial, 4],
      [3, notCovered, 0],
    ],
  });
});

it('coverage.py: a jump that was never made is partial', () => {
  const file = { executed_lines: [1, 2], missing_lines: [4], excluded_lines: [9], missing_branches: [[2, 4]] };
  expect(linesOf(JSON.stringify({ meta: { format: 3 }, files: { 'app\\a.py': file }, totals: {} }))).toEqual({
    'app/a.py': [
      [1, covered, 1],
      [2, partial, 1],
      [4, notCovered, 0],
    ],
  });
});

it('Go: blocks by line, joined profiles add up, a block without statements says nothing', () => {
  const text = `mode: count
example.com/shop/a.go:3.20,5.10 2 7
example.com/shop/a.go:5.10,6.3 1 0
example.com/shop/a.go:5.10,6.3 1 0
example.com/shop/a.go:9.1,9.3 0 0
example.com/shop/a.go:3.20,5.10 2 1
`;
  expect(linesOf(text)).toEqual({
    'example.com/shop/a.go': [
      [3, covered, 8],
      [4, covered, 8],
      [5, partial, 8],
      [6, notCovered, 0],
    ],
  });
});

test.each([
  ['an empty report', ' \n', /report: the report is empty; expected LCOV/],
  ['what is no report', 'hello', /no coverage report that is known; expected LCOV, Cobertura/],
  ['a DA without hits', 'SF:a.c\nDA:3\nend_of_record', /report, line 2: "DA:3" should be DA:<line>,<hits>/],
  ['negative hits', 'SF:a.c\nDA:3,-4\nend_of_record', /line 2: .*whole numbers/],
  ['a BRDA that is cut', 'SF:a.c\nBRDA:3,0\nend_of_record', /line 2: "BRDA:3,0" should be BRDA:/],
  ['a DA before its SF', 'TN:\nDA:3,1', /line 2: DA stands outside of a record; SF:<path>/],
  ['a record without end', 'SF:a.c\nDA:1,1\n', /line 1: the report is cut off: the record of a.c/],
  ['a record inside of another', 'SF:a.c\nDA:1,1\nSF:b.c\n', /line 3: the record of a.c has no end_of_record/],
  ['text between records', 'SF:a.c\nDA:1,1\nSegmentation fault\n', /line 3: "Segmentation fault" is no LCOV record/],
  ['LCOV without files', 'TN:nothing\n', /names no file/],
  ['XML that is cut off', '<coverage>\n<packages>', /line \d: the XML is not well-formed/],
  ['XML of another kind', '<testsuite name="x"/>', /unknown kind \(<testsuite>\); expected Cobertura or JaCoCo/],
  ['Clover', '<coverage generated="1" clover="4.1"><project/></coverage>', /unknown kind/],
  [
    'a Cobertura line without number',
    '<coverage><class filename="a.c"><lines><line hits="1"/></lines></class></coverage>',
    /a <line> of a.c has number=""/,
  ],
  ['JSON that is cut off', '{"meta": {},\n"files": {', /line 2: the JSON is broken or cut off/],
  ['JSON of another kind', '{"name": "stackmend"}', /JSON is of an unknown kind/],
  ['a list', '[1]', /JSON is a list/],
  ['a summary', '{"total": {"lines": {"total": 1, "pct": 100}}}', /summary without lines; upload coverage-final/],
  ['Istanbul without counts', '{"a.js": {"path": "a.js", "statementMap": {"0": {}}}}', /a.js > statementMap > 0/],
  ['coverage.py without lines', '{"meta": {}, "files": {"a.py": {}}}', /files > a.py > executed_lines/],
  ['a Go block that is none', 'mode: set\na.go:1,2 3 4', /line 2: .* is no block; it should be <file>:/],
  ['a Go block that ends before it starts', 'mode: set\na.go:9.1,2.1 3 4', /line 2/],
])('refuses %s', (_, text, message) => {
  expect(() => parseCoverage(text, 'report')).toThrow(message);
  expect(() => parseCoverage(text, 'report')).toThrow(StatusError);
});

describe('hostile reports', () => {
  it('refuses entities, before any is expanded', () => {
    const bomb = `<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "${'x'.repeat(1000)}">\n${Array.from(
      { length: 30 },
      (_, n) => `<!ENTITY a${n} "&a;&a;&a;&a;">`,
    ).join('\n')}]>\n<coverage><class filename="&a29;"/></coverage>`;
    expect(() => parseCoverage(bomb, 'bomb.xml')).toThrow(/bomb.xml, line 2: entities are not allowed/);
    const outside =
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><coverage><class filename="&a;"/></coverage>';
    expect(() => parseCoverage(outside, 'x')).toThrow(/entities are not allowed/);
  });
  it.each([
    ['elements nested 10,000 deep', `<coverage>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</coverage>`],
    ['an element named __proto__', '<coverage><__proto__ line="1"/></coverage>'],
    ['an attribute named __proto__', '<coverage><class __proto__="x" filename="a"/></coverage>'],
    ['JSON nested 100,000 deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['line numbers that are absurd', 'SF:a.c\nDA:999999999999,1\nend_of_record'],
    ['a path that is absurd', `SF:${'a/'.repeat(10_000)}a.c\nDA:1,1\nend_of_record`],
    [
      'Go blocks that stand for billions of lines',
      `mode: set\n${'a.go:1.1,9999999.1 1 1\n'.repeat(3)}b.go:1.1,9999999.1 1 1`,
    ],
  ])('answers %s with a status, and leaves prototypes alone', (_, text) => {
    expect(() => parseCoverage(text, 'x')).toThrow(StatusError);
    expect(({} as Record<string, unknown>)['line']).toBeUndefined();
  });
  it('takes a file named __proto__ as any other', () => {
    const { files } = parseCoverage('{"meta":{},"files":{"__proto__":{"executed_lines":[1],"missing_lines":[]}}}', 'x');
    expect(files).toEqual([{ path: '__proto__', lines: [[1, covered, 1]] }]);
  });
  it('stops at its limit of files', () => {
    const text = Array.from({ length: LIMITS.files + 1 }, (_, n) => `SF:${n}.c\nend_of_record\n`).join('');
    expect(() => parseCoverage(text, 'x')).toThrow(TooLargeError);
  });

  it('refuses JSON of more values than memory is there for, before it is parsed', () => {
    expect(() => parseCoverage(`{"a":[${'{},'.repeat(4_000_000)}{}]}`, 'x')).toThrow(TooLargeError);
  });
  it('takes time in proportion to long lines', () => {
    const started = performance.now();
    for (const filler of ['BRDA:1,', ',', 'a.go:', '(', ' ']) {
      expect(() => parseCoverage(`SF:a\n${filler.repeat(200_000)}`, 'x')).toThrow(StatusError);
      expect(() => parseCoverage(`mode: set\n${filler.repeat(200_000)}x`, 'x')).toThrow(StatusError);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

it('merges reports of one commit: hits add, covered wins, partial beats uncovered', () => {
  const left: CoverageLine[] = [
    [1, covered, 2],
    [2, notCovered, 0],
    [3, partial, 1],
    [5, notCovered, 0],
  ];
  const right: CoverageLine[] = [
    [1, notCovered, 0],
    [2, partial, 3],
    [3, partial, 1],
    [4, covered, 1],
    [5, notCovered, 0],
  ];
  expect(mergeLines([left, right])).toEqual([
    [1, covered, 2],
    [2, partial, 3],
    [3, partial, 2],
    [4, covered, 1],
    [5, notCovered, 0],
  ]);
});

test.each([
  ['UTF-16, little end first', Buffer.from('\uFEFFSF:a', 'utf16le'), 'SF:a'],
  ['UTF-8 with its mark', Buffer.from('\uFEFFSF:a'), 'SF:a'],
])('decodes %s', (_, bytes, text) => expect(decodeReport(bytes, 'x')).toBe(text));
test('refuses bytes that are no text', () =>
  expect(() => decodeReport(Buffer.from([0x53, 0xff, 0xfe]), 'x.bin')).toThrow(/x.bin is not text/));

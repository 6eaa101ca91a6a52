import { expect, test } from 'vitest';
import type { Frame, Thread } from '../../../../server/protocol/contract.ts';
import { clipLine } from '../../../../src/frame/clip-line.ts';
import { coverageOf, coverageSentence, getLineCoverage } from '../../../../src/frame/coverage.ts';
import { coverageNote } from '../../../../src/frame/coverage-reason.ts';
import { parseOptions } from '../../../../src/frame/display-options.ts';
import { chainHint, isHang } from '../../../../src/frame/exception-chain.ts';
import { describeFrameError } from '../../../../src/frame/frame-errors.tsx';
import { framePath, framePosition, nativeHint, packageName, shortPath } from '../../../../src/frame/frame-path.ts';
import { parseAssembly } from '../../../../src/frame/parse-assembly.ts';
import { defaultThread, raisingThread, sortThreads } from '../../../../src/frame/thread-selection.ts';
import { stripAnsi } from '../../../../src/frame/visible-text.ts';
import { frame, stacktrace } from './make-event.tsx';

const lines: [number, string][] = [231, 232, 233, 234].map((line) => [line, '']);
test.each<[string, [number, number][], (number | undefined)[], boolean]>([
  [
    'each code',
    [
      [230, 2],
      [231, 2],
      [232, 0],
      [234, 1],
    ],
    [2, 0, undefined, 1],
    true,
  ],
  ['nothing that applies', [[231, -1]], [-1, undefined, undefined, undefined], false],
  ['a code nobody knows', [[231, 7]], [undefined, undefined, undefined, undefined], false],
  ['nothing', [], [undefined, undefined, undefined, undefined], false],
])('reads line coverage with %s', (_, coverage, codes, hasCoverage) => {
  expect(getLineCoverage(lines, coverage)).toEqual([codes, hasCoverage]);
});

test('applies coverage only where there is some and the line is known', () => {
  const codecov = { status: 200, lineCoverage: [[1, 0]] as [number, number][] };
  expect(coverageOf({ codecov }, 1)).toEqual([[1, 0]]);
  expect(coverageOf({ codecov }, null)).toBeNull();
  expect(coverageOf({ codecov: { ...codecov, status: 400 } }, 1)).toBeNull();
  expect(coverageOf(undefined, 1)).toBeNull();
});

test('says why a report does not apply, in the words of the server where it has some', () => {
  const codecov = { status: 400, reason: 'no_file_matches' as const, candidates: ['a.py'] };
  expect(coverageNote({ codecov })).toEqual({
    text: 'No file of the coverage report matches this frame.',
    candidates: ['a.py'],
  });
  expect(coverageNote({ codecov: { ...codecov, detail: 'None is called b.py.' } })?.text).toBe('None is called b.py.');
  expect(coverageNote({ codecov: { status: 404, reason: 'no_report' } })).toBeNull();
  expect(coverageNote({})).toBeNull();
});

test('says of which other commit a report is, whose file is the same', () => {
  const codecov = { status: 200, commit: 'a'.repeat(40), sameContentAs: 'b'.repeat(40) };
  expect(coverageNote({ codecov })?.text).toBe(
    'Coverage of commit aaaaaaa, where this file is the same as at bbbbbbb.',
  );
  expect(coverageNote({ codecov: { ...codecov, sameContentAs: null } })).toBeNull();
  const detail = 'No line 7. Measure it.';
  expect(coverageNote({ codecov: { status: 200, reason: 'line_not_in_report', detail } })?.text).toBe(detail);
});

test.each([
  [12, 'Line covered by tests, ran 12 times'],
  [1, 'Line covered by tests, ran 1 time'],
  [12_345, 'Line covered by tests, ran 12,345 times'],
  [0, 'Line covered by tests'],
  [undefined, 'Line covered by tests'],
])('says that a line ran %s times', (hits, words) => expect(coverageSentence('covered', hits)).toBe(words));

test.each([
  [
    'App, Version=1.2.3.4, Culture=de-DE, PublicKeyToken=b77a5c561934e089',
    { name: 'App', version: '1.2.3.4', culture: 'de-DE', publicKeyToken: 'b77a5c561934e089' },
  ],
  ['App, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null', { name: 'App', version: '1.0.0.0' }],
  ['App', { name: 'App' }],
  ['', {}],
  [null, {}],
])('parses the assembly %s', (fullName, fields) => {
  expect(parseAssembly(fullName)).toEqual({
    name: undefined,
    version: undefined,
    culture: undefined,
    publicKeyToken: undefined,
    ...fields,
  });
});

test.each<[string, Partial<Frame>, string, string | null]>([
  ['the file', { filename: 'a.py', module: 'm' }, 'python', 'a.py'],
  ['the module in Java', { filename: 'A.java', module: 'com.A' }, 'java', 'com.A'],
  ['the file in Java, without a module', { filename: 'A.java' }, 'java', 'A.java'],
  ['the module, without a file', { filename: null, module: 'm' }, 'python', 'm'],
  [
    'the whole address of a foreign script',
    { filename: '/x.js', absPath: 'https://cdn.example/x.js', inApp: false },
    'javascript',
    'https://cdn.example/x.js',
  ],
  ['nothing', { filename: null }, 'python', null],
])('calls a frame by %s', (_, part, platform, path) => expect(framePath(frame(part), platform)).toBe(path));

test.each<[Partial<Frame>, string]>([
  [{ lineNo: 41, colNo: 9 }, ':41:9'],
  [{ lineNo: 41, colNo: 0 }, ':41'],
  [{ lineNo: 0, colNo: 3 }, ''],
  [{ lineNo: null }, ''],
])('writes the position of %j as %s', (part, text) => expect(framePosition(frame(part))).toBe(text));

test.each([
  ['/usr/lib/libsystem_c.dylib', 'libsystem_c'],
  ['C:\\app\\Game.exe', 'Game'],
  ['UIKit', 'UIKit'],
])('calls the package %s %s', (path, name) => expect(packageName(path)).toBe(name));

test.each([
  ['/srv/warehouse/src/reserve.ts', '…/warehouse/src/reserve.ts'],
  ['/app/main.py', '/app/main.py'],
  ['C:\\Users\\ada\\shop\\Cart.cs', '…/ada\\shop\\Cart.cs'],
  ['src/a/b/c/d/e.ts', 'src/a/b/c/d/e.ts'],
  ['/x/node_modules/.pnpm/a@1/node_modules/@scope/a/index.js', '…/@scope/a/index.js'],
  ['/usr/lib/python3.12/site-packages/django/db/models.py', '…/django/db/models.py'],
  ['https://cdn.example/a/b/c/main.js', 'https://cdn.example/a/b/c/main.js'],
  ['com.example.shop.Cart', 'com.example.shop.Cart'],
  ['/', '/'],
])('shows %s by its end', (path, short) => expect(shortPath(path)).toBe(short));

test('hints at why a native frame says little', () => {
  expect(nativeHint(frame({ symbolicatorStatus: 'missing' }))).toMatch(/debug file of this image is missing/);
  expect(nativeHint(frame({ function: '<redacted>' }))).toMatch(/system frame/);
  expect(nativeHint(frame({ symbolicatorStatus: 'constructor' }))).toBeNull();
});

test.each([
  ['a short line', 'abc', 2, [0, 'abc', 0]],
  ['around the column', 'a'.repeat(1000), 500, [339, 'a'.repeat(320), 341]],
  ['the start, without a column', 'a'.repeat(1000), null, [0, 'a'.repeat(320), 680]],
  ['the end', 'a'.repeat(1000), 1000, [680, 'a'.repeat(320), 0]],
  ['the start, for a column beyond the line', 'a'.repeat(1000), 5000, [0, 'a'.repeat(320), 680]],
] as const)('clips %s', (_, text, column, [before, shown, after]) => {
  expect(clipLine(text, column)).toEqual({ before, text: shown, after });
});

test('clips between characters, not within an emoji', () => {
  const { before, text, after } = clipLine('😀'.repeat(500), 500);
  expect(text.isWellFormed()).toBe(true);
  expect(before + text.length + after).toBe(1000);
});

const exception = (id: number, parent: number | null, part: object = {}) => ({
  type: `E${id}`,
  value: 'v',
  mechanism: { type: 'chained', exception_id: id, parent_id: parent, ...part },
});
test.each([
  [
    'raised while another was handled',
    [exception(1, 0, { source: '__context__' }), exception(0, null)],
    'Was being handled when this was raised:',
  ],
  ['its cause', [exception(1, 0, { source: '__cause__' }), exception(0, null)], 'Direct cause of'],
  [
    'a member of a group',
    [exception(1, 0, { source: 'exceptions[0]' }), exception(0, null, { is_exception_group: true })],
    'One of the group',
  ],
])('says of an older exception that it was %s', (_, chain, words) => {
  expect(chainHint(chain, 0)).toEqual({ words, other: words === 'One of the group' ? 'E0: v' : 'E0' });
  expect(chainHint(chain, 1)).toBeNull();
});

test('takes a chain without ids as it stands', () => {
  expect(chainHint([{ type: 'Root' }, { type: 'Leaf' }], 0)).toEqual({ words: 'Led to', other: 'Leaf' });
});

test('tells a hang from a crash', () => {
  expect(isHang({ mechanism: { type: 'AppHang' } })).toBe(true);
  expect(isHang({ mechanism: { type: 'signalhandler' } })).toBe(false);
});

test('picks the crashed thread, else one with frames, else the first', () => {
  const idle = { id: 1 };
  const busy = { id: 2, stacktrace: stacktrace([frame()]) };
  const crashed = { id: 3, crashed: true };
  const pick = (threads: Thread[]) => defaultThread(sortThreads(threads))?.thread;
  expect(sortThreads([idle, busy, crashed]).map(({ index }) => index)).toEqual([2, 0, 1]);
  expect(pick([idle, busy, crashed])).toBe(crashed);
  expect(pick([idle, busy])).toBe(busy);
  expect(pick([idle])).toBe(idle);
  expect(pick([])).toBeUndefined();
});

test.each<[string, Thread[], { threadId?: number }[], number]>([
  ['named by its id, in text or number', [{ id: 1, crashed: true }, { id: '7' }], [{ threadId: 7 }], 1],
  ['crashed, when none has the id', [{ id: 1 }, { crashed: true }], [{ threadId: 7 }], 1],
  [
    'crashed, when no id is given',
    [
      { id: 1, current: true },
      { id: 2, crashed: true },
    ],
    [{}],
    1,
  ],
  ['current, when none crashed', [{ id: 1 }, { id: 2, current: true }], [{}], 1],
  ['unknown', [{ id: 1 }], [{}], -1],
  ['unknown without exceptions', [{ id: 1, crashed: true }], [], -1],
])('finds the thread that raised the exceptions: %s', (_, threads, exceptions, index) => {
  expect(raisingThread(threads, exceptions)).toBe(index);
});

test.each([
  ['null', null],
  ['{"view":"raw","order":"oldest","isMinified":true}', { view: 'raw', order: 'oldest', isMinified: true }],
  ['{"hasAbsolutePaths":true,"hasVerboseNames":1}', { hasAbsolutePaths: true }],
  ['{"view":"__proto__","order":3}', null],
  ['not JSON', null],
  ['"text"', null],
])('reads stored options %s', (stored, options) => {
  expect(parseOptions(stored)).toEqual({
    view: 'relevant',
    order: 'newest',
    isMinified: false,
    hasAbsoluteAddresses: false,
    hasAbsolutePaths: false,
    hasVerboseNames: false,
    ...options,
  });
});

test.each([
  ['a sentence', 'No source map.', 'No source map.'],
  ['a type with more', { type: 'js_no_source', url: 'https://a/b' }, 'js no source (url: https://a/b)'],
  ['a number', 7, '7'],
  ['an empty object', {}, 'Unknown error'],
])('describes a frame error that is %s', (_, error, text) => expect(describeFrameError(error)).toBe(text));

test('takes terminal colours out of a text', () => {
  expect(stripAnsi('\u001b[31mred\u001b[0m \u001b]8;;https://a\u0007link\u001b]8;;\u0007')).toBe('red link');
});

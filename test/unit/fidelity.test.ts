/** The judge of what a page shows: neither may it pass a page that hides something, nor miss what is there in other words. */
import { expect, it, test } from 'vitest';
import { judge, missingOf, occurrences, type ShownFrame, type ShownText } from '../browser/fidelity/judge.ts';
import { type Part, type StoredValue, storedTraces } from '../browser/fidelity/stored-values.ts';

/** Pieces as the page has them, with an edge between two. */
function shown(...pieces: string[]): ShownText {
  const edges = pieces.map((_, index) => pieces.slice(0, index + 1).join('').length);
  return { text: pieces.join(''), edges: [0, ...edges] };
}

const row = (part: Partial<ShownFrame> = {}): ShownFrame => ({
  repeats: 0,
  source: [],
  variables: shown(),
  registers: shown(),
  other: shown(),
  ...part,
});
const value = (given: StoredValue['value'], part: Part = 'variables'): StoredValue => ({
  path: 'p',
  part,
  value: given,
});
const isFound = (given: StoredValue['value'], part: Part, text: string) =>
  missingOf([value(given, part)], row({ [part]: part === 'source' ? [shown(text)] : shown(text) })).length === 0;

test.each<[StoredValue['value'], Part, string]>([
  ['12', 'variables', '"12"'],
  [-12, 'variables', 'amount: -12'],
  [1.5, 'variables', '[1.5, 2]'],
  [true, 'variables', 'True'],
  [null, 'variables', 'nil'],
  ['<null>', 'variables', 'null'],
  ['', 'variables', '""'],
  ['a\u202eb', 'variables', 'a\\u202eb'],
  ['a\nb', 'variables', '"a\nb"'],
  ['0x1f', 'registers', '0x000000000000001f'],
  ['1f', 'registers', 'rip\n0x000000000000001f'],
  ['0x1F', 'other', '0x1f'],
  [41, 'other', 'app/a.py:41:9 in pay'],
  ['app/a.py', 'other', 'app/a.py:41:9'],
  [true, 'other', 'In App'],
  ['  return 1\r\n', 'source', '  return 1'],
])('finds %j in %s as %j', (given, part, text) => expect(isFound(given, part, text)).toBe(true));

test.each<[StoredValue['value'], Part, string]>([
  ['12', 'variables', '"…"'],
  [12, 'variables', '-12'],
  [12, 'variables', '12.5'],
  [12, 'variables', '112'],
  [false, 'variables', 'no'],
  [true, 'variables', 'In App'],
  [null, 'variables', ''],
  ['', 'variables', ''],
  ['pay', 'variables', 'payment'],
  ['0x1f', 'other', '0x1f0'],
  ['  return 1', 'source', 'return 1'],
  ['  return 1', 'source', '  return 12'],
])('does not find %j in %s as %j', (given, part, text) => expect(isFound(given, part, text)).toBe(false));

it('tells a value from what stands beside it without a space', () => {
  expect(occurrences(shown('abc', 'cut: 3 of 9'), 'abc')).toBe(1);
  expect(occurrences(shown('abccut: 3 of 9'), 'abc')).toBe(0);
});

it('wants a value as often as the frame has it, in its own part, and a path once', () => {
  const values = [value(7), value(7), value(7)];
  expect(missingOf(values, row({ variables: shown('a: 7, b: 7') }))).toHaveLength(1);
  expect(missingOf(values, row({ other: shown('7 7 7') }))).toHaveLength(3);
  expect(missingOf([value('a.js', 'other'), value('a.js', 'other')], row({ other: shown('a.js') }))).toEqual([]);
});

it('wants the digits of a number that a page cannot hold', () => {
  const [trace] = storedTraces('{"stacktrace":{"frames":[{"vars":{"id":12345678901234567891}}]}}');
  const isShownAs = (text: string) => missingOf(trace?.frames[0] ?? [], row({ variables: shown(text) })).length === 0;
  expect([isShownAs('12345678901234567891'), isShownAs('12345678901234567000')]).toEqual([true, false]);
});

it('counts all of a trace that is not shown, or with another number of frames, and looks at the row of each frame', () => {
  const stored = storedTraces(
    JSON.stringify({
      exception: { values: [{ stacktrace: { frames: [{ lineno: 1 }, { lineno: 2 }] } }] },
    }),
  );
  const rows = [row({ other: shown(':1') }), row({ other: shown(':2') })];
  expect(judge(stored, [rows])).toEqual({ total: 2, missing: [] });
  expect(judge(stored, [[...rows].reverse()]).missing).toHaveLength(2);
  expect(judge(stored, [[row({ repeats: 1, other: shown(':1') })]]).missing).toHaveLength(1);
  expect(judge(stored, [rows.slice(1)]).missing).toHaveLength(2);
  expect(judge(stored, []).missing).toHaveLength(2);
});

it('knows every scalar of every trace by its path, less what says nothing', () => {
  const frame = {
    filename: 'a.py',
    module: null,
    package: '',
    in_app: false,
    context_line: 'x',
    pre_context: ['', 'y', null],
    vars: { a: { b: [null, ''] } },
    data: { orig_in_app: -1 },
  };
  const traces = storedTraces(
    JSON.stringify({
      threads: {
        values: [{ stacktrace: { frames: [frame, { in_app: true }], registers: { rip: '0x1', rax: null } } }],
      },
      exception: { values: [{ raw_stacktrace: { frames: [{ lineno: 3 }] } }, { stacktrace: { frames: [] } }] },
    }),
  );
  expect(
    traces.map(({ path, frames }) => [
      path,
      frames.flat().map((each) => `${each.part} ${each.path.slice(path.length)}`),
    ]),
  ).toEqual([
    ['exception.values.0.raw_stacktrace', ['other .frames.0.lineno']],
    [
      'threads.values.0.stacktrace',
      [
        'other .frames.0.filename',
        'source .frames.0.context_line',
        'source .frames.0.pre_context.1',
        'variables .frames.0.vars.a.b.0',
        'variables .frames.0.vars.a.b.1',
        'other .frames.0.data.orig_in_app',
        'other .frames.1.in_app',
        'registers .registers.rip',
      ],
    ],
  ]);
});

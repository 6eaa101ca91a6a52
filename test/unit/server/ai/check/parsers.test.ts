import { describe, expect, it, test } from 'vitest';
import { parseFile } from '../../../../../server/ai/check/parsers.ts';

const PARSES = { parses: true };
const faultAt = (line: number) => ({ parses: false, error: expect.stringMatching(new RegExp(`[Ll]ine ${line}\\b`)) });

test.each<[string, string, string, number]>([
  [
    'a.py',
    'async def f[T](x: T) -> str:\n    match x:\n        case [1, *_]:\n            return f"{x!r:>{3}}"\n',
    'def f(:\n    pass\n',
    1,
  ],
  ['a.rb', 'def charge(order) = order => {total:}\n', 'def charge\n  [1, 2\nend\n', 1],
  ['a.go', 'package a\n\nfunc Map[T any](x T) T { return x }\n', 'package a\n\nfunc Map( { }\n', 3],
  ['A.java', 'record A(int x) {}\nsealed interface B permits C {}\n', 'class A {\n  int f( { return 1; }\n}\n', 2],
  ['A.cs', 'record A(int X);\nclass B(int y) { int[] z = [1, 2]; }\n', 'class A {\n  int F( }\n', 2],
  ['a.rs', 'fn f(y: Option<u8>) -> u8 { let Some(x) = y else { return 1 }; x }\n', 'fn f() {\n  let = 1;\n}\n', 2],
  [
    'a.php',
    '<?php\nreadonly class C { public function __construct(private int $x) {} }\n',
    '<?php\nfunction f( {\n}\n',
    2,
  ],
])('%s is parsed by the grammar of its language', async (path, right, wrong, line) => {
  expect(await parseFile(path, right, null)).toEqual(PARSES);
  expect(await parseFile(path, right.replaceAll('\n', '\r\n'), null)).toEqual(PARSES);
  expect(await parseFile(path, `\uFEFF${right}`, null)).toEqual(PARSES);
  expect(await parseFile(path, wrong, right)).toMatchObject(faultAt(line));
  expect(await parseFile(path, wrong, wrong)).toMatchObject({ parses: null, why: expect.stringContaining('before') });
});

describe("Python's indentation", () => {
  test.each<[string, string]>([
    ['blocks on the line of their head', 'if a: b; c\nelse: d\n'],
    ['tabs', 'def f():\n\tif a:\n\t\treturn 1\n\treturn 2\n'],
    ['comments anywhere', 'def f():\n# one\n        # two\n    return 1\n  # three\n'],
    ['lines that go on', 'x = f(\n  1,\n      2,\n)\ny = 1 + \\\n   2\n'],
    ['text of several lines', 'def f():\n    """One\n  two\n"""\n    return """\nthree"""\n'],
    ['heads of several lines', '@decorated\ndef f(\n  a,\n        b,\n):\n  return 1\n'],
    ['every clause', 'try:\n  a\nexcept* E:\n  b\nelse:\n  c\nfinally:\n  d\nfor x in y:\n  a\nelse:\n  b\n'],
    ['an expression with else', 'x = (1 if a\n       else 2)\n'],
    ['nothing', ''],
    ['a match', 'match x:\n  case 1: y\n  case _:\n    z\n'],
  ])('may have %s', async (_, text) => {
    expect(await parseFile('a.py', text, null)).toEqual(PARSES);
  });

  test.each<[string, string, number]>([
    ['a line that is too deep', 'def f():\n    a = 1\n      b = 2\n', 3],
    ['a line that is not deep enough', 'class A:\n    def f(self):\n        return 1\n   def g(self): pass\n', 4],
    ['a block without anything', 'def f():\nreturn 1\n', 1],
    ['a block of comments', 'def f():\n    # later\nx = 1\n', 1],
    ['a first line that is deep', '  x = 1\n', 1],
    ['a function deeper than its decorator', 'class A:\n    @property\n      def f(self):\n        return 1\n', 3],
    ['a try that nothing ends', 'try:\n    a\nb\n', 1],
    ['an else below nothing', 'if a:\n    b\n  else:\n    c\n', 3],
    ['a case that is deeper than the one before', 'match x:\n  case 1:\n    y\n   case 2:\n    z\n', 4],
  ])('may not have %s', async (_, text, line) => {
    expect(await parseFile('a.py', text, null)).toMatchObject(faultAt(line));
  });
});

it('gives up where a text nests too deeply, or has too much that is wrong', async () => {
  for (const path of ['a.py', 'a.rb', 'a.cs', 'a.js']) {
    const { parses } = await parseFile(path, `x = ${'('.repeat(100_000)}`, null);
    expect(parses, path).not.toBe(true);
  }
}, 60_000);

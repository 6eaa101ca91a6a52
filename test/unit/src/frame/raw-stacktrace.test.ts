import { expect, test } from 'vitest';
import { rawExceptions, rawStacktrace } from '../../../../src/frame/raw-stacktrace.ts';
import { frame, stacktrace } from './make-event.tsx';

const frames = [
  frame({ filename: 'a.x', absPath: '/srv/a.x', module: 'shop.A', function: 'outer', lineNo: 3, colNo: 7 }),
  frame({
    filename: 'b.x',
    absPath: '/srv/b.x',
    module: 'shop.B',
    function: 'inner',
    lineNo: 9,
    instructionAddr: '0x1010',
    symbolAddr: '0x1000',
    package: '/lib/libshop.so',
  }),
];
const exception = { type: 'Broken', value: 'it broke', module: 'shop.errors', stacktrace: stacktrace(frames) };
const text = (platform: string) => rawStacktrace({ stacktrace: exception.stacktrace, exception, platform });

test.each([
  [
    'python',
    'Traceback (most recent call last):\n  File "a.x", line 3, in outer\n  File "b.x", line 9, in inner\nshop.errors.Broken: it broke',
  ],
  ['javascript', 'Broken: it broke\n    at inner (/srv/b.x:9)\n    at outer (/srv/a.x:3:7)'],
  ['node', 'Broken: it broke\n    at inner (/srv/b.x:9)\n    at outer (/srv/a.x:3:7)'],
  ['java', 'shop.errors.Broken: it broke\n    at shop.B.inner(b.x:9)\n    at shop.A.outer(a.x:3)'],
  ['ruby', "it broke (Broken)\n    from b.x:9:in `inner'\n    from a.x:3:in `outer'"],
  ['php', 'PHP Fatal error: Uncaught Broken: it broke\nStack trace:\n#0 b.x(9): inner()\n#1 a.x(3): outer()'],
  ['csharp', 'shop.errors.Broken: it broke\n   at shop.B.inner in b.x:line 9\n   at shop.A.outer in a.x:line 3'],
  ['go', 'panic: it broke\nshop.B.inner(...)\n\t/srv/b.x:9\nshop.A.outer(...)\n\t/srv/a.x:3'],
  ['rust', 'Broken: it broke\n   0: inner\n             at /srv/b.x:9\n   1: outer\n             at /srv/a.x:3:7'],
  [
    'native',
    'Broken: it broke\n0   libshop                  0x1010             inner + 16 (b.x:9)\n1   <unknown>                                   outer (a.x:3)',
  ],
])('writes a stack trace as %s does', (platform, expected) => expect(text(platform)).toBe(expected));

test.each([
  [
    'Shop.Till',
    'async Task<int> Till.Pay(List<int> all, (int, int) pair)',
    'Shop.Till.Pay(List<int> all, (int, int) pair)',
  ],
  ['Shop.Till', 'Pay', 'Shop.Till.Pay'],
  ['Shop.Till+<>c', 'void <Pay>b__0()', 'Shop.Till+<>c.<Pay>b__0()'],
  [null, 'Main(string[] args)', 'Main(string[] args)'],
])('writes of %s the method %s as .NET prints it', (module, name, printed) => {
  const trace = stacktrace([frame({ module, function: name, filename: null })]);
  expect(rawStacktrace({ stacktrace: trace, platform: 'csharp' })).toBe(`   at ${printed}`);
});

test('leaves the assembly out of the name of an exception', () => {
  const thrown = { type: 'Shop.TillError', value: 'stuck', module: 'Shop, Version=1.0.0.0, Culture=neutral' };
  expect(rawStacktrace({ stacktrace: null, exception: thrown, platform: 'csharp' })).toBe('Shop.TillError: stuck');
});

test('puts the line that ran under a Python frame', () => {
  const source = frame({
    lineNo: 2,
    context: [
      [1, 'x = 1'],
      [2, '    raise x'],
    ],
  });
  expect(rawStacktrace({ stacktrace: stacktrace([source]), platform: 'python' })).toContain(', in f\n    raise x');
});

test('writes a frame of another platform in its own way', () => {
  const mixed = stacktrace([frame({ platform: 'java', module: 'com.A', filename: 'A.java' })]);
  expect(rawStacktrace({ stacktrace: mixed, platform: 'javascript' })).toBe('    at com.A.f(A.java:1)');
});

test('separates several exceptions by a blank line, in the order given', () => {
  const chain = [
    { type: 'Leaf', value: 'b' },
    { type: 'Root', value: 'a' },
  ];
  expect(rawExceptions(chain, 'python')).toBe('Leaf: b\n\nRoot: a');
});

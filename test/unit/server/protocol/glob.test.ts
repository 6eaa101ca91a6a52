import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { compileGlob } from '../../../../server/protocol/glob.ts';

test.each<[string, string, boolean]>([
  ['', '', true],
  ['', 'a', false],
  ['handle', 'handle', true],
  ['handle', 'handler', false],
  ['handle*', 'handler', true],
  ['*handle', 'x/handle', true],
  ['h?ndle', 'hundle', true],
  ['h?ndle', 'hndle', false],
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a.b', 'axb', false],
  ['[a]', '[a]', true],
  ['(x|y)+$', '(x|y)+$', true],
  ['?', '😀', true],
])('pattern %j on name %j: %j', (pattern, text, expected) => {
  expect(compileGlob(pattern, { isPath: false })(text)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['/app/*', '/app/main.py', true],
  ['/app/*', '/app/lib/main.py', false],
  ['/app/**', '/app/lib/main.py', true],
  ['**/vendor/**', '/app/vendor/x.js', true],
  ['**/vendor/**', '/app/vendored/x.js', false],
  ['/app/?ain', '/app//ain', false],
  ['/a?b', '/a/b', false],
  ['/*/b', '/a/b', true],
  ['***', 'a/b', true],
  ['a*b', 'a/b', false],
])('pattern %j on path %j: %j', (pattern, text, expected) => {
  expect(compileGlob(pattern, { isPath: true })(text)).toBe(expected);
});

/** The same by going back, which takes for ever on hostile texts, and is plainly right on short ones. */
function isMatch(pattern: string, text: string, isPath: boolean): boolean {
  const star = /^\*+/.exec(pattern)?.[0];
  if (star) {
    const rest = pattern.slice(star.length);
    if (isMatch(rest, text, isPath)) return true;
    return text !== '' && !(isPath && star.length === 1 && text[0] === '/') && isMatch(pattern, text.slice(1), isPath);
  }
  if (pattern === '' || text === '') return pattern === text;
  const isSame = pattern[0] === '?' ? !(isPath && text[0] === '/') : pattern[0] === text[0];
  return isSame && isMatch(pattern.slice(1), text.slice(1), isPath);
}

it('says what going back says, also of patterns longer than one word of bits', () => {
  const piece = fc.constantFrom('a', 'b', '/', '?', '*', '**', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  const pattern = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));
  const text = fc
    .array(fc.constantFrom('a', 'b', '/', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), { maxLength: 6 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(pattern, text, fc.boolean(), (pattern, text, isPath) => {
      expect(compileGlob(pattern, { isPath })(text)).toBe(isMatch(pattern, text, isPath));
    }),
    { numRuns: 2_000 },
  );
});

it('takes no longer for a pattern that makes others go back', () => {
  const glob = compileGlob(`${'*a'.repeat(249)}b`, { isPath: false });
  const started = performance.now();
  for (let run = 0; run < 20; run += 1) expect(glob('a'.repeat(2_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});

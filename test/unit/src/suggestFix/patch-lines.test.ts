import { describe, expect, it } from 'vitest';
import { lineRanges, patchLines } from '../../../../src/suggestFix/patch-lines.ts';

const numbered = (patch: string) =>
  patchLines(patch).flatMap(({ after, path, text }) => (after === null ? [] : [`${path}:${after} ${text}`]));

describe('lines of a patch', () => {
  it('have the numbers of the patched file', () => {
    const patch = ['--- a/x.py', '+++ b/x.py', '@@ -3,3 +5,4 @@ def f():', ' same', '-old', '+new', '+more', ' end'];
    expect(numbered(patch.join('\n'))).toEqual(['x.py:5  same', 'x.py:6 +new', 'x.py:7 +more', 'x.py:8  end']);
    expect(patchLines(patch.join('\n')).map(({ kind }) => kind)).toEqual([
      ...['file', 'file', 'hunk', 'same', 'removed', 'added', 'added', 'same'],
    ]);
  });

  it('are of their own file, where a patch has several', () => {
    const patch = ['--- a/x', '+++ b/x', '@@ -1 +1 @@', '-1', '+2', '--- a/y', '+++ b/y', '@@ -9 +9 @@', '-3', '+4'];
    expect(numbered(patch.join('\n'))).toEqual(['x:1 +2', 'y:9 +4']);
  });

  it('may look like heads within a hunk', () => {
    const patch = ['--- a/x.sql', '+++ b/x.sql', '@@ -1,2 +1,2 @@', '--- a comment', '+++ twice', ' same'];
    expect(patchLines(patch.join('\n')).map(({ kind }) => kind)).toEqual([
      ...['file', 'file', 'hunk', 'removed', 'added', 'same'],
    ]);
  });

  it('have no number where the head of their hunk says none', () => {
    expect(numbered('--- a/x\n+++ b/x\n@@ ... @@\n-1\n+2')).toEqual([]);
  });

  it('that end a file without a line end are not counted', () => {
    expect(numbered('+++ b/x\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+2\n')).toEqual(['x:1 +2']);
  });
});

it('writes numbers as ranges', () => {
  expect(lineRanges([9, 3, 4, 5, 4])).toBe('3–5, 9');
  expect(lineRanges([])).toBe('');
});

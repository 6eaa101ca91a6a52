import { describe, expect, it, test } from 'vitest';
import { fixParts, joinPatches, patchFileName, splitPatches } from '../../../../src/suggestFix/answer-parts.ts';

const fenced = (info: string, ...lines: string[]) => [`\`\`\`${info}`, ...lines, '```'].join('\n');
const diff = ['--- a/pay.py', '+++ b/pay.py', '@@ -1 +1 @@', '-a', '+b'];

describe('diffs of an answer', () => {
  test.each(['diff', 'patch', 'DIFF', 'udiff extra', 'python', ''])('are found in a block called %j', (info) => {
    expect(splitPatches(`Before\n${fenced(info, ...diff)}\nAfter`)).toEqual([
      { kind: 'text', text: 'Before' },
      { kind: 'patch', text: diff.join('\n') },
      { kind: 'text', text: 'After' },
    ]);
  });

  it('leave other code and its fences as they are', () => {
    const text = `Words\n${fenced('python', 'print(1)', '--- not a diff')}\nmore`;
    expect(splitPatches(text)).toEqual([{ kind: 'text', text }]);
  });

  it('end at marks as long as those that began them', () => {
    const text = ['~~~~diff', '+```', '+~~~', '~~~~', 'After'].join('\n');
    expect(splitPatches(text)).toEqual([
      { kind: 'patch', text: '+```\n+~~~' },
      { kind: 'text', text: 'After' },
    ]);
  });

  it('show while they grow', () => {
    expect(splitPatches('```diff\n--- a/x\n+++')).toEqual([{ kind: 'patch', text: '--- a/x\n+++' }]);
  });
});

describe('the fix', () => {
  const parts = (...texts: string[]) => splitPatches(texts.join('\n'));

  it('is the diffs of the section of that name, in order, without those of a test', () => {
    const all = parts('## Fix', fenced('diff', '+1'), 'and', fenced('diff', '+2'), '## Verify', fenced('diff', '+3'));
    expect(joinPatches(all, fixParts(all))).toBe('+1\n+2\n');
  });

  it('is every other diff where no section is called so', () => {
    const all = parts(fenced('diff', '+1'), '### How to verify', fenced('diff', '+2'));
    expect(joinPatches(all, fixParts(all))).toBe('+1\n');
  });

  it('is none without a diff', () => {
    const all = parts('## Fix', 'I cannot tell.', fenced('diff', ''));
    expect(joinPatches(all, fixParts(all))).toBeNull();
  });

  it('is downloaded under the name of its issue', () => {
    expect(patchFileName('CHECKOUT-12', { id: '34' })).toBe('CHECKOUT-12-fix-34.patch');
    expect(patchFileName('../../x y', { id: null })).toBe('..-..-x-y-fix.patch');
  });
});

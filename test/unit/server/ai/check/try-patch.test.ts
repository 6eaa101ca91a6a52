import { applyPatch, createTwoFilesPatch, parsePatch } from 'diff';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { readPatch } from '../../../../../server/ai/check/read-patch.ts';
import { tryPatch } from '../../../../../server/ai/check/try-patch.ts';

const lines = fc.array(
  fc.constantFrom('a', 'b', '', ' c', '-d', '+e', '-- f', '++ f', '-- /dev/null', '--- f', '+++ g', '@@', '\\', 'h\t'),
  {
    maxLength: 30,
  },
);
const text = fc
  .record({ lines, end: fc.constantFrom('\n', '') })
  .map(({ lines: all, end }) => (all.length > 0 ? all.join('\n') + end : ''));

async function apply(before: string, patch: string): Promise<string | false | null> {
  const read = readPatch(patch);
  if (read.fault) return null;
  const [file] = read.files;
  const tried = await tryPatch([{ path: 'x', kind: 'change', mode: '100644', before, hunks: file?.hunks ?? [] }]);
  const [written] = tried.patch === null ? [] : parsePatch(tried.patch);
  return written ? applyPatch(before, written, { autoConvertLineEndings: false }) : false;
}

it('makes of every right diff what it says, however little is around the changes', async () => {
  const contexts = fc.constantFrom(0, 1, 3);
  const property = fc.asyncProperty(text, text, contexts, async (before, after, context) => {
    fc.pre(before !== after);
    const patch = createTwoFilesPatch('a/x', 'b/x', before, after, undefined, undefined, { context });
    expect(await apply(before, patch)).toBe(after);
  });
  await fc.assert(property, { numRuns: 2000 });
});

it('adds below a last line without a break what another hunk puts in its place', async () => {
  const patch = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+c\n@@ -1,1 +1,2 @@\n a\n+b\n';
  const both = '--- a/x\n+++ b/x\n a\n+b\n@@ -1 +1 @@\n-a\n';
  expect(await apply('a', both)).toBe('b');
  expect(await apply('a', patch)).toBe('c\nb\n');
});

it('stands any text for a patch', async () => {
  const line = fc.constantFrom(
    '--- a/x',
    '+++ b/x',
    '@@ -1,2 +1,2 @@',
    '@@',
    ' a',
    '-a',
    '+b',
    '',
    'a',
    '\\ No newline',
    'diff --git a/x b/x',
    '*** End Patch',
    '*** Add File: y',
    'new file mode 100644',
  );
  const property = fc.asyncProperty(fc.array(line), text, async (patch, before) => {
    await apply(before, patch.join('\n'));
  });
  await fc.assert(property, { numRuns: 2000 });
});

test.each([
  ['heads', '--- a/x\n+++ b/x\n', '@@ -1 +1 @@\n'],
  ['headers', '', '--- a/x\n+++ b/x\n'],
  ['lines at the margin', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n', 'a\n'],
  ['blank lines', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n', '\n'],
  ['quotes', '--- "', '\\303'],
  ['spaces in a name', '--- a/x\n+++ b/', ' '],
])('reads half a megabyte of %s in little time', (_, start, repeated) => {
  const patch = start + repeated.repeat(Math.floor((500_000 - start.length) / repeated.length));
  const startedAt = performance.now();
  readPatch(patch);
  // Tens of milliseconds; what grows with the square takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

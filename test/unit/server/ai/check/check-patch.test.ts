import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { createTryInThread } from '../../../../../server/ai/check/try-in-thread.ts';
import { commitAll, mapping, writeFiles } from '../../source/checkout.ts';
import { answerWith, patchedRepository } from './patched-repository.ts';

const BILLING = `import decimal


class Billing:
    def __init__(self, rate):
        self.rate = rate

    def charge(self, order, amount):
        if order is None:
            return None
        total = amount * self.rate
        order.total = total
        return order

    def refund(self, order):
        if order is None:
            return None
        order.total = 0
        return order
`;
const CART = `export function total(items: { price: number }[]): number {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}
`;
const FILES = {
  'app/billing.py': BILLING,
  'web/cart.ts': CART,
  'web/page.jsx': 'export const Page = () => <b>{1}</b>;\n',
  'web/win.js': 'const a = 1;\r\nconst b = 2;\r\nconst c = 3;\r\n',
  'web/open.js': 'const a = 1;\nconst b = 2;',
  'web/bom.js': '\uFEFFconst a = 1;\nconst b = 2;\n',
  'package.json': '{\n  "name": "shop",\n  "private": true\n}\n',
  'tsconfig.json': '{\n  // with a comment\n  "strict": true\n}\n',
  'deploy.yaml': 'a:\n  - b\n  - c\n',
  'pom.xml': '<project>\n  <a>1</a>\n</project>\n',
  'docs/two words.md': 'one\ntwo\nthree\n',
  'docs/größe.md': 'eins\nzwei\n',
  'empty.txt': '',
  'many.txt': 'x\n{\n}\n'.repeat(20),
  'spaces.py': 'def a():\n    x = 1  \n    return x\n',
  'dsn.py': 'DSN = "postgres://shop:hunter2@db/shop"\nretry = 1\ntimeout = 2\n',
  'query.sql': '-- all\nselect 1;\n-- end\n',
  '.env': 'KEY=1\n',
  'logo.png': new Uint8Array([137, 80, 78, 71, 0, 1]),
  'latin.py': new Uint8Array([0x23, 0xe4, 10]),
  'link.py': { link: 'app/billing.py' },
  'app/__init__.py': '',
};

const header = (path: string) => `--- a/${path}\n+++ b/${path}\n`;
const GUARD =
  ' \n     def charge(self, order, amount):\n-        if order is None:\n+        if order is None or amount is None:\n             return None\n         total = amount * self.rate';
const guarded = BILLING.replace('if order is None:', 'if order is None or amount is None:');

describe('a patch that applies is written anew as git takes it', () => {
  const shop = patchedRepository(FILES);
  afterAll(() => shop[Symbol.dispose]());
  const billing = header('app/billing.py');
  test.each<[string, string, string, string, RegExp[]]>([
    [
      'as it should be',
      `${billing}@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/app\/billing\.py parses\./, /Not run: no test was run\.$/],
    ],
    [
      'with what git writes above it',
      `diff --git a/app/billing.py b/app/billing.py\nindex 12ab..34cd 100644\n${billing}@@ -7,5 +7,5 @@ class Billing\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'at another line',
      `${billing}@@ -3,5 +3,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/Hunk 1 fits 4 lines below where it says\./],
    ],
    ['beyond the end', `${billing}@@ -700,5 +700,5 @@\n${GUARD}`, 'app/billing.py', guarded, [/693 lines above/]],
    [
      'with wrong counts',
      `${billing}@@ -7,9 +7,3 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/counts its lines wrongly/],
    ],
    [
      'with counts that are too small',
      `${billing}@@ -7,1 +7,1 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/counts its lines wrongly/],
    ],
    [
      'without numbers',
      `${billing}@@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/no numbers of lines; it fits in one place, line 7/],
    ],
    ['with dots for numbers', `${billing}@@ ... @@\n${GUARD}`, 'app/billing.py', guarded, []],
    [
      'with words for numbers',
      `${billing}@@ def charge(self, order, amount): @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    ['without a head', `${billing}${GUARD}`, 'app/billing.py', guarded, []],
    [
      'without prefixes',
      `--- app/billing.py\n+++ app/billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with one prefix',
      `--- app/billing.py\n+++ b/app/billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with other prefixes',
      `--- old/app/billing.py\n+++ new/app/billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with dots before the path',
      `--- ./app/billing.py\n+++ ./app/billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with the slashes of Windows',
      `--- a\\app\\billing.py\n+++ b\\app\\billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with times',
      `--- a/app/billing.py\t2026-01-02 03:04:05\n+++ b/app/billing.py 2026-01-02 03:04:05.000 +0000\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with a header for one of the names',
      `+++ b/app/billing.py\n@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      "in OpenAI's own form",
      `*** Begin Patch\n*** Update File: app/billing.py\n@@ class Billing:\n${GUARD}\n*** End Patch`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with blank lines that lost their space',
      `${billing}@@ -7,5 +7,5 @@\n${GUARD.slice(1)}\n\n`,
      'app/billing.py',
      guarded,
      [],
    ],
    [
      'with context at the margin',
      `${billing}@@ -4,3 +4,3 @@\nclass Billing:\n     def __init__(self, rate):\n-        self.rate = rate\n+        self.rate = 2`,
      'app/billing.py',
      BILLING.replace('= rate', '= 2'),
      [/lacks the space/],
    ],
    [
      'with prose after it',
      `${billing}@@ -7,5 +7,5 @@\n${GUARD}\nThis refuses an amount that is None.`,
      'app/billing.py',
      guarded,
      [],
    ],
    ['with prose before it', `This is the change:\n${billing}@@ -7,5 +7,5 @@\n${GUARD}`, 'app/billing.py', guarded, []],
    [
      'with nothing around it',
      `${billing}@@ -6 +6 @@\n-        self.rate = rate\n+        self.rate = 2`,
      'app/billing.py',
      BILLING.replace('= rate', '= 2'),
      [],
    ],
    [
      'with nothing below it',
      `${billing}@@ -5,2 +5,3 @@\n     def __init__(self, rate):\n         self.rate = rate\n+        self.calls = 0`,
      'app/billing.py',
      BILLING.replace('= rate\n', '= rate\n        self.calls = 0\n'),
      [],
    ],
    [
      'added by its number alone',
      `${billing}@@ -6,0 +7 @@\n+        self.calls = 0`,
      'app/billing.py',
      BILLING.replace('= rate\n', '= rate\n        self.calls = 0\n'),
      [/only its number says where/],
    ],
    [
      'two hunks',
      `${billing}@@ -1,2 +1,3 @@\n import decimal\n+import os\n \n@@ -18,2 +19,2 @@\n-        order.total = 0\n+        order.total = 1\n         return order`,
      'app/billing.py',
      BILLING.replace('decimal\n', 'decimal\nimport os\n').replace('total = 0', 'total = 1'),
      [],
    ],
    [
      'two hunks in the other order',
      `${billing}@@ -18,2 +19,2 @@\n-        order.total = 0\n+        order.total = 1\n         return order\n@@ -1,2 +1,3 @@\n import decimal\n+import os\n `,
      'app/billing.py',
      BILLING.replace('decimal\n', 'decimal\nimport os\n').replace('total = 0', 'total = 1'),
      [],
    ],
    [
      'the same hunk twice',
      `${billing}@@ -7,5 +7,5 @@\n${GUARD}\n${billing}@@ -7,5 +7,5 @@\n${GUARD}`,
      'app/billing.py',
      guarded,
      [/stands there twice/],
    ],
    [
      'hunks that touch',
      `${billing}@@ -9,1 +9,1 @@\n-        if order is None:\n+        if not order:\n@@ -10,1 +10,1 @@\n-            return None\n+            return 0`,
      'app/billing.py',
      BILLING.replace('if order is None:\n            return None', 'if not order:\n            return 0'),
      [],
    ],
    [
      'the nearest of several places',
      `${header('many.txt')}@@ -30,3 +30,3 @@\n x\n-{\n+(\n }`,
      'many.txt',
      `${'x\n{\n}\n'.repeat(10)}x\n(\n}\n${'x\n{\n}\n'.repeat(9)}`,
      [/fits in 20 places; the nearest was taken/],
    ],
    [
      'spaces at ends of lines that the model dropped',
      `${header('spaces.py')}@@ -1,3 +1,3 @@\n def a():\n     x = 1\n-    return x\n+    return 2`,
      'spaces.py',
      'def a():\n    x = 1  \n    return 2\n',
      [/Spaces at the ends/],
    ],
    [
      'CRLF in the file',
      `${header('web/win.js')}@@ -1,3 +1,4 @@\n const a = 1;\n-const b = 2;\n+const b = 3;\n+const d = 4;\n const c = 3;`,
      'web/win.js',
      'const a = 1;\r\nconst b = 3;\r\nconst d = 4;\r\nconst c = 3;\r\n',
      [/web\/win\.js parses\./],
    ],
    [
      'CRLF in the answer',
      `${header('web/cart.ts')}@@ -2,1 +2,1 @@\n-  let sum = 0;\n+  let sum = 1;`.replaceAll('\n', '\r\n'),
      'web/cart.ts',
      CART.replace('sum = 0', 'sum = 1'),
      [/web\/cart\.ts parses\./],
    ],
    [
      'no newline at the end, and none after',
      `${header('web/open.js')}@@ -1,2 +1,2 @@\n const a = 1;\n-const b = 2;\n+const b = 3;`,
      'web/open.js',
      'const a = 1;\nconst b = 3;',
      [],
    ],
    [
      'no newline at the end, said',
      `${header('web/open.js')}@@ -1,2 +1,2 @@\n const a = 1;\n-const b = 2;\n\\ No newline at end of file\n+const b = 3;\n\\ No newline at end of file`,
      'web/open.js',
      'const a = 1;\nconst b = 3;',
      [],
    ],
    [
      'a newline that it adds',
      `${header('web/open.js')}@@ -1,2 +1,2 @@\n const a = 1;\n-const b = 2;\n\\ No newline at end of file\n+const b = 3;`,
      'web/open.js',
      'const a = 1;\nconst b = 3;\n',
      [],
    ],
    [
      'lines below one without a newline',
      `${header('web/open.js')}@@ -2,1 +2,2 @@\n const b = 2;\n+const c = 3;`,
      'web/open.js',
      'const a = 1;\nconst b = 2;\nconst c = 3;',
      [],
    ],
    [
      'lines at the end',
      `${header('query.sql')}@@ -2,2 +2,3 @@\n select 1;\n -- end\n+select 2;`,
      'query.sql',
      '-- all\nselect 1;\n-- end\nselect 2;\n',
      [],
    ],
    [
      'lines that look like headers',
      `${header('query.sql')}@@ -1,3 +1,3 @@\n--- all\n+++ none\n select 1;\n -- end`,
      'query.sql',
      '++ none\nselect 1;\n-- end\n',
      [],
    ],
    [
      'the last line going',
      `${header('query.sql')}@@ -2,2 +2,1 @@\n select 1;\n--- end`,
      'query.sql',
      '-- all\nselect 1;\n',
      [],
    ],
    [
      'a byte order mark',
      `${header('web/bom.js')}@@ -1,2 +1,2 @@\n const a = 1;\n-const b = 2;\n+const b = 3;`,
      'web/bom.js',
      '\uFEFFconst a = 1;\nconst b = 3;\n',
      [],
    ],
    [
      'a new file',
      '--- /dev/null\n+++ b/app/guard.py\n@@ -0,0 +1,2 @@\n+def guard():\n+    return 1',
      'app/guard.py',
      'def guard():\n    return 1\n',
      [],
    ],
    [
      'a new file, as git says it',
      'diff --git a/app/guard.py b/app/guard.py\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/app/guard.py\n@@ -0,0 +1,1 @@\n+x = 1',
      'app/guard.py',
      'x = 1\n',
      [],
    ],
    ['a new file, not said', `${header('app/guard.py')}@@ -0,0 +1,1 @@\n+x = 1`, 'app/guard.py', 'x = 1\n', []],
    ['lines of an empty file', `${header('empty.txt')}@@ -0,0 +1,1 @@\n+x = 1`, 'empty.txt', 'x = 1\n', []],
    [
      'a path with a space',
      `${header('docs/two words.md')}@@ -1,3 +1,3 @@\n one\n-two\n+2\n three`,
      'docs/two words.md',
      'one\n2\nthree\n',
      [],
    ],
    [
      'a path with other letters',
      `${header('docs/größe.md')}@@ -1,2 +1,2 @@\n-eins\n+1\n zwei`,
      'docs/größe.md',
      '1\nzwei\n',
      [],
    ],
    [
      'a path that is quoted',
      '--- "a/docs/gr\\303\\266\\303\\237e.md"\n+++ "b/docs/gr\\303\\266\\303\\237e.md"\n@@ -1,2 +1,2 @@\n-eins\n+1\n zwei',
      'docs/größe.md',
      '1\nzwei\n',
      [],
    ],
  ])('%s', async (_, diff, path, expected, words) => {
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'applies', commit: shop.commit, files: [{ path }] });
    expect(check.detail).toMatch(/^Applies to [0-9a-f]{7}\./);
    for (const word of words) expect(check.detail).toMatch(word);
    expect(shop.gitApplies(check.patch ?? '', path)).toBe(expected);
  });

  it('two files, one of which is deleted', async () => {
    const diff = `${billing}@@ -7,5 +7,5 @@\n${GUARD}\n--- a/web/open.js\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-const a = 1;\n-const b = 2;`;
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'applies', files: [{ path: 'app/billing.py' }, { path: 'web/open.js' }] });
    expect(check.detail).toContain('web/open.js is deleted.');
    expect(shop.gitApplies(check.patch ?? '', 'app/billing.py')).toBe(guarded);
    expect(() => shop.gitApplies(check.patch ?? '', 'web/open.js')).toThrow(/ENOENT/);
  });

  it('two blocks of one answer', async () => {
    const top = `${billing}@@ -1,2 +1,3 @@\n import decimal\n+import os\n `;
    const answer = answerWith(`${billing}@@ -7,5 +7,5 @@\n${GUARD}`).replace(
      '## Fix\n',
      `## Fix\n\`\`\`diff\n${top}\n\`\`\`\nand\n`,
    );
    const check = await shop.check(answer);
    expect(shop.gitApplies(check.patch ?? '', 'app/billing.py')).toBe(
      guarded.replace('decimal\n', 'decimal\nimport os\n'),
    );
  });

  it('and nothing in the checkout is touched', () => expect(shop.status()).toBe(''));
});

describe('a patch that does not apply says where', () => {
  const shop = patchedRepository({ ...FILES, 'secret/key.pem': 'x\n' });
  afterAll(() => shop[Symbol.dispose]());
  const billing = header('app/billing.py');
  const applies = `${billing}@@ -1,2 +1,3 @@\n import decimal\n+import os\n `;

  test.each<[string, string, Record<string, unknown>, RegExp]>([
    [
      'wrong context',
      `${billing}@@ -7,3 +7,3 @@\n     def charge(self, order, amount):\n-        if order is none:\n+        if not order:\n             return None`,
      {
        failedHunk: 1,
        expected: ['    def charge(self, order, amount):', '        if order is none:', '            return None'],
        found: ['    def charge(self, order, amount):', '        if order is None:', '            return None'],
      },
      /hunk 1 of app\/billing\.py\. Its lines are not in the file/,
    ],
    [
      'the second hunk',
      `${applies}\n@@ -18,2 +19,2 @@\n-        order.total = 7\n+        order.total = 1\n         return order`,
      {
        failedHunk: 2,
        expected: ['        order.total = 7', '        return order'],
        found: ['        order.total = 0', '        return order'],
      },
      /hunk 2/,
    ],
    [
      'lines of nowhere',
      `${billing}@@ -1 +1 @@\n-nowhere\n+x`,
      { failedHunk: 1, expected: ['nowhere'], found: ['import decimal'] },
      /hunk 1/,
    ],
    [
      'lines that were left out',
      `${billing}@@ -8,5 +8,5 @@\n     def charge(self, order, amount):\n ...\n-        return order\n+        return None`,
      { failedHunk: 1, expected: ['    def charge(self, order, amount):', '...', '        return order'] },
      /not in the file/,
    ],
    [
      'several places without a number',
      `${header('many.txt')}@@\n x\n-{\n+(\n }`,
      { failedHunk: 1 },
      /fits in 20 places/,
    ],
    ['added lines without a number', `${billing}@@\n+x = 1`, { failedHunk: 1 }, /nothing says where they go/],
    [
      'two hunks that change the same lines',
      `${billing}@@ -6 +6 @@\n-        self.rate = rate\n+        self.rate = 1\n@@ -6 +6 @@\n-        self.rate = rate\n+        self.rate = 2`,
      { failedHunk: 2 },
      /another hunk changes/,
    ],
    [
      'a file that is deleted by half',
      '--- a/query.sql\n+++ /dev/null\n@@ -1,2 +0,0 @@\n--- all\n-select 1;',
      { failedHunk: 1 },
      /does not have all of its lines/,
    ],
    ['lines of an empty file', `${header('empty.txt')}@@ -1 +1 @@\n-x\n+y`, { failedHunk: 1 }, /The file is empty/],
    ['one that breaks off', `${billing}@@ -1,9 +1,9 @@\n import decimal\n-import o`, { failedHunk: 1 }, /breaks off/],
    [
      'a file that git does not track',
      `${header('app/other.py')}@@ -1 +1 @@\n-x\n+y`,
      { path: 'app/other.py' },
      /Git tracks no app\/other\.py there/,
    ],
    [
      'a new file that is there',
      '--- /dev/null\n+++ b/app/billing.py\n@@ -0,0 +1 @@\n+x',
      { path: 'app/billing.py' },
      /is there already/,
    ],
    [
      'a new file below no folder',
      '--- /dev/null\n+++ b/elsewhere/new.py\n@@ -0,0 +1 @@\n+x',
      { path: 'elsewhere/new.py' },
      /in a folder that the repository does not have/,
    ],
    ['a new file where a folder is', '--- /dev/null\n+++ b/app\n@@ -0,0 +1 @@\n+x', { path: 'app' }, /is a folder/],
    [
      'a new file below a file',
      '--- /dev/null\n+++ b/app/billing.py/x.py\n@@ -0,0 +1 @@\n+x',
      { path: 'app/billing.py/x.py' },
      /does not have/,
    ],
    [
      'a new file below a link',
      '--- /dev/null\n+++ b/link.py/x.py\n@@ -0,0 +1 @@\n+x',
      { path: 'link.py/x.py' },
      /does not have/,
    ],
  ])('%s', async (_, diff, file, words) => {
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'does_not_apply', commit: shop.commit });
    expect(check.files?.find(({ failedHunk, path }) => failedHunk || path === file['path'])).toMatchObject(file);
    expect(check.detail).toMatch(/^Does not apply to [0-9a-f]{7}: /);
    expect(check.detail).toMatch(words);
    expect(check.patch ?? null).toBeNull();
  });

  const malformed = (path: string) => `--- ${path}\n+++ ${path}\n@@ -1 +1 @@\n-x\n+y`;
  test.each<[string, string, RegExp]>([
    ['no file', '@@ -1 +1 @@\n-x\n+y', /does not name the file/],
    ['words', 'Change the rate to 2.', /does not name the file/],
    ['no change', `${billing}@@ -1,2 +1,2 @@\n import decimal\n `, /changes nothing/],
    ['neither file', '--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-x\n+y', /names no file/],
    [
      'a rename',
      'diff --git a/app/billing.py b/app/b.py\nsimilarity index 90%\nrename from app/billing.py\nrename to app/b.py',
      /renames or copies/,
    ],
    ['a picture', 'diff --git a/logo.png b/logo.png\nindex 1..2\nGIT binary patch\nliteral 3', /no text/],
    ['a merge', `${billing}@@@ -1 -1 +1 @@@\n- x\n++y`, /merge of several/],
    ['an absolute path', malformed('/etc/passwd'), /absolute/],
    ['a path of Windows', malformed('C:\\\\Windows\\\\x'), /absolute/],
    ['an address', malformed('https://example.com/x'), /absolute/],
    ["somebody's home", malformed('~/.bashrc'), /absolute/],
    ['a path that climbs', malformed('a/../../etc/passwd'), /leads elsewhere/],
    ['a path that climbs, of Windows', malformed('a/..\\..\\x'), /leads elsewhere/],
    ['a path that climbs after its prefix', malformed('b/app/../../x'), /leads elsewhere/],
    ["git's own files", malformed('a/.git/hooks/pre-commit'), /git's own/],
    ["git's own files in other letters", malformed('a/.GIT/config'), /git's own/],
    ["git's own files as Windows has them", malformed('a/GIT~1/config'), /git's own/],
    ['a submodule of its own', malformed('a/vendor/.git/config'), /git's own/],
    ['characters that cannot be seen', malformed('a/app/bill\u202Eing.py'), /cannot be seen/],
    ['a NUL that is quoted', '--- "a/x\\000.py"\n+++ "b/x\\000.py"\n@@ -1 +1 @@\n-x\n+y', /cannot be seen/],
    ['a stream of a file', malformed('a/app/billing.py::$DATA'), /no file of every system/],
    ['a long path', malformed(`a/${'x'.repeat(2000)}`), /too long/],
    ['too many files', Array.from({ length: 60 }, (_, at) => malformed(`a/${at}`)).join('\n'), /more files or hunks/],
    ['too much', `${billing}@@ -1 +1 @@\n-x\n+${'y'.repeat(600_000)}`, /longer than/],
  ])('one with %s is none', async (_, diff, words) => {
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'malformed' });
    expect(check.detail).toMatch(words);
  });

  test.each<[string, string, RegExp]>([
    ['a file that may hold secrets', `${header('.env')}@@ -1 +1 @@\n-KEY=1\n+KEY=2`, /is not shown/],
    ['a new file that may hold secrets', '--- /dev/null\n+++ b/app/.env\n@@ -0,0 +1 @@\n+x', /is not shown/],
    ['a key', `${header('secret/key.pem')}@@ -1 +1 @@\n-x\n+y`, /is not shown/],
    ['a link', `${header('link.py')}@@ -1 +1 @@\n-x\n+y`, /is a link/],
    ['a picture', `${header('logo.png')}@@ -1 +1 @@\n-x\n+y`, /no text/],
    ['a file that is not UTF-8', `${header('latin.py')}@@ -1 +1 @@\n-x\n+y`, /not written in UTF-8/],
  ])('%s is not looked at', async (_, diff, words) => {
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'not_checked', files: [{}] });
    expect(check.detail).toMatch(words);
    expect(JSON.stringify(check)).not.toContain('KEY=1');
  });

  it('half an answer is no patch', async () => {
    const whole = answerWith(`${billing}@@ -7,5 +7,5 @@\n${GUARD}`);
    const half = whole.slice(0, whole.indexOf('amount is None'));
    expect(await shop.check(half)).toMatchObject({
      status: 'malformed',
      detail: expect.stringContaining('breaks off'),
    });
  });

  it('an answer without one has none', async () => {
    expect(await shop.check('## Fix\nDo nothing.')).toMatchObject({ status: 'no_patch' });
  });

  it('what is not known of an event leaves its patch unchecked', async () => {
    const answer = answerWith(applies);
    expect(await shop.check(answer, 'shop@9')).toMatchObject({
      status: 'not_checked',
      detail: expect.stringContaining('shop@9'),
    });
    const sha = 'a'.repeat(40);
    expect(await shop.check(answer, sha)).toMatchObject({
      status: 'not_checked',
      detail: expect.stringContaining('git fetch'),
    });
    using none = patchedRepository(FILES, { mappings: () => [] });
    expect(await none.check(answer)).toMatchObject({
      status: 'not_checked',
      detail: expect.stringContaining('no code mapping'),
    });
    using closed = patchedRepository(FILES, { roots: [] });
    expect(await closed.check(answer)).toMatchObject({
      status: 'not_checked',
      detail: expect.stringContaining('source.roots'),
    });
  });
});

describe('files of a patch', () => {
  const shop = patchedRepository(FILES);
  afterAll(() => shop[Symbol.dispose]());
  const one = (path: string, before: string, after: string) =>
    answerWith(`${header(path)}@@ -1 +1 @@\n-${before}\n+${after}`);

  test.each<[string, string, boolean | null, RegExp]>([
    ['TypeScript', one('web/cart.ts', '  let sum = 0;', '  let sum: number = 0;'), true, /web\/cart\.ts parses/],
    [
      'TypeScript that is none',
      one('web/cart.ts', '  let sum = 0;', '  let sum: = 0;'),
      false,
      /does not parse: .*line 2/,
    ],
    ['a brace too many', one('web/cart.ts', '  return sum;', '  return sum; }'), false, /does not parse/],
    [
      'a name twice',
      one('web/cart.ts', '  let sum = 0;', '  let sum = 0; let sum = 1;'),
      false,
      /A name is declared twice, line 2/,
    ],
    [
      'JSX',
      one('web/page.jsx', 'export const Page = () => <b>{1}</b>;', 'export const Page = () => <i>{2}</i>;'),
      true,
      /parses/,
    ],
    [
      'JSX that does not end',
      one('web/page.jsx', 'export const Page = () => <b>{1}</b>;', 'export const Page = () => <i>{2};'),
      false,
      /does not parse/,
    ],
    ['JSON', one('package.json', '  "private": true', '  "private": false'), true, /parses/],
    [
      'JSON with a comma at its end',
      one('package.json', '  "private": true', '  "private": true,'),
      false,
      /It is no JSON from line 4 on/,
    ],
    [
      'JSON that was none before',
      one('tsconfig.json', '  "strict": true', '  "strict": false'),
      null,
      /could not be parsed before the patch either/,
    ],
    ['YAML', one('deploy.yaml', '  - c', '  - d'), true, /parses/],
    ['YAML that is none', one('deploy.yaml', '  - c', ' - [d'), false, /It is no YAML from line \d on/],
    ['XML', one('pom.xml', '  <a>1</a>', '  <a>2</a>'), true, /parses/],
    ['XML that does not end', one('pom.xml', '  <a>1</a>', '  <a>2</b>'), false, /It is no XML from line \d on/],
    [
      'Python',
      one('app/billing.py', 'import decimal', 'import decimal as'),
      false,
      /app\/billing\.py does not parse: .*, line 1\./,
    ],
    [
      'Kotlin',
      answerWith('--- /dev/null\n+++ b/app/Billing.kt\n@@ -0,0 +1 @@\n+val rate ='),
      null,
      /not parsed, no parser for Kotlin here/,
    ],
    ['an ending that nobody knows', one('many.txt', 'x', 'y'), null, /no parser for files of this kind/],
    [
      'a new one',
      answerWith('--- /dev/null\n+++ b/web/x.mjs\n@@ -0,0 +1 @@\n+const x = ;'),
      false,
      /does not parse: .*line 1/,
    ],
    [
      'one that nests too deep',
      answerWith(`--- /dev/null\n+++ b/web/x.js\n@@ -0,0 +1 @@\n+${'('.repeat(100_000)}`),
      null,
      /nested too deeply/,
    ],
    [
      'an ending named like what every object has',
      answerWith('--- /dev/null\n+++ b/web/x.constructor\n@@ -0,0 +1 @@\n+x'),
      null,
      /no parser/,
    ],
  ])('are parsed: %s', async (_, answer, parses, words) => {
    const check = await shop.check(answer);
    expect(check).toMatchObject({ status: 'applies', files: [{ parses }] });
    expect(check.detail).toMatch(words);
    // Of the file it says nothing but a line: the message may go where the file does not.
    if (parses === false) expect(check.files?.[0]?.parseError).not.toMatch(/sum|Page|private|<b>/);
  });

  it('are found by what a code mapping makes of a frame', async () => {
    using mapped = patchedRepository(FILES, {
      mappings: (folder) => [mapping(folder, { stackRoot: 'shop/', sourceRoot: 'app' })],
    });
    const check = await mapped.check(answerWith(`${header('shop/billing.py')}@@ -7,5 +7,5 @@\n${GUARD}`));
    expect(check).toMatchObject({ status: 'applies', files: [{ path: 'app/billing.py' }] });
    expect(check.detail).toContain('app/billing.py: The patch calls it shop/billing.py.');
    expect(mapped.gitApplies(check.patch ?? '', 'app/billing.py')).toBe(guarded);
    const created = await mapped.check(answerWith('--- /dev/null\n+++ b/shop/guard.py\n@@ -0,0 +1 @@\n+x = 1'));
    expect(created).toMatchObject({ status: 'applies', files: [{ path: 'app/guard.py' }] });
  });

  it('are those of the repository that has them, where there are several', async () => {
    using other = patchedRepository({ 'readme.md': 'x\n' });
    using shop2 = patchedRepository(FILES, {
      roots: [join(other.folder, '..'), tmpdir()],
      mappings: (folder) => [
        mapping(other.folder, { stackRoot: 'other' }),
        mapping(folder, { id: 2, stackRoot: 'shop' }),
      ],
    });
    const check = await shop2.check(
      answerWith(`${header('web/cart.ts')}@@ -2 +2 @@\n-  let sum = 0;\n+  let sum = 1;`),
    );
    expect(check).toMatchObject({ status: 'applies', commit: shop2.commit });
  });

  it('are those of the event, whatever is checked out', async () => {
    using moved = patchedRepository(FILES);
    writeFiles(moved.folder, { 'app/billing.py': 'another\n' });
    commitAll(moved.folder);
    const check = await moved.check(answerWith(`${header('app/billing.py')}@@ -7,5 +7,5 @@\n${GUARD}`));
    expect(check).toMatchObject({ status: 'applies', commit: moved.commit });
  });
});

describe('lines that no test reached', () => {
  const covered: [number, number][] = [
    [1, 0],
    [4, 0],
    [5, 0],
    [6, 0],
    [8, 0],
    [9, 2],
    [10, 1],
    [11, 0],
    [12, 0],
    [13, 0],
    [15, 0],
    [16, 1],
    [17, 1],
    [18, 1],
    [19, 1],
  ];
  const shop = patchedRepository(FILES, {
    coverage: { '/srv/app/billing.py': covered },
    mappings: (folder) => [mapping(folder, { stackRoot: '/srv' })],
  });
  afterAll(() => shop[Symbol.dispose]());
  const billing = header('app/billing.py');
  test.each<[string, string, number[]]>([
    ['a covered line', `${billing}@@ -11 +11 @@\n-        total = amount * self.rate\n+        total = amount`, []],
    [
      'a line that half of its branches reach',
      `${billing}@@ -8,2 +8,2 @@\n     def charge(self, order, amount):\n-        if order is None:\n+        if not order:`,
      [],
    ],
    ['an uncovered line', `${billing}@@ -18 +18 @@\n-        order.total = 0\n+        order.total = 1`, [18]],
    [
      'lines one by one',
      `${billing}@@ -10,2 +10,2 @@\n-            return None\n-        total = amount * self.rate\n+            return 0\n+        total = amount`,
      [10],
    ],
    [
      'lines added above an uncovered one',
      `${billing}@@ -15,2 +15,4 @@\n     def refund(self, order):\n+        # why\n+\n         if order is None:`,
      [16],
    ],
    [
      'lines added between covered ones',
      `${billing}@@ -11,2 +11,3 @@\n         total = amount * self.rate\n+        total += 1\n         order.total = total`,
      [],
    ],
    [
      'lines further down, as they are numbered after',
      `${billing}@@ -1,1 +1,3 @@\n import decimal\n+import os\n+import sys\n@@ -18 +20 @@\n-        order.total = 0\n+        order.total = 1`,
      [20],
    ],
  ])('%s', async (_, diff, uncovered) => {
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'applies', files: [{ uncoveredLines: uncovered }] });
    expect(check.detail).not.toContain('is not known');
  });

  it('are not known without a report, which is said', async () => {
    const check = await shop.check(answerWith(`${header('many.txt')}@@ -1 +1 @@\n-x\n+y`));
    expect(check).toMatchObject({ files: [{ uncoveredLines: null }] });
    expect(check.detail).toContain('Whether tests reach the lines of many.txt is not known.');
  });
});

describe('what redaction takes out', () => {
  const redact = (text: string) => text.replaceAll('hunter2', '[secret 1]').replaceAll('[email 9]', '(email 9)');
  const shop = patchedRepository(FILES, { redact });
  afterAll(() => shop[Symbol.dispose]());

  it('is not in what is stored, and the patch applies all the same', async () => {
    const diff = `${header('dsn.py')}@@ -1,3 +1,3 @@\n DSN = "postgres://shop:[secret 1]@db/shop"\n-retry = 1\n+retry = 2\n timeout = 2`;
    const check = await shop.check(answerWith(diff));
    expect(check).toMatchObject({ status: 'applies', patch: null });
    expect(check.detail).toMatch(/have placeholders, and were compared without them.*not kept/);
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });

  it('is not in the lines around a change', async () => {
    const check = await shop.check(answerWith(`${header('dsn.py')}@@ -2 +2 @@\n-retry = 1\n+retry = 2`));
    expect(check).toMatchObject({ status: 'applies', patch: null });
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });

  it('is not in what stands there instead', async () => {
    const diff = `${header('dsn.py')}@@ -1,3 +1,3 @@\n DSN = "sqlite://"\n-retry = 1\n+retry = 2\n timeout = 2`;
    const check = await shop.check(answerWith(diff));
    expect(check.files?.[0]?.found).toEqual(['DSN = "postgres://shop:[secret 1]@db/shop"', 'retry = 1', 'timeout = 2']);
  });

  it('placeholders that are added are told of', async () => {
    const check = await shop.check(answerWith(`${header('many.txt')}@@ -1 +1 @@\n-x\n+[email 9]`));
    expect(check).toMatchObject({
      status: 'applies',
      patch: null,
      detail: expect.stringContaining('put the values back'),
    });
  });
});

describe('in a thread of its own', { timeout: 120_000 }, () => {
  const files = { ...FILES, 'big.ts': 'export const x = [1, 2, 3];\n'.repeat(60_000) };

  it('tries a patch as here', async () => {
    using shop = patchedRepository(FILES, { tryPatch: createTryInThread() });
    const check = await shop.check(
      answerWith(`${header('web/cart.ts')}@@ -2,1 +2,1 @@\n-  let sum = 0;\n+  let sum = 1;`),
    );
    expect(check).toMatchObject({ status: 'applies', files: [{ parses: true }] });
    const python = await shop.check(answerWith(`${header('app/billing.py')}@@ -1 +1,2 @@\n import decimal\n+  x = 1`));
    expect(python).toMatchObject({ status: 'applies', files: [{ parses: false, parseError: expect.anything() }] });
  });

  it('gives up on one that takes too long', async () => {
    // However slow the machine is, this is slower.
    const thread = new URL('data:text/javascript,for (;;);');
    using shop = patchedRepository(FILES, { tryPatch: createTryInThread({ timeoutMs: 100, thread }) });
    const check = await shop.check(answerWith(`${header('many.txt')}@@ -1 +1 @@\n-x\n+y`));
    expect(check).toMatchObject({ status: 'not_checked', detail: expect.stringContaining('took too long') });
  });

  it('says so where it fails itself', async () => {
    const told: unknown[] = [];
    const fault = new Error('ours');
    const tryPatch = () => Promise.reject(fault);
    using shop = patchedRepository(FILES, { tryPatch, onError: (error) => told.push(error) });
    const check = await shop.check(answerWith(`${header('many.txt')}@@ -1 +1 @@\n-x\n+y`));
    expect(check).toMatchObject({ status: 'not_checked', detail: expect.stringContaining('The log of the server') });
    expect(told).toEqual([fault]);
  });

  it('parses a large file', async () => {
    using shop = patchedRepository(files, { tryPatch: createTryInThread({ timeoutMs: 60_000 }) });
    const check = await shop.check(answerWith('--- /dev/null\n+++ b/x.ts\n@@ -0,0 +1 @@\n+export const y = 1;'));
    expect(check).toMatchObject({ status: 'applies', files: [{ parses: true }] });
    const changed = await shop.check(
      answerWith(`${header('big.ts')}@@ -9 +9,2 @@\n export const x = [1, 2, 3];\n+export const y = ];`),
    );
    expect(changed).toMatchObject({ status: 'applies', files: [{ path: 'big.ts' }] });
  });
});

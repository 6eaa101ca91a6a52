import { describe, expect, it, test } from 'vitest';
import { type Answer, parseAnswer } from '../../../../server/ai/answer/answer.ts';

const DIFF = '--- a/app.py\n+++ b/app.py\n@@ -1,2 +1,2 @@\n def charge(order):\n-    return 1\n+    return 2';
const fenced = (info = 'diff', diff = DIFF) => `\`\`\`${info}\n${diff}\n\`\`\``;

const WHOLE = `Let me look.

## Problem
It raises.

## Root cause
\`amount\` is negative.

## Fix
Refuse it:

${fenced()}

## Why this way
It is the cause.

## Verify
A test first:

\`\`\`python
# Fix
def test_charge(): ...
\`\`\`

## Confidence
High: the frame shows it.

## What is missing
Nothing.
`;

it('reads a whole answer by its headings', () => {
  expect(parseAnswer(WHOLE)).toEqual({
    preamble: 'Let me look.',
    sections: {
      problem: 'It raises.',
      rootCause: '`amount` is negative.',
      fix: `Refuse it:\n\n${fenced()}`,
      why: 'It is the cause.',
      verify: 'A test first:\n\n```python\n# Fix\ndef test_charge(): ...\n```',
      confidence: 'High: the frame shows it.',
      missing: 'Nothing.',
    },
    patch: `${DIFF}\n`,
    isPatchOpen: false,
    otherDiffs: 0,
    confidence: 'high',
    abstains: false,
  });
});

it('reads as much of an answer as has come, at every length', () => {
  let patch = '';
  for (let length = 0; length <= WHOLE.length; length += 1) {
    const answer = parseAnswer(WHOLE.slice(0, length));
    expect(answer.abstains).toBe(false);
    if (answer.patch === null) continue;
    expect(`${DIFF}\n\`\`\`\n`.startsWith(answer.patch.trimEnd())).toBe(true);
    expect(answer.patch.length).toBeGreaterThanOrEqual(patch.length - 4);
    patch = answer.patch;
  }
  expect(patch).toBe(`${DIFF}\n`);
});

describe('headings', () => {
  test.each<[string, string, Partial<Answer['sections']>]>([
    ['of another level', '# Problem\na\n#### Root cause\nb', { problem: 'a', rootCause: 'b' }],
    ['without a space', '##Problem\na', { problem: 'a' }],
    ['in bold', '**Problem**\na\n**Root cause:** b', { problem: 'a', rootCause: 'b' }],
    ['numbered', '1. **Problem**\na\n2) __Fix__\nb', { problem: 'a', fix: 'b' }],
    ['in bold below marks', '## **Problem**\na', { problem: 'a' }],
    ['with a picture', '## 🔧 Fix\na', { fix: 'a' }],
    ['plain, with a colon', 'Problem:\na\nConfidence: low\nb', { problem: 'a', confidence: 'low\nb' }],
    ['with more on the line', '## Confidence: High (90%)\na', { confidence: 'High (90%)\na' }],
    ['in another order', '## Fix\nb\n## Problem\na', { fix: 'b', problem: 'a' }],
    ['twice', '## Fix\na\n## Fix\nb', { fix: 'a\n\nb' }],
    ['called otherwise', '## What went wrong\na\n## Suggested fix\nb', { problem: 'a', fix: 'b' }],
    ['that are none of ours', '## Problem\na\n## Thanks\nb', { problem: 'a' }],
    ['prose that begins like one', 'Issue: the cart\n## Fix\nwhy not', { fix: 'why not' }],
    ['with CRLF', '## Problem\r\na\r\n## Fix\r\nb', { problem: 'a', fix: 'b' }],
    ['named like what every object has', '## constructor\na\n## __proto__\nb', {}],
  ])('%s', (_, text, sections) => expect(parseAnswer(text).sections).toEqual(sections));
});

describe('the diff', () => {
  test.each<[string, string, string | null]>([
    ['in a diff block', `## Fix\n${fenced()}`, DIFF],
    ['in a patch block', `## Fix\n${fenced('patch')}`, DIFF],
    ['in a block of another language', `## Fix\n${fenced('python')}`, DIFF],
    ['in a block without a language', `## Fix\n${fenced('')}`, DIFF],
    ['with other marks', `## Fix\n~~~~diff\n${DIFF}\n~~~~`, DIFF],
    ['without a fence', `## Fix\nApply:\n\n${DIFF}\n\nThat is all.\n## Verify\nx`, DIFF],
    ['without a fence, with a comment that looks like a heading', `## Fix\n${DIFF}\n # Fix\n+x`, `${DIFF}\n # Fix\n+x`],
    ['within a list', `## Fix\n- so:\n  ${fenced().replaceAll('\n', '\n  ')}\n- done`, DIFF],
    ['with a fence in the file', `## Fix\n\`\`\`diff\n${DIFF}\n \`\`\`\n+x\n\`\`\``, `${DIFF}\n \`\`\`\n+x`],
    ['that another fence quotes', `## Problem\n\`\`\`\`md\nx\n\`\`\`\`\n## Fix\n${fenced()}`, DIFF],
    [
      'two of them',
      `## Fix\n${fenced()}\nand\n${fenced('diff', DIFF.replaceAll('app', 'b'))}`,
      `${DIFF}\n${DIFF.replaceAll('app', 'b')}`,
    ],
    ['whose end has not come', `## Fix\n\`\`\`diff\n${DIFF}`, DIFF],
    [
      'of the fix and not of the test',
      `## Verify\n${fenced('diff', '--- a/t\n+++ b/t\n@@ -0,0 +1 @@\n+x')}\n## Fix\n${fenced()}`,
      DIFF,
    ],
    ['of a test alone is none', `## Fix\nWrite it.\n## Verify\n${fenced()}`, null],
    ['where nothing is called a fix', fenced(), DIFF],
    ['an empty block is none', '## Fix\n```diff\n```', null],
    ['a list is none', '## Fix\n- one\n- two\n+ three', null],
    ["in OpenAI's own form", '## Fix\n```\n*** Begin Patch\n*** End Patch\n```', '*** Begin Patch\n*** End Patch'],
  ])('%s', (_, text, patch) => expect(parseAnswer(text).patch).toBe(patch === null ? null : `${patch}\n`));

  it('says where the answer ends within it', () => {
    expect(parseAnswer(`## Fix\n\`\`\`diff\n${DIFF}`).isPatchOpen).toBe(true);
    expect(parseAnswer(`## Fix\n${DIFF}`).isPatchOpen).toBe(true);
    expect(parseAnswer(`## Fix\n${fenced()}\nDone.`).isPatchOpen).toBe(false);
    expect(parseAnswer(`## Verify\n${fenced()}\n## Fix\n${fenced()}`).otherDiffs).toBe(1);
  });
});

test.each<[string, Answer['confidence']]>([
  ['High.', 'high'],
  ['**Medium** to high', 'medium'],
  ['moderate', 'medium'],
  ['I have low confidence', 'low'],
  ['about 85 %', 'high'],
  ['60%', 'medium'],
  ['10%', 'low'],
  ['flow', null],
  ['', null],
])('takes the confidence from %j', (text, confidence) =>
  expect(parseAnswer(`## Confidence\n${text}\n## Fix\nhigh`).confidence).toBe(confidence),
);

test.each<[string, string, boolean]>([
  ['no diff, and what is missing', '## Root cause\nNot known.\n## What is missing\nThe value of `order`.', true],
  ['a diff all the same', `## Fix\n${fenced()}\n## What is missing\nThe value of \`order\`.`, false],
  ['nothing is missing', '## Fix\nDo nothing.\n## What is missing\nNothing.', false],
  ['nothing is said', '## Fix\nDo nothing.', false],
  ['still to come', '## Root cause\nNot known.\n## What is missing', false],
])('an answer abstains: %s', (_, text, abstains) => expect(parseAnswer(text).abstains).toBe(abstains));

test.each([
  ['newlines', '\n'.repeat(1_000_000)],
  ['spaces', `## Fix\n${' '.repeat(1_000_000)}x`],
  ['marks of headings', '#'.repeat(1_000_000)],
  ['headings', '## Fix\n'.repeat(150_000)],
  ['fences', '```diff\n'.repeat(130_000)],
  ['backquotes', '`'.repeat(1_000_000)],
  ['stars', `${'*'.repeat(1_000_000)}x`],
  ['short bold lines', '**a\n'.repeat(250_000)],
  ['headers of files', `## Fix\n${'--- a\n+++ b\n'.repeat(80_000)}`],
  ['ends of blank lines', `## Fix\n\`\`\`diff\n${'x\n\n\n\n\n\n'.repeat(150_000)}`],
  ['numbers', `## Confidence\n${'9'.repeat(1_000_000)}`],
])('reads a megabyte of %s in little time', (_, text) => {
  const startedAt = performance.now();
  parseAnswer(text);
  // Tens of milliseconds; what grows with the square takes minutes.
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

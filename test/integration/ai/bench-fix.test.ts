import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tokenCounter } from '../../../server/ai/tokens.ts';
import { askModel, soundCases } from '../../bench-fix/ask.ts';
import { type Case, readCases } from '../../bench-fix/cases.ts';
import { fixingLines, shownLines } from '../../bench-fix/fixing-lines.ts';
import { type CaseFigures, loadCase, measure } from '../../bench-fix/measure.ts';
import { startFakeModel } from '../../fake-model.ts';

const cases = readCases();
const patchOf = (name: string) =>
  readFileSync(join(cases.find((test) => test.name === name)?.folder ?? '', 'fix.diff'), 'utf8');

it('has what fixes need in the prompt, a fifth more of it than what Sentry describes', {
  timeout: 120_000,
}, async () => {
  expect(cases.length).toBeGreaterThanOrEqual(12);
  expect(new Set(cases.map(({ language }) => language)).size).toBeGreaterThanOrEqual(4);
  const { count } = await tokenCounter('gpt-4o');
  const ofGroup = async (group: Case['group']) => {
    const figures: CaseFigures[] = [];
    for (const test of cases.filter((one) => one.group === group)) {
      figures.push(measure(test, await loadCase(test), 16_000, count));
    }
    const sum = (of: (one: CaseFigures) => number) => figures.reduce((total, one) => total + of(one), 0);
    const fixing = sum((one) => one.fixing);
    return {
      ours: sum((one) => one.ours.shown) / fixing,
      sentry: sum((one) => one.sentry.shown) / fixing,
      hidden: sum((one) => one.unredacted.shown - one.ours.shown),
    };
  };
  for (const group of ['first', 'second'] as const) {
    const { ours, sentry, hidden } = await ofGroup(group);
    expect(ours).toBeGreaterThanOrEqual(0.95);
    expect(ours - sentry).toBeGreaterThanOrEqual(0.2);
    expect(hidden).toBe(0);
  }
});

it('counts lines that a fix changes, and those after which it adds', () => {
  const diff = ['--- a/x', '+++ b/x', '@@ -1,4 +1,6 @@', ' a', '-b', '+B', '+BB', ' c', '+d', ' e', ''].join('\n');
  expect(fixingLines(diff, new Map([['x', ['a', 'b', 'c', 'e']]])).map(({ line }) => line)).toEqual(['b', 'c']);
});

it('finds a line where it belongs alone', () => {
  const diff = ['--- a/x', '+++ b/x', '@@ -2,2 +2,3 @@', ' end', ' ', '+new', ''].join('\n');
  const lines = fixingLines(
    diff,
    new Map([
      ['x', ['def one', 'end', '', 'def two', 'end']],
      ['y', ['end']],
    ]),
  );
  expect(lines.map(({ line }) => line)).toEqual(['end']);
  expect(shownLines(lines, { source: 'def two\n  end\n' })).toBe(0);
  expect(shownLines(lines, { source: 'def one\n  end\n' })).toBe(1);
  expect(shownLines(lines, { code_before: ['def one'], code: '  end', code_after: [] })).toBe(1);
});

it('has tests that fail before the known fix and pass after it', { timeout: 120_000 }, () => {
  const scripts = cases.filter(({ test: [program] }) => program === 'node');
  expect(soundCases(scripts)).toEqual(scripts);
});

it('tries what a model answers', { timeout: 120_000 }, async () => {
  const model = await startFakeModel();
  try {
    const names = ['js-cart', 'js-cache'];
    const loaded = await Promise.all(
      cases.filter(({ name }) => names.includes(name)).map(async (test) => ({ test, ...(await loadCase(test)) })),
    );
    const options = { 'base-url': model.baseUrl, model: 'words', 'run-tests': true };
    model.answer(`## Fix\n\`\`\`diff\n${patchOf('js-cart')}\`\`\`\n## Confidence\nHigh.\n`);
    // The one patch is of one of the two.
    expect(await askModel(loaded, options)).toMatchObject({
      patches: 2,
      applied: 1,
      passed: 1,
      abstained: 0,
      failed: 0,
    });
    model.answer('## Root cause\nNot clear.\n## Fix\nNo fix.\n## What is missing\nThe source of `pay`.\n');
    expect(await askModel(loaded, options)).toMatchObject({ patches: 0, abstained: 2, rightlyAbstained: 0, passed: 0 });
    expect(await askModel(loaded, { ...options, blind: true })).toMatchObject({
      abstained: 4,
      unanswerable: 2,
      rightlyAbstained: 2,
    });
    expect(model.requests.some(({ messages }) => messages[1]?.content.includes('surcharge'))).toBe(true);
  } finally {
    await model.close();
  }
});

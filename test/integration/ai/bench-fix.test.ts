import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { tokenCounter } from '../../../server/ai/tokens.ts';
import { askModel } from '../../bench-fix/ask.ts';
import { type Case, readCases } from '../../bench-fix/cases.ts';
import { fixingLines, shownLines } from '../../bench-fix/fixing-lines.ts';
import { type CaseFigures, loadCase, measure } from '../../bench-fix/measure.ts';
import { soundCases } from '../../bench-fix/try-patch.ts';
import { startFakeModel } from '../../fake-model.ts';

const cases = readCases();
const folderOf = (name: string) => cases.find((test) => test.name === name)?.folder ?? '';
const patchOf = (name: string) => readFileSync(join(folderOf(name), 'fix.diff'), 'utf8');

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
  const third = await ofGroup('third');
  expect(third.ours - third.sentry).toBeGreaterThanOrEqual(0.2);
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

const NO_FIX = '## Root cause\nNot clear.\n## Fix\nNo fix.\n## What is missing\nThe source of `pay`.\n';
const answerOf = (patch: string) => `## Fix\n\`\`\`diff\n${patch}\`\`\`\n## Confidence\nHigh.\n`;
const CART = 'const surcharges = items.reduce((sum, { product }) => sum + ';
const SURCHARGES = [
  '@@ -20,7 +20,7 @@',
  ' ',
  ' function totalOf(items, code) {',
  '   const goods = items.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);',
];
const cartPatch = (...added: string[]) =>
  [
    '--- a/cart.js',
    '+++ b/cart.js',
    ...SURCHARGES,
    `-  ${CART}product.surcharge.cents, 0);`,
    ...added.map((line) => `+${line}`),
    '',
  ].join('\n');
const rightLine = `  ${CART}(product.surcharge?.cents ?? 0), 0);`;

async function withModel<T>(names: readonly string[], run: (ask: Ask) => Promise<T>): Promise<T> {
  const model = await startFakeModel();
  try {
    const loaded = await Promise.all(
      cases.filter(({ name }) => names.includes(name)).map(async (test) => ({ test, ...(await loadCase(test)) })),
    );
    return await run((answer, more = {}) => {
      model.answer(answer);
      const sound = more.isRun === false ? null : loaded.map(({ test }) => test);
      return askModel(loaded, { 'base-url': model.baseUrl, model: 'words', sound, blind: more.blind });
    });
  } finally {
    await model.close();
  }
}
type Ask = (answer: string, more?: { isRun?: boolean; blind?: boolean }) => ReturnType<typeof askModel>;

it('counts true fixes, wrong ones, and those of another file', { timeout: 120_000 }, async () => {
  for (const name of ['js-cart', 'js-sync', 'ts-board', 'js-tree']) {
    const asked = await withModel([name], (ask) => ask(answerOf(patchOf(name))));
    expect(asked).toMatchObject({ questions: 1, patches: 1, applied: 1, tested: 1, passed: 1, failed: 0 });
  }
  await withModel(['js-cart', 'js-cache'], async (ask) => {
    // The one patch is of one of the two.
    expect(await ask(answerOf(patchOf('js-cart')))).toMatchObject({ patches: 2, applied: 1, tested: 2, passed: 1 });
    const wrong = cartPatch(`  ${CART}product.surcharge?.cents, 0);`);
    expect(await ask(answerOf(wrong))).toMatchObject({ patches: 2, applied: 1, tested: 2, passed: 0, failed: 0 });
    expect(await ask('I cannot say.')).toMatchObject({ questions: 2, patches: 0, abstained: 0, failed: 2 });
  });
});

it('takes a patch as people would: as the check writes it anew', { timeout: 120_000 }, async () => {
  await withModel(['js-cart'], async (ask) => {
    // Paths of the stack, numbers that are wrong: git alone would refuse it.
    const loose = cartPatch(rightLine)
      .replaceAll('/cart.js', '/srv/js-cart/cart.js')
      .replace('-20,7 +20,7', '-3,2 +3,9');
    expect(await ask(answerOf(loose))).toMatchObject({ patches: 1, applied: 1, passed: 1 });
  });
});

it('counts abstentions, right where nobody could answer', { timeout: 120_000 }, async () => {
  await withModel(['js-cart', 'js-cache'], async (ask) => {
    expect(await ask(NO_FIX)).toMatchObject({ patches: 0, abstained: 2, rightlyAbstained: 0, unanswerable: 0 });
    const blind = { questions: 4, abstained: 4, unanswerable: 2, rightlyAbstained: 2 };
    expect(await ask(NO_FIX, { blind: true })).toMatchObject(blind);
  });
});

it('runs code of a patch where that was asked for alone, and never a test that the patch wrote', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-fix-marker-'));
  const marker = join(folder, 'was-run');
  const env = 'process.env.OPENAI_API_KEY ?? "no key"';
  const spy = `  require('node:fs').writeFileSync(${JSON.stringify(marker)}, ${env});`;
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-who-asks');
  try {
    await withModel(['js-cart'], async (ask) => {
      const patch = answerOf(cartPatch(spy, rightLine));
      expect(await ask(patch, { isRun: false })).toMatchObject({ applied: 1, tested: 0, passed: 0 });
      expect(existsSync(marker)).toBe(false);
      expect(await ask(patch)).toMatchObject({ applied: 1, tested: 1, passed: 1 });
      expect(readFileSync(marker, 'utf8')).toBe('no key');
      const lines = readFileSync(join(folderOf('js-cart'), 'code', 'test.js'), 'utf8')
        .trimEnd()
        .split('\n');
      const emptied = ['--- a/test.js', '+++ b/test.js', `@@ -1,${lines.length} +1 @@`];
      const cheat = [...emptied, ...lines.map((line) => `-${line}`), '+// All is well.', ''].join('\n');
      expect(await ask(answerOf(cheat))).toMatchObject({ applied: 1, tested: 1, passed: 0 });
    });
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});

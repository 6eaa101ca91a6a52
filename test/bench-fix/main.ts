// `npm run bench:fix`: how much of what a fix needs is in the prompt, and, with an endpoint, what a model makes of it.
import { parseArgs } from 'node:util';
import { tokenCounter } from '../../server/ai/tokens.ts';
import { type Asked, askModel, soundCases } from './ask.ts';
import { readCases } from './cases.ts';
import { type CaseFigures, loadCase, type Measured, measure, roomOf } from './measure.ts';

const WINDOWS = [4000, 16_000, 64_000];
const GOALS = { window: 16_000, share: 0.95, overSentry: 0.2 };
/** One tokenizer whatever is asked, so that figures can be held against one another. */
const COUNTED_AS = 'gpt-4o';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'base-url': { type: 'string' },
    model: { type: 'string' },
    'run-tests': { type: 'boolean', default: false },
    // Asks about each crash a second time, without what could mend it.
    blind: { type: 'boolean', default: false },
  },
});

const cases = readCases(positionals);
const { count } = await tokenCounter(COUNTED_AS);
const loaded = await Promise.all(cases.map(async (test) => ({ test, ...(await loadCase(test)) })));

const perCent = (part: number, whole: number) => `${whole === 0 ? 0 : Math.round((100 * part) / whole)}%`;
const sum = (figures: readonly CaseFigures[], of: (one: CaseFigures) => number) =>
  figures.reduce((total, one) => total + of(one), 0);

const table = WINDOWS.map((window) => {
  const figures = loaded.map(({ test, ...known }) => measure(test, known, window, count));
  const fixing = sum(figures, (one) => one.fixing);
  const totals = (of: (one: CaseFigures) => Measured) => ({
    fixingLines: sum(figures, (one) => of(one).shown) / fixing,
    tokens: Math.round(sum(figures, (one) => of(one).tokens) / figures.length),
    libraryTokens: sum(figures, (one) => of(one).libraryTokens) / sum(figures, (one) => of(one).tokens),
  });
  const ours = totals((one) => one.ours);
  const unredacted = totals((one) => one.unredacted);
  return {
    window,
    room: roomOf(window),
    ours,
    sentry: totals((one) => one.sentry),
    redaction: {
      tokens: (ours.tokens - unredacted.tokens) / unredacted.tokens,
      fixingLinesHidden: sum(figures, (one) => one.unredacted.shown - one.ours.shown),
    },
    cases: figures.map((one, index) => ({ name: cases[index]?.name, where: cases[index]?.where, ...one })),
  };
});

console.log(
  `${cases.length} repositories, tokens as ${COUNTED_AS} counts them; a quarter of a window, 4,000 at most, is the answer's.\n`,
);
const row = (cells: readonly string[]) =>
  console.log(cells.map((cell, index) => cell.padEnd(index === 0 ? 12 : 17)).join(''));
row([
  'window',
  'fixing lines',
  "Sentry's",
  'tokens',
  "Sentry's",
  'library tokens',
  "Sentry's",
  'redaction',
  'lines it hides',
]);
for (const { window, ours, sentry, redaction } of table) {
  row([
    String(window),
    perCent(ours.fixingLines, 1),
    perCent(sentry.fixingLines, 1),
    String(ours.tokens),
    String(sentry.tokens),
    perCent(ours.libraryTokens, 1),
    perCent(sentry.libraryTokens, 1),
    `${redaction.tokens >= 0 ? '+' : ''}${perCent(redaction.tokens, 1)} tokens`,
    String(redaction.fixingLinesHidden),
  ]);
}
const at = table.find(({ window }) => window === GOALS.window);
console.log(`\nat ${GOALS.window} tokens:`);
for (const { name = '', where = '', fixing, ours, sentry } of at?.cases ?? []) {
  row([name, `${ours.shown} of ${fixing}`, `${sentry.shown} of ${fixing}`, where]);
}

if (values['run-tests']) {
  const sound = soundCases(cases);
  const others = cases.filter((test) => !sound.includes(test)).map(({ name }) => name);
  console.log(
    `\nknown fixes: ${sound.length} of ${cases.length} tests fail before and pass after. ${others.join(', ')}`.trimEnd(),
  );
}

const asked: Asked | null = await askModel(loaded, values);
if (!asked) {
  console.log('\nNo model was asked: give --base-url and --model, or set an endpoint, and patches are counted, too.');
} else {
  console.log(
    `\n${asked.model}: ${perCent(asked.applied, asked.patches)} of ${asked.patches} patches apply, ${asked.abstained} abstained (${asked.rightlyAbstained} rightly, of ${asked.unanswerable} that nobody could answer), ${asked.failed} gave no answer.`,
  );
  console.log(
    asked.passed === null
      ? 'Their tests were not run: --run-tests runs them, in temporary folders.'
      : `${perCent(asked.passed, cases.length)} of the ${cases.length} tests pass.`,
  );
}

const goals = at
  ? [
      { name: `fixing lines at least ${perCent(GOALS.share, 1)}`, isMet: at.ours.fixingLines >= GOALS.share },
      {
        name: `${perCent(GOALS.overSentry, 1)} more than Sentry's`,
        isMet: at.ours.fixingLines - at.sentry.fixingLines >= GOALS.overSentry,
      },
    ]
  : [];
for (const { name, isMet } of goals) console.log(`${isMet ? 'met   ' : 'MISSED'} ${name}`);
console.log(`\n${JSON.stringify({ table, asked, goals })}`);
if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;

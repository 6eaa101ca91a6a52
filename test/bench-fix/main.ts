// `npm run bench:fix`: how much of what a fix needs is in the prompt, and, with an endpoint, what a model makes of it.
import { parseArgs } from 'node:util';
import { tokenCounter } from '../../server/ai/tokens.ts';
import { type Asked, askModel } from './ask.ts';
import { ABOUT_GROUP, GROUPS, readCases } from './cases.ts';
import { type CaseFigures, loadCase, type Measured, measure, roomOf } from './measure.ts';
import { soundCases } from './try-patch.ts';

const WINDOWS = [4000, 16_000, 64_000];
const GOALS = { window: 16_000, share: 0.95, overSentry: 0.2 };
/** One tokenizer whatever is asked, so that figures can be held against one another. */
const COUNTED_AS = 'gpt-4o';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'base-url': { type: 'string' },
    model: { type: 'string' },
    // Runs what models wrote.
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
const atGoal = <T extends { window: number }>(table: readonly T[]) =>
  table.find(({ window }) => window === GOALS.window);

type Loaded = (typeof loaded)[number];

function tableOf(group: readonly Loaded[]) {
  return WINDOWS.map((window) => {
    const figures = group.map(({ test, ...known }) => measure(test, known, window, count));
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
      fixing,
      ours,
      sentry: totals((one) => one.sentry),
      redaction: {
        tokens: (ours.tokens - unredacted.tokens) / unredacted.tokens,
        fixingLinesHidden: sum(figures, (one) => one.unredacted.shown - one.ours.shown),
      },
      cases: figures.map((one, index) => ({ name: group[index]?.test.name, where: group[index]?.test.where, ...one })),
    };
  });
}

const groups = GROUPS.map((name) => ({ name, of: loaded.filter(({ test }) => test.group === name) }))
  .filter(({ of }) => of.length > 0)
  .map(({ name, of }) => ({ name, size: of.length, table: tableOf(of) }));

console.log(`Tokens as ${COUNTED_AS} counts them; a quarter of a window, 4,000 at most, is the answer's.`);
const row = (cells: readonly string[], first = 12) =>
  console.log(cells.map((cell, index) => cell.padEnd(index === 0 ? first : 17)).join(''));
const headings = ['fixing lines', "Sentry's", 'tokens', "Sentry's", 'library tokens', "Sentry's", 'redaction'];
for (const { name, size, table } of groups) {
  console.log(`\n${name}: ${size} repositories, ${table[0]?.fixing} fixing lines. ${ABOUT_GROUP[name]}\n`);
  row(['window', ...headings, 'lines it hides']);
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
  console.log(`\nat ${GOALS.window} tokens:`);
  for (const { name: test = '', where = '', fixing, ours, sentry } of atGoal(table)?.cases ?? []) {
    row([test, `${ours.shown} of ${fixing}`, `${sentry.shown} of ${fixing}`, where], 14);
  }
}

const sound = values['run-tests'] ? soundCases(cases) : null;
if (sound) {
  const others = cases.filter((test) => !sound.includes(test)).map(({ name }) => name);
  console.log(`\nknown fixes: ${sound.length} of ${cases.length} tests fail before and pass after.`);
  if (others.length > 0) console.log(`Not counted, since their tools are not here: ${others.join(', ')}.`);
}

const asked: Asked | null = await askModel(loaded, { ...values, sound }, () =>
  console.log(
    sound
      ? '\nCode that a model wrote is run: --run-tests asks for it. It runs as you, in temporary folders, without this environment.'
      : '\nNo code that a model wrote is run. --run-tests runs the tests with it, in temporary folders.',
  ),
);
if (!asked) {
  console.log('\nNo model was asked: give --base-url and --model, or set an endpoint, and patches are counted, too.');
} else {
  const { model, questions, patches, applied, tested, passed, abstained, rightlyAbstained, unanswerable } = asked;
  console.log(`\n${model}, ${questions} questions, of which ${unanswerable} cannot be answered from their prompt:`);
  console.log(`${patches} patches, of which ${applied} (${perCent(applied, patches)}) apply`);
  if (sound)
    console.log(`${tested} tested, of which ${passed} (${perCent(passed, tested)}) make the failing test pass`);
  console.log(
    `${abstained} abstentions, of which ${rightlyAbstained} (${perCent(rightlyAbstained, abstained)}) were right`,
  );
  console.log(`${asked.failed} without an answer`);
}

const goals = groups.flatMap(({ name, table }) => {
  const at = atGoal(table);
  if (!at) return [];
  const over = at.ours.fixingLines - at.sentry.fixingLines;
  return [
    { name: `${name}: fixing lines at least ${perCent(GOALS.share, 1)}`, isMet: at.ours.fixingLines >= GOALS.share },
    { name: `${name}: ${perCent(GOALS.overSentry, 1)} more than Sentry's`, isMet: over >= GOALS.overSentry },
  ];
});
console.log('');
for (const { name, isMet } of goals) console.log(`${isMet ? 'met   ' : 'MISSED'} ${name}`);
console.log(`\n${JSON.stringify({ groups, asked, goals })}`);
// What evidence was not written for, or cannot find yet, is told, and is no reason to fail.
if (goals.some(({ name, isMet }) => !isMet && /^(?:first|second):/.test(name))) process.exitCode = 1;

/**
 * `npm run bench`: every figure of speed and memory that has a goal, on the real server. `--quick` takes short turns, to
 * try it; `--only=accept`, `digest`, `symbolicate`, `page`, `details` or `first-token` measures that alone. Ends with 1 when a goal is missed.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarkAccept } from './accept.ts';
import { benchmarkDetails } from './details.ts';
import { benchmarkDrain } from './drain.ts';
import { type Figure, printFigure } from './figures.ts';
import { benchmarkFirstToken } from './first-token.ts';
import { benchmarkPage } from './page.ts';
import { benchmarkSymbolicate } from './symbolicate.ts';
import { benchmarkVisible } from './visible.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const size = values.quick
  ? { rounds: 2, seconds: 2, events: 2000, visibleSeconds: 4, visits: 3, memory: 60, calls: 20 }
  : { rounds: 5, seconds: 4, events: 8000, visibleSeconds: 15, visits: 7, memory: 100, calls: 60 };
const WARM_ISSUES = 200;

async function accept(): Promise<Figure[]> {
  return benchmarkAccept(size.rounds, size.seconds);
}

async function digest(): Promise<Figure[]> {
  const cold = await benchmarkDrain('every event a new issue', size.events, size.events);
  await cold.server.stop();
  const warm = await benchmarkDrain(`${WARM_ISSUES} issues`, size.events, WARM_ISSUES);
  try {
    const visible = await benchmarkVisible(warm.server, warm.perSecond / 2, size.visibleSeconds);
    return [...cold.figures, ...warm.figures, ...visible];
  } finally {
    await warm.server.stop();
  }
}

const details = () => benchmarkDetails(size.visits, size.memory);

const symbolicate = () => benchmarkSymbolicate(size.rounds, size.seconds);

const firstToken = () => benchmarkFirstToken(size.calls);

const parts = { accept, digest, symbolicate, page: benchmarkPage, details, 'first-token': firstToken };
const all: Figure[] = [];
const load = () => `load ${loadavg()[0]?.toFixed(1)}`;
console.log(`${availableParallelism()} cores, ${cpus()[0]?.model}, ${load()}, Node ${process.version}`);
for (const [name, measure] of Object.entries(parts)) {
  if (values.only && values.only !== name) continue;
  console.log(`\n${name} (${load()})`);
  const figures = await measure();
  for (const figure of figures) printFigure(figure);
  all.push(...figures);
}
const goals = all.filter(({ goal }) => goal !== '');
const missed = goals.filter(({ isMet }) => !isMet);
console.log(`\n${goals.length - missed.length} of ${goals.length} goals met.`);
for (const figure of missed) printFigure(figure);
if (missed.length > 0) process.exitCode = 1;

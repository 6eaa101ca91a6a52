/** What others wait for while something large goes on in a server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median, range } from './figures.ts';

/** The largest that SDKs send; each of its texts is another one. */
export const LARGE = { frames: 120, variables: 90, breadcrumbs: 100 };

type Work = () => Promise<unknown>;

/**
 * How long a small request waits at most while the large event's payload is prepared, beside how long it waits while the
 * page reads that event, which cannot be had without parsing it either.
 *
 * @param probe a small request to the same server
 */
export async function figuresOfWaiting(
  rounds: number,
  { probe, prepare, read, bytes }: { probe: Work; prepare: Work; read: Work; bytes: number },
): Promise<Figure[]> {
  const waits = { prepare: [] as number[], read: [] as number[], rest: [] as number[] };
  // Alternately, so that what else the machine does is in both.
  for (let round = 0; round < rounds; round++) {
    waits.prepare.push(await longestWait(probe, prepare));
    waits.read.push(await longestWait(probe, read));
    waits.rest.push(await longestWait(probe, () => sleep(50)));
  }
  const ratio = median(waits.prepare) / median(waits.read);
  const words = (of: number[]) => `${median(of).toFixed(1)} ms (${range(of)})`;
  return [
    {
      name: `waiting beside a payload of ${Math.round(bytes / 1000)} kB`,
      value: `${words(waits.prepare)}, ${ratio.toFixed(1)} times as long`,
      goal: 'at most twice as long as beside the page that reads the event',
      isMet: ratio <= 2,
    },
    { name: 'waiting beside the page that reads it', value: words(waits.read), goal: '', isMet: true },
    { name: 'waiting beside nothing', value: words(waits.rest), goal: '', isMet: true },
  ];
}

/** @returns milliseconds of the longest of the requests that follow one another while the work goes on */
async function longestWait(probe: Work, work: Work): Promise<number> {
  let longest = 0;
  let isDone = false;
  const done = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const startedAt = performance.now();
    await probe();
    longest = Math.max(longest, performance.now() - startedAt);
  }
  await done;
  return longest;
}

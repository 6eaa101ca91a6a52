/** Does the page's memory grow from event to event? A hundred are visited one after another, as a person does by Next. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { failingLine } from './details-events.ts';
import { type Figure, known } from './figures.ts';

/** A tenth of such an event's JSON: what holds on to events or to their elements grows by far more. */
const GOAL_KB_A_VISIT = 10;
const EVERY = 5;
/** Nobody looks at more than two events a second; events of the last seconds are kept for the way back. */
const LOOK_MS = 500;
const KB = 1000;

/** @param visits how many events there are; the first is at `url`, the others follow it */
export async function benchmarkMemory(browser: Browser, url: string, visits: number): Promise<Figure[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(url);
  await shown(page, 0);
  const heaps: [visit: number, bytes: number][] = [[0, await heapOf(session)]];
  for (let visit = 1; visit < visits; visit += 1) {
    await page.getByRole('link', { name: 'Next event' }).click();
    await Promise.all([shown(page, visit), sleep(LOOK_MS)]);
    if (visit % EVERY === 0) heaps.push([visit, await heapOf(session)]);
  }
  const { nodes } = await session.send('Memory.getDOMCounters');
  await page.getByRole('link', { name: 'First', exact: true }).click();
  await shown(page, 0);
  const back = await heapOf(session);
  await context.close();
  const slope = slopeOf(heaps.filter(([visit]) => visit >= visits / 2)) / KB;
  const path = [heaps[0], heaps[Math.floor(heaps.length / 2)], heaps.at(-1)];
  return [
    known(
      `details: heap after 1, ${visits / 2}, ${visits} events, and back`,
      [...path.map((heap) => megabytes(heap?.[1])), megabytes(back)].join(', '),
    ),
    known('details: nodes of the document then', nodes.toLocaleString('en-US')),
    {
      name: `details: heap's growth over the last ${visits / 2} events`,
      value: `${slope.toFixed(1)} KB an event`,
      goal: `under ${GOAL_KB_A_VISIT} KB (slope of the fitted line)`,
      isMet: slope < GOAL_KB_A_VISIT,
    },
  ];
}

const megabytes = (bytes = Number.NaN) => `${(bytes / KB / KB).toFixed(1)} MB`;

async function shown(page: Page, visit: number): Promise<void> {
  await page
    .locator('[aria-label="Stack trace"] [aria-current="true"]', { hasText: failingLine(visit) })
    .first()
    .waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}

/** Bytes in use once nothing more can be collected: what one collection finalizes, the next one frees. */
async function heapOf(session: CDPSession): Promise<number> {
  for (let time = 0; time < 3; time += 1) await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Of the line that is nearest to all points, by least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread;
}

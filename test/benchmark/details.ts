/**
 * The issue page with hard events in Chromium: 500 frames with 20 variables each and 200 breadcrumbs, and 2,000 frames, cold and
 * from the list with its code warm; its memory from event to event; and a 50-frame event beside Spotlight's page.
 */
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { detailedEvent, failingLine } from './details-events.ts';
import { benchmarkMemory } from './details-memory.ts';
import { type Figure, known, median, range } from './figures.ts';
import { expandFrames, type Goal, type Visit, visitByLink, visitCold } from './page-visit.ts';
import { benchmarkSpotlight } from './spotlight.ts';

const GOAL_MS = 400;
const GOAL_TASK_MS = 50;
/** The events are beyond what is taken by default, which is what Sentry documents. */
const LIMITS = { STACKMEND_INGEST_MAX_EVENT_BYTES: String(8 * 1024 * 1024) };
const PROJECT = '/api/0/projects/stackmend/default';

/** A stack trace is stored with 500 frames at most: 2,000 are those of four chained exceptions. */
const LARGE = [
  { name: '500 frames', type: 'LongError', size: { frames: 500, variables: 20, breadcrumbs: 200 } },
  { name: '2,000 frames', type: 'EndlessError', size: { frames: 2000, variables: 2, breadcrumbs: 0, exceptions: 4 } },
];
const SMALL = { frames: 50, variables: 10, breadcrumbs: 20 };

type Stored = { issueId: string; eventId: string };

/** @param events that are visited for the memory */
export async function benchmarkDetails(rounds: number, events: number): Promise<Figure[]> {
  const server = await startServer(LIMITS);
  // No request leaves for another host, and none waits for its name.
  const browser = await launchChromium('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1');
  try {
    const figures: Figure[] = [];
    const small = await store(server, 'SmallError', 0, SMALL);
    for (const { name, type, size } of LARGE) {
      const stored = await store(server, type, 0, size);
      figures.push(...(await visits(browser, server, { name, stored, small }, rounds)));
    }
    const first = await storeMany(server, events);
    figures.push(...(await benchmarkMemory(browser, pageOf(server, first), events)));
    const ours = { url: pageOf(server, small), goal: goalOf(0), event: detailedEvent('SmallError', 0, SMALL) };
    return [...figures, ...(await benchmarkSpotlight(browser, ours, rounds))];
  } finally {
    await browser.close();
    await server.stop();
  }
}

const pageOf = ({ url }: RunningServer, { issueId, eventId }: Stored) => `${url}/issues/${issueId}/events/${eventId}/`;

/** The line that failed, in the frame that is open. */
const goalOf = (number: number): Goal => ({
  selector: '[aria-label="Stack trace"] [aria-current="true"]',
  text: failingLine(number),
});

type Case = { name: string; stored: Stored; small: Stored };

async function visits(
  browser: Browser,
  server: RunningServer,
  { name, stored, small }: Case,
  rounds: number,
): Promise<Figure[]> {
  const cold: Visit[] = [];
  const warm: Visit[] = [];
  // The first round is the server's and the browser's own start.
  for (let round = 0; round <= rounds; round += 1) {
    const measured = [
      await visitCold(browser, pageOf(server, stored), goalOf(0)),
      await visitWarm(browser, server, stored, small),
    ] as const;
    if (round > 0) {
      cold.push(measured[0]);
      warm.push(measured[1]);
    }
  }
  return [
    ...figuresOf(`${name}, from the list, warm`, warm),
    ...figuresOf(`${name}, cold`, cold),
    ...(await expansion(browser, pageOf(server, stored), name)),
  ];
}

/** From the list, the code of the issue page having run: another issue was looked at before. */
async function visitWarm(browser: Browser, { url }: RunningServer, { issueId }: Stored, small: Stored): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/issues/`);
  const link = (id: string) => `main a[href="/issues/${id}/"]`;
  await page.locator(link(small.issueId)).click();
  await page
    .locator(goalOf(0).selector, { hasText: failingLine(0) })
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle');
  await page.goBack();
  await page.locator(link(issueId)).waitFor();
  await page.waitForLoadState('networkidle');
  const visit = await visitByLink(page, link(issueId), goalOf(0));
  await context.close();
  return visit;
}

function figuresOf(name: string, visited: readonly Visit[]): Figure[] {
  const times = visited.map(({ interactive }) => interactive);
  const tasks = visited.map(({ longestTask }) => longestTask);
  return [
    {
      name: `details: ${name}, to interactive`,
      value: `${Math.round(median(times))} ms (${range(times)})`,
      goal: `under ${GOAL_MS} ms`,
      isMet: median(times) < GOAL_MS,
    },
    {
      name: `details: ${name}, longest task`,
      value: Math.max(...tasks) > 0 ? `${Math.round(median(tasks))} ms (${range(tasks)})` : 'none of 50 ms',
      goal: `under ${GOAL_TASK_MS} ms`,
      isMet: median(tasks) < GOAL_TASK_MS,
    },
  ];
}

async function expansion(browser: Browser, url: string, name: string): Promise<Figure[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator(goalOf(0).selector).first().waitFor();
  const { each, frames, all } = await expandFrames(page);
  await context.close();
  return [
    known(`details: ${name}, opening one, until drawn`, `${Math.round(median(each))} ms (${range(each)})`),
    known(`details: ${name}, opening all other ${frames}`, `${Math.round(all)} ms`),
  ];
}

/** Events of one issue, in the order of their numbers. @returns the first */
async function storeMany(server: RunningServer, events: number): Promise<Stored> {
  const first = await store(server, 'ManyError', 0, SMALL);
  for (let number = 1; number < events; number += 1) await store(server, 'ManyError', number, SMALL);
  return first;
}

async function store(server: RunningServer, type: string, number: number, size: typeof SMALL): Promise<Stored> {
  const { username, pathname } = new URL(server.dsn);
  const response = await fetch(`${server.url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(detailedEvent(type, number, size)),
  });
  if (!response.ok) throw new Error(`The event was refused: ${response.status} ${await response.text()}`);
  const { id: eventId } = (await response.json()) as { id: string };
  const issueId = await waitFor(async () => {
    const found = await fetch(`${server.url}${PROJECT}/events/${eventId}/`);
    return found.ok && ((await found.json()) as { groupID: string }).groupID;
  });
  return { issueId, eventId };
}

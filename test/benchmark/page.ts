/**
 * The page in Chromium, cold (a new context and an empty cache each time): an issue with a 50-frame event, the list and
 * the setup page, each round beside a document that holds nothing, which is what the browser itself takes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { startServer, waitFor } from '../server.ts';
import { type Figure, known, median, range } from './figures.ts';

const GOAL_MS = 1000;
const GOAL_KB = 170;
const ROUNDS = 7;

/** What has to be there before a page is of use. */
const FAILING_LINE = '[aria-label="Stack trace"] [aria-current="true"]';
const ROW_OF_LIST = 'main a[href^="/issues/"]';
const HEADING = 'main h1, main h2';

export async function benchmarkPage(): Promise<Figure[]> {
  const server = await startServer();
  const empty = createServer((_, response) => response.end('<!doctype html><title>Empty</title><main><h1>Empty</h1>'));
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const pages: [name: string, url: string, selector: string][] = [
      ['issue', await issuePage(server.url, server.dsn), FAILING_LINE],
      ['list', `${server.url}/issues/`, ROW_OF_LIST],
      ['setup', `${server.url}/setup/`, HEADING],
      ['an empty document', `http://127.0.0.1:${(empty.address() as AddressInfo).port}/`, HEADING],
    ];
    const visits = new Map<string, Visit[]>(pages.map(([name]) => [name, []]));
    // The first round is the server's and the browser's own start.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, url, selector] of pages) {
        const visited = await visit(browser, url, selector);
        if (round > 0) visits.get(name)?.push(visited);
      }
    }
    return [...visits].flatMap(([name, visited]) => figures(name, visited));
  } finally {
    await browser.close();
    empty.close();
    await server.stop();
  }
}

function figures(name: string, visits: Visit[]): Figure[] {
  const times = visits.map(({ interactive }) => interactive);
  const weights = visits.map(({ scriptBytes }) => scriptBytes / 1000);
  const first = `${Math.max(...visits.map(({ firstScriptBytes }) => firstScriptBytes / 1000)).toFixed(1)} KB`;
  const time = `${Math.round(median(times))} ms (${range(times)})`;
  const weight = `${Math.max(...weights).toFixed(1)} KB`;
  if (name !== 'issue') {
    return [
      known(`page: ${name}, cold, to interactive`, time),
      ...(Math.max(...weights) > 0 ? [known(`page: ${name}, compressed JavaScript in all`, weight)] : []),
    ];
  }
  return [
    {
      name: 'page: issue of 50 frames, cold, to interactive',
      value: time,
      goal: `under ${GOAL_MS} ms`,
      isMet: median(times) < GOAL_MS,
    },
    known('page: issue, compressed JavaScript to interactive', first),
    {
      name: 'page: issue, compressed JavaScript in all',
      value: weight,
      goal: `under ${GOAL_KB} KB`,
      isMet: Math.max(...weights) < GOAL_KB,
    },
  ];
}

/** `interactive`: milliseconds from the start of the navigation. Bytes: as sent, with their headers; first those until then. */
type Visit = { interactive: number; firstScriptBytes: number; scriptBytes: number };

async function visit(browser: Browser, url: string, selector: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const scripts = new Set<string>();
  let scriptBytes = 0;
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || response.mimeType.includes('javascript')) scripts.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'commit' });
  const shown = await page.evaluate(whenShown, selector);
  const firstScriptBytes = scriptBytes;
  // Polls go on, so the network is idle only for a while; what a cold visit loads lazily is in before that.
  await page.waitForLoadState('networkidle');
  const lastLongTask = await page.evaluate(endOfLastLongTask);
  await context.close();
  return { interactive: Math.max(shown, lastLongTask), firstScriptBytes, scriptBytes };
}

/** Runs in the page: milliseconds since the start of the navigation at which `selector` is seen and the thread has time. */
function whenShown(selector: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () =>
      document.querySelector(selector)?.checkVisibility()
        ? requestIdleCallback(() => resolve(performance.now()))
        : requestAnimationFrame(look);
    look();
  });
}

/** Runs in the page: when the thread was last held for 50 ms or more, in which a click would have waited; 0 for never. */
function endOfLastLongTask(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) =>
      resolve(Math.max(...list.getEntries().map(({ startTime, duration }) => startTime + duration))),
    );
    observer.observe({ type: 'longtask', buffered: true });
    setTimeout(() => resolve(0), 100);
  });
}

async function issuePage(url: string, dsn: string): Promise<string> {
  const { username, pathname } = new URL(dsn);
  const response = await fetch(`${url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(fiftyFrames()),
  });
  const { id } = (await response.json()) as { id: string };
  const issueId = await waitFor(async () => {
    const found = await fetch(`${url}/api/0/projects/stackmend/default/events/${id}/`);
    return found.ok && ((await found.json()) as { groupID: string }).groupID;
  });
  return `${url}/issues/${issueId}/events/${id}/`;
}

/** A python event of 50 frames, every second of the program's own, each with source and ten variables. */
function fiftyFrames() {
  const lines = (from: number) =>
    Array.from({ length: 5 }, (_, index) => `    step_${from + index} = ledger.post(${index})`);
  const frames = Array.from({ length: 50 }, (_, index) => ({
    filename: `ledger/module_${index}.py`,
    abs_path: `/srv/app/ledger/module_${index}.py`,
    module: `ledger.module_${index}`,
    function: `post_${index}`,
    lineno: 100 + index,
    in_app: index % 2 === 1,
    pre_context: lines(index),
    context_line: `    raise ValueError("entry %d does not balance" % entry.id)`,
    post_context: lines(index + 6),
    vars: Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`value_${n}`, { id: String(n), tags: ["'a'", "'b'"] }]),
    ),
  }));
  const values = [{ type: 'ValueError', value: 'entry 7 does not balance', stacktrace: { frames } }];
  return { platform: 'python', level: 'error', release: 'ledger@1.0.0', exception: { values } };
}

import type { Page } from 'playwright-core';
import { type RunningServer, waitFor } from '../server.ts';

/** Sends one event to the server's default project, as an SDK would. */
export async function sendEvent(server: RunningServer, event: Record<string, unknown>): Promise<string> {
  const { username, pathname } = new URL(server.dsn);
  const response = await fetch(`${server.url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`The event was refused: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** An error of `type` in one in-app frame of Python, enough for an issue of its own. */
export function errorEvent(type: string, message: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const frame = {
    filename: 'app/till.py',
    function: `raise_${type.toLowerCase()}`,
    lineno: 3,
    in_app: true,
    pre_context: ['def pay(amount):', '    """Takes the money."""'],
    context_line: `    raise ${type}("${message}")`,
    post_context: [],
    vars: { amount: '-12' },
  };
  return {
    platform: 'python',
    level: 'error',
    exception: { values: [{ type, value: message, stacktrace: { frames: [frame] } }] },
    ...more,
  };
}

/** Loads the sample events, and answers with the path of each one's issue by its title. */
export async function loadSamples(server: RunningServer): Promise<Map<string, string>> {
  const created = await fetch(`${server.url}/api/0/projects/stackmend/default/create-sample/`, { method: 'POST' });
  const { eventIDs } = (await created.json()) as { eventIDs: string[] };
  const paths = new Map<string, string>();
  for (const id of eventIDs) {
    const event = await waitFor(async () => {
      const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${id}/`);
      return response.ok && ((await response.json()) as { title: string; groupID: string });
    });
    paths.set(event.title, `/issues/${event.groupID}/`);
  }
  return paths;
}

/** The path whose title has the words. @throws when none has */
export function pathOf(paths: Map<string, string>, words: string): string {
  const found = [...paths].find(([title]) => title.includes(words));
  if (!found) throw new Error(`No sample is called ${words}: ${[...paths.keys()].join(', ')}`);
  return found[1];
}

/** The page asks for an event that it has just handed over until it is digested; the browser tells of each refusal. */
export const notYetDigested = /status of 404 .*\/(?:events|eventids)\/[0-9a-f]{32}\/$/;

/** For so many milliseconds on end: between an address and what it asks for, nothing says yet that it is loading. */
const SETTLED_FOR = 100;
let asked = 0;

/** The page is drawn: its heading is there, and nothing says that it is loading. */
export async function settle(page: Page): Promise<void> {
  asked += 1;
  await page.waitForFunction(
    ({ call, quiet }) => {
      const isLoading =
        !document.querySelector('h1') || document.querySelector('[aria-label^="Loading"], [aria-busy="true"]');
      const { settledCall, settledSince } = document.documentElement.dataset;
      const isSettled = !isLoading && settledCall === String(call);
      if (isSettled && performance.now() - Number(settledSince) >= quiet) return true;
      if (!isSettled)
        Object.assign(document.documentElement.dataset, { settledCall: call, settledSince: performance.now() });
      return false;
    },
    { call: asked, quiet: SETTLED_FOR },
    { polling: 20 },
  );
  await page.evaluate(() => document.fonts.ready);
}

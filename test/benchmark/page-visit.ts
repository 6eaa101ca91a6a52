/** How long a page takes until it can be used, by what happens in the page itself. */
import type { Browser, Page } from 'playwright-core';

/** What has to be there before a page is of use: an element with a text in it. */
export type Goal = { selector: string; text: string };

export type Visit = {
  /** Milliseconds from the start of the navigation, or from the click, until the goal is seen and no long task is to come. */
  interactive: number;
  /** Milliseconds of the longest task until all was drawn; 0 where none took the 50 ms that browsers report. */
  longestTask: number;
};

const viewport = { width: 1440, height: 900 };

/** A new window loads a hundred files of Chromium's own, of its address bar's pop-up, before it is at rest. */
const WINDOW_MS = 1500;

/** In a new context: nothing cached, no code compiled. */
export async function visitCold(browser: Browser, url: string, goal: Goal): Promise<Visit> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.waitForTimeout(WINDOW_MS);
  await page.goto(url, { waitUntil: 'commit' });
  const visit = await page.evaluate(measureVisit, { ...goal, link: null });
  await context.close();
  return visit;
}

/** From the page that is open, by a click on the link that `link` selects. */
export function visitByLink(page: Page, link: string, goal: Goal): Promise<Visit> {
  return page.evaluate(measureVisit, { ...goal, link });
}

/** Runs in the page. */
async function measureVisit({ selector, text, link }: Goal & { link: string | null }): Promise<Visit> {
  const [quietMs, longestMs] = [400, 5000];
  const tasks: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  observer.observe({ type: 'longtask', buffered: !link });
  const start = link ? performance.now() : 0;
  if (link) document.querySelector<HTMLElement>(link)?.click();
  const isThere = () =>
    [...document.querySelectorAll(selector)].some(
      (found) => found.textContent.includes(text) && found.checkVisibility(),
    );
  await new Promise<void>((resolve) => {
    const look = () => (isThere() ? requestIdleCallback(() => resolve()) : requestAnimationFrame(look));
    look();
  });
  const shown = performance.now();
  // Rows beyond the first screen come piece by piece: until nothing has changed for a while, or all goes on changing.
  let changed = shown;
  const changes = new MutationObserver(() => {
    changed = performance.now();
  });
  changes.observe(document, { subtree: true, childList: true });
  while (performance.now() - changed < quietMs && performance.now() - shown < longestMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  changes.disconnect();
  observer.disconnect();
  const own = tasks.filter((task) => task.startTime + task.duration > start);
  return {
    interactive: Math.max(shown, ...own.map((task) => task.startTime + task.duration)) - start,
    longestTask: Math.max(0, ...own.map((task) => task.duration)),
  };
}

/** `each`: milliseconds from a click to when its frame is drawn, for some opened one by one; `all`: for the others together. */
export type Expansion = { each: number[]; frames: number; all: number };

/** Opens every frame of the page: some one by one, then all others, twenty between two times that the page is drawn. */
export async function expandFrames(page: Page): Promise<Expansion> {
  await page.getByRole('radio', { name: 'Full' }).check();
  await page.waitForFunction(() => !document.querySelector('[aria-label="Frames"][aria-busy]'));
  return page.evaluate(async () => {
    const [single, batch] = [20, 20];
    const selector = '[aria-label="Toggle Context"][aria-expanded="false"]';
    const drawn = () =>
      new Promise<void>((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve();
        requestAnimationFrame(() => channel.port2.postMessage(null));
      });
    const closed = [...document.querySelectorAll<HTMLElement>(selector)];
    const each: number[] = [];
    for (const button of closed.slice(0, single)) {
      const start = performance.now();
      button.click();
      await drawn();
      each.push(performance.now() - start);
    }
    const others = closed.slice(single);
    const start = performance.now();
    for (let from = 0; from < others.length; from += batch) {
      for (const button of others.slice(from, from + batch)) button.click();
      await drawn();
    }
    await new Promise((resolve) => requestIdleCallback(resolve));
    const all = performance.now() - start;
    const left = document.querySelectorAll(selector).length;
    if (left > 0) throw new Error(`${left} frames did not open.`);
    return { each, frames: others.length, all };
  });
}

/** What holds on every part of the page: times, keys, copying, no network, small windows, focus in sight. Without a model. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { loadSamples, pathOf, settle } from './served.ts';

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let issue: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  issue = pathOf(await loadSamples(server), "reading 'stock'");
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(issue);
  await settle(page);
});

const section = (name: string) => page.getByRole('button', { name, exact: true });
const hasFocus = (name: string) => section(name).evaluate((button) => button === document.activeElement);
const notification = (words: RegExp) =>
  page.getByRole('status', { name: 'Notifications' }).getByText(words).first().waitFor();

describe('times', () => {
  it('are absolute on focus and on hovering, stay while they are hovered, and are UTC at once when that is chosen', async () => {
    const time = page.getByRole('navigation', { name: 'Events' }).locator('time');
    const tooltip = page.getByRole('tooltip');
    await time.hover();
    await tooltip.waitFor();
    await tooltip.hover();
    await page.waitForTimeout(400);
    expect(await tooltip.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    await page.keyboard.press('Escape');
    await tooltip.waitFor({ state: 'detached' });
    await page.mouse.move(0, 0);
    await page.getByRole('button', { name: 'Local user' }).click();
    await page.getByRole('radio', { name: 'UTC' }).check();
    await page.keyboard.press('Escape');
    await time.locator('..').focus();
    expect(await tooltip.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})? UTC/);
    await page.reload();
    await page.getByRole('button', { name: 'Local user' }).click();
    expect(await page.getByRole('radio', { name: 'UTC' }).isChecked()).toBe(true);
  });
});

describe('copying for an AI', () => {
  it('gives what the model would be told, byte for byte, though none is set', async () => {
    await page.keyboard.press('Control+Alt+c');
    await notification(/^Copied DEFAULT-\d+, event [0-9a-f]{8}, as Markdown for an AI: about [\d,]+ tokens/);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const link = /\n(http\S+)\n/.exec(text)?.[1] ?? '';
    const eventId = link.split('/').at(-2);
    const answer = await fetch(
      `${server.url}/api/0/projects/stackmend/default/events/${eventId}/ai-fix-suggest/payload/`,
    );
    const payload = (await answer.json()) as { configured: boolean; messages: { role: string; content: string }[] };
    expect(payload.configured).toBe(false);
    const told = payload.messages.find(({ role }) => role === 'user')?.content ?? 'no message';
    expect(text).toContain(`text\n${told}\n\``);
    await page.goto(link);
    await section('Stack trace').waitFor();
  });
});

describe('keys', () => {
  it('lead from section to section and around, each in sight below the bar', async () => {
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const names = await page.locator('[data-section]').evaluateAll((all) => all.map((each) => each.id));
    const focused = () => page.evaluate(() => document.activeElement?.closest('[data-section]')?.id);
    await press('j', 'k');
    expect(await focused()).toBe(names.at(-1));
    await press('j', 'j');
    expect(await focused()).toBe(names[0]);
    for (const name of names.slice(1)) {
      await press('j', 'j');
      expect(await focused()).toBe(name);
      expect(await isInSight(page)).toBe(true);
    }
  });

  it('are listed by ?, and turned off where they are listed', async () => {
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByRole('region', { name: 'Within the event' }).getByText('Next section').waitFor();
    // Within the dialog they do nothing.
    await page.keyboard.press('l');
    await sheet.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    const before = page.url();
    for (const key of ['H', 't', 'e', '?']) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    expect(page.url()).toBe(before);
    expect(await sheet.count()).toBe(0);
    await page.getByRole('button', { name: 'Local user' }).click();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await sheet.getByRole('checkbox').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.keyboard.press('e');
    await waitFor(() => new URL(page.url()).pathname.endsWith('/events/'));
  });

  it('never leave the focus behind the bar, going back through the page (WCAG 2.4.11)', async () => {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await section('SDK').focus();
    const hidden: string[] = [];
    for (let stop = 0; stop < 120; stop++) {
      await page.keyboard.press('Shift+Tab');
      const isDone = await page.evaluate(() => document.activeElement === document.body);
      if (isDone) break;
      if (await isInSight(page)) continue;
      hidden.push(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120) ?? ''));
    }
    expect(hidden).toEqual([]);
  });

  it('open a folded section that a link leads to', async () => {
    await section('Breadcrumbs').click();
    expect(await section('Breadcrumbs').getAttribute('aria-expanded')).toBe('false');
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Breadcrumbs' }).click();
    await waitFor(async () => (await section('Breadcrumbs').getAttribute('aria-expanded')) === 'true');
    expect(await hasFocus('Breadcrumbs')).toBe(false);
  });
});

describe('the page', () => {
  it('says that there is no network, keeps what it has, and goes on when it is back', async () => {
    await watched.context.setOffline(true);
    await page
      .getByRole('status', { name: 'Connection' })
      .getByText(/^You are offline/)
      .waitFor();
    await section('Stack trace').waitFor();
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await notification(/could not|not/i);
    await watched.context.setOffline(false);
    await page.getByText(/^You are offline/).waitFor({ state: 'detached' });
    // Of the browser, about what could not be fetched meanwhile.
    watched.complaints.splice(0);
  });

  // 1280 CSS pixels at 400%, and a common window at 200% (WCAG 1.4.10, 1.4.4).
  it.each([
    { width: 320, height: 256 },
    { width: 720, height: 450 },
  ])('loses nothing and needs no sideways scrolling in a window of $width by $height', async (size) => {
    await page.setViewportSize(size);
    const faults: string[] = [];
    for (const path of [issue, `${issue}events/`, '/issues/', '/setup/', '/settings/account/', '/settings/tokens/']) {
      await page.goto(path);
      await settle(page);
      faults.push(...(await page.evaluate(overflowing)).map((each) => `${path} ${each}`));
    }
    expect(faults).toEqual([]);
  });

  it('moves nothing for who wants less motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const path of [issue, '/issues/', '/setup/']) {
      await page.goto(path);
      await settle(page);
      const moving = await page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations === Infinity).length,
      );
      expect(moving, path).toBe(0);
    }
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('complained of nothing', () => {
    expect(watched.complaints).toEqual([]);
  });
});

/** Is at least a part of what has the focus before the reader's eyes, and not covered by the bar? */
const isInSight = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const element = document.activeElement;
    const box = element?.getBoundingClientRect();
    if (!element || !box) return false;
    const points = [
      [box.left + box.width / 2, box.top + Math.min(box.height / 2, 12)],
      [box.left + Math.min(box.width / 2, 4), box.bottom - Math.min(box.height / 2, 4)],
    ] as const;
    return points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (element.contains(top) || (top.contains(element) && top.tagName !== 'HTML'));
    });
  });

/** What reaches over the window's edge without a box of its own that scrolls, and texts that are cut off without a word. */
function overflowing(): string[] {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  const faults = wide > 0 ? [`scrolls sideways by ${wide}`] : [];
  const scrolls = (element: Element) => /auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX);
  for (const element of document.querySelectorAll('#main button, #main a, #main input, #main h1, #main h2')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= window.innerWidth + 1) continue;
    let around = element.parentElement;
    while (around && !scrolls(around)) around = around.parentElement;
    if (!around) faults.push(`beyond the edge: ${element.outerHTML.slice(0, 120)}`);
  }
  return faults;
}

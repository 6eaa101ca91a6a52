/** Filters, graph, tags, navigation and table of an issue's events: the real server, Chromium at both widths and in both themes. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { barriersInBothThemes } from './barriers.ts';
import { errorEvent, loadSamples, sendEvent, settle } from './served.ts';

const dayMs = 86_400_000;
const releases = ['warehouse@2.1.0', 'warehouse@2.2.0', 'warehouse@2.3.1'];
/** With FILTER_SCREENSHOTS set to a folder, each state is also kept as a picture. */
const folder = process.env['FILTER_SCREENSHOTS'];

let server: RunningServer;
let browser: Browser;
/** 120 events of ten days, in two environments and three releases. */
let issue: string;
let wide: WatchedPage;
let narrow: WatchedPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    // A model that is set and never asked.
    startServer({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'local' }),
    launchChromium(),
  ]);
  const sample = JSON.parse(readFileSync(join(import.meta.dirname, '../../server/samples/node.json'), 'utf8'));
  for (let nth = 0; nth < 120; nth++) {
    const age = ((119 - nth) / 120) * 10 * dayMs + 3_600_000;
    await sendEvent(server, {
      ...sample,
      // An issue of its own: the sample, for the coverage of its code, makes another.
      fingerprint: ['filters'],
      event_id: randomUUID().replaceAll('-', ''),
      timestamp: (Date.now() - age) / 1000,
      environment: nth % 4 === 0 ? 'staging' : 'production',
      release: releases[Math.floor(nth / 40)],
      user: { id: `${nth % 7}` },
      tags: { site: ['hamburg', 'porto', 'oslo', 'graz', 'lyon'][nth % 5], shift: nth % 2 ? 'early' : 'late shift' },
    });
  }
  issue = await issueWith('site:porto', 120);
  await loadSamples(server);
  dateReleases();
  wide = await openWatchedPage(browser, server.url);
  narrow = await openWatchedPage(browser, server.url, { width: 390, height: 844 });
  for (const { page } of [wide, narrow]) page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => {
  // What is asked for on purpose, in the browser's own words.
  const ours = [wide, narrow].flatMap(({ complaints }) => complaints.splice(0));
  expect(ours.filter((complaint) => !/status of (400|404)/.test(complaint))).toEqual([]);
});

/** A release is dated when its first event arrives; these came, as in life, when the events happened. */
function dateReleases(): void {
  const database = new SQLite(join(server.directory, 'stackmend.db'));
  const date = database.prepare('update release set dateCreated = ? where version = ?');
  for (const [nth, version] of releases.entries()) date.run(Date.now() - (10 - nth * 3.3) * dayMs + 7_200_000, version);
  database.close();
}

async function issueWith(query: string, count: number): Promise<string> {
  return waitFor(async () => {
    const response = await fetch(
      `${server.url}/api/0/organizations/stackmend/issues/?${new URLSearchParams({ query })}`,
    );
    const [found] = (await response.json()) as { id: string; count: string }[];
    return Number(found?.count) >= count && `/issues/${found?.id}/`;
  }, 60_000);
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settle(page);
  await page
    .getByRole('slider')
    .or(page.getByRole('button', { name: /^Filters/ }))
    .first()
    .waitFor();
  await settle(page);
}

/** The header has tests of its own. */
const barriers = (page: Page) => barriersInBothThemes(page, 'main > header');

async function keep(page: Page, name: string): Promise<void> {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(folder, `${name}-${page.viewportSize()?.width}-${colorScheme}.png`) });
  }
}

const parameters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const eventShown = (page: Page) =>
  page.getByRole('navigation', { name: 'Events' }).locator('code').first().getAttribute('title');

it('keeps the failing line, its variables, its coverage and the suggestion above the fold', async () => {
  const { page } = wide;
  await open(page, issue);
  const parts = [
    page.getByText('const free = shelf.stock - shelf.reserved').first(),
    page.getByText('BULB-E27-C').first(),
    page.getByText('Line uncovered by tests').first(),
    page.getByRole('button', { name: 'Suggest fix' }),
  ];
  for (const part of parts) {
    const box = await part.boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(900);
  }
  expect((await page.getByRole('slider').boundingBox())?.height).toBeLessThanOrEqual(80);
  await keep(page, 'issue');
});

it('filters by environment, and stays filtered from event to event, on reload and on Back', async () => {
  const { page } = wide;
  await open(page, issue);
  await page.getByRole('combobox', { name: 'Environment' }).selectOption('staging');
  await page.waitForURL('**/?environment=staging');
  await page.getByRole('button', { name: '30 of 120 Events' }).waitFor();
  await settle(page);
  const first = await eventShown(page);
  await page.getByRole('link', { name: 'Previous event' }).click();
  await page.waitForURL('**/events/*/?environment=staging');
  await settle(page);
  expect(await eventShown(page)).not.toBe(first);
  await page.keyboard.press('l');
  await expect.poll(() => eventShown(page)).toBe(first);
  await page.reload();
  await settle(page);
  expect(await page.getByRole('combobox', { name: 'Environment' }).inputValue()).toBe('staging');
  await page.getByRole('link', { name: 'Last', exact: true }).click();
  await page.waitForURL('**/events/latest/?environment=staging');
  await settle(page);
  await page.goBack();
  await page.waitForURL(`**/events/${first}/?environment=staging`);
  await page.getByRole('combobox', { name: 'Environment' }).selectOption('production');
  await page.getByText('This event is outside the filter').waitFor();
  await settle(page);
  expect(await barriers(page)).toEqual([]);
  await keep(page, 'outside');
});

it('completes a search by keyboard, and says at the field what cannot be read', async () => {
  const { page } = wide;
  await open(page, issue);
  const field = page.getByRole('combobox', { name: 'Search events' });
  await field.click();
  await field.pressSequentially('shi');
  await page.getByRole('option', { name: /^shift/ }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await keep(page, 'completion-keys');
  await field.press('ArrowDown');
  await field.press('Enter');
  await page.getByRole('option', { name: /^late shift/ }).waitFor();
  await field.pressSequentially('late');
  await expect.poll(() => page.getByRole('listbox').getByRole('option').count()).toBe(1);
  await keep(page, 'completion-values');
  await field.press('ArrowDown');
  await field.press('Enter');
  await expect.poll(() => parameters(page)).toEqual({ query: 'shift:"late shift"' });
  await page.getByRole('button', { name: '60 of 120 Events' }).waitFor();
  await field.fill('site:[');
  await field.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'is not closed' }).waitFor();
  await page.getByText('The filter could not be read.').waitFor();
  expect(await barriers(page)).toEqual([]);
  await keep(page, 'unreadable');
  await field.fill('nothing-of-the-kind');
  await field.press('Enter');
  await page.getByText('No event of this issue matches the filter.').waitFor();
  await keep(page, 'no-match');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByRole('navigation', { name: 'Events' }).waitFor();
});

it('narrows the range by dragging over the graph, and goes back with Escape and the button', async () => {
  const { page } = wide;
  await open(page, `${issue}?environment=production`);
  const slider = page.getByRole('slider');
  await page.locator('.u-over').waitFor();
  const box = await slider.boundingBox();
  if (!box) throw new Error('The graph is nowhere.');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
  await slider.getByText(/match(es)?( · .*)?$/).waitFor();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 });
  await keep(page, 'dragging');
  await page.mouse.up();
  await expect.poll(() => Object.keys(parameters(page)).sort()).toEqual(['end', 'environment', 'start']);
  const { start = '', end = '' } = parameters(page);
  const days = (Date.parse(end) - Date.parse(start)) / dayMs;
  expect(days).toBeGreaterThan(1.7);
  expect(days).toBeLessThan(2.8);
  await page.getByRole('button', { name: 'Zoom out' }).waitFor();
  await settle(page);
  expect(await barriers(page)).toEqual([]);
  await keep(page, 'zoomed');
  await page.keyboard.press('Escape');
  await expect.poll(() => parameters(page)).toEqual({ environment: 'production' });
  await page.getByRole('button', { name: 'Zoom out' }).waitFor({ state: 'detached' });
  await settle(page);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect.poll(() => parameters(page)).toEqual({ environment: 'production' });
});

it('marks the releases where they began, and hides them where the reader says so', async () => {
  const { page } = wide;
  await open(page, issue);
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('End');
  const seen: string[] = [];
  for (let step = 0; step < 4; step++) {
    await page.keyboard.press('PageDown');
    seen.push((await slider.getAttribute('aria-valuetext')) ?? '');
  }
  for (const release of releases) expect(seen.join('\n')).toContain(`first seen: ${release}`);
  await keep(page, 'release');
  const marks = page.locator('[class*="release_"]');
  expect(await marks.count()).toBeGreaterThanOrEqual(releases.length);
  await page.getByRole('button', { name: 'Releases' }).click();
  await expect.poll(() => marks.count()).toBe(0);
  await page.reload();
  await settle(page);
  await slider.waitFor();
  expect(await marks.count()).toBe(0);
  await page.getByRole('button', { name: 'Releases' }).click();
});

it('draws the bars in the colours of the theme', async () => {
  const { page } = wide;
  await open(page, issue);
  /** Along the foot of the bars: a picture is taken, since reading a canvas would draw a warning. */
  const colours = async () => {
    const box = await page.locator('.u-over').boundingBox();
    const clip = { x: box?.x ?? 0, y: (box?.y ?? 0) + (box?.height ?? 0) - 3, width: box?.width ?? 0, height: 1 };
    const picture = (await page.screenshot({ clip })).toString('base64');
    return page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, 1).getContext('2d');
      context?.drawImage(image, 0, 0);
      const values = context?.getImageData(0, 0, image.width, 1).data ?? [];
      return Array.from({ length: image.width }, (_, x) => [...values.slice(4 * x, 4 * x + 3)].join());
    }, picture);
  };
  await page.locator('canvas').waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(colours).toContain('91,63,214');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(colours).toContain('108,80,230');
  await page.emulateMedia({ colorScheme: 'light' });
});

it('takes a range from a dialog', async () => {
  const { page } = wide;
  await open(page, issue);
  await page.getByRole('combobox', { name: 'Time range' }).selectOption('From … to …');
  const dialog = page.getByRole('dialog', { name: 'Events from when to when' });
  await dialog.waitFor();
  expect(await barriers(page)).toEqual([]);
  await keep(page, 'range');
  await dialog.getByRole('button', { name: 'Show these events' }).click();
  await expect.poll(() => Object.keys(parameters(page)).sort()).toEqual(['end', 'start']);
  await page.getByRole('combobox', { name: 'Time range' }).selectOption('Last 7 days');
  await expect.poll(() => parameters(page)).toEqual({ statsPeriod: '7d' });
});

describe.each(['wide', 'narrow'] as const)('on a %s window', (size) => {
  const pageOf = () => (size === 'wide' ? wide : narrow).page;

  it('shows the filters without a barrier, folded into a button on a phone', async () => {
    const page = pageOf();
    await open(page, `${issue}?environment=staging&query=site%3Aoslo`);
    if (size === 'narrow') {
      expect(await page.getByRole('slider').count()).toBe(0);
      expect(await barriers(page)).toEqual([]);
      await keep(page, 'folded');
      await page.getByRole('button', { name: 'Filters (2)' }).click();
    }
    await page.getByRole('slider').waitFor();
    await settle(page);
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await keep(page, 'filtered');
    if (size === 'narrow') await page.getByRole('button', { name: 'Filters (2)' }).click();
  });

  it('lists all values of a tag, each of which filters', async () => {
    const page = pageOf();
    await open(page, issue);
    await page.getByRole('button', { name: '2 more values of site' }).click();
    const dialog = page.getByRole('dialog', { name: 'Values of site' });
    await dialog.getByRole('row').nth(5).waitFor();
    expect(await dialog.getByRole('row').nth(1).textContent()).toMatch(/2420%/);
    expect(await barriers(page)).toEqual([]);
    await keep(page, 'tag');
    await dialog.getByLabel('Find a value').fill('por');
    await expect.poll(() => dialog.getByRole('row').count()).toBe(2);
    await dialog.getByRole('link', { name: 'porto' }).click();
    await expect.poll(() => parameters(page)).toEqual({ query: 'site:porto' });
  });

  it('shows the events in a table without a barrier', async () => {
    const page = pageOf();
    await open(page, `${issue}events/?environment=staging`);
    await page.getByRole('heading', { name: 'Events that match 30' }).waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'site' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'site' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await keep(page, 'table');
    const newest = await page.getByRole('row').nth(1).getByRole('link').getAttribute('href');
    await page.getByRole('button', { name: /^Time/ }).click();
    await page
      .getByRole('columnheader', { name: /^Time/, includeHidden: false })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await expect.poll(() => page.getByRole('row').nth(1).getByRole('link').getAttribute('href')).not.toBe(newest);
    await settle(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['index'])).toBe('1');
    await keep(page, 'table-row');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${issue}events/*/?environment=staging`);
  });

  it('says that there is news, and shows it', async () => {
    const page = pageOf();
    const type = `News${size}Error`;
    for (let nth = 0; nth < 2; nth++) await sendEvent(server, errorEvent(type, 'The till is stuck'));
    await open(page, await issueWith(type, 2));
    for (let nth = 0; nth < 3; nth++) await sendEvent(server, errorEvent(type, 'The till is stuck'));
    await page.getByText('3 new events since this was opened').waitFor();
    expect(await barriers(page)).toEqual([]);
    await keep(page, 'news');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL('**/events/latest/');
    await page.getByText('3 new events since this was opened').waitFor({ state: 'detached' });
    await settle(page);
    expect(await page.getByRole('button', { name: 'Next event' }).isDisabled()).toBe(true);
  });
});

it('scrolls through ten thousand events, of which few are drawn', async () => {
  const { page } = wide;
  const event = JSON.stringify(errorEvent('CrowdError', 'Too many'));
  const { username, pathname } = new URL(server.dsn);
  const address = `${server.url}/api${pathname}/store/?sentry_key=${username}&sentry_version=7`;
  for (let sent = 0; sent < 10_000; sent += 50) {
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await fetch(address, { method: 'POST', body: event })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  const crowd = await issueWith('CrowdError', 10_000);
  await open(page, `${crowd}events/`);
  await page.getByRole('heading', { name: 'All events 10,000' }).waitFor();
  const box = page.getByRole('region', { name: 'Rows' });
  const reached = async () => Number(await page.locator('tr[data-index]').last().getAttribute('data-index'));
  for (let before = await reached(); before < 9_999; before = await reached()) {
    await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(reached, { timeout: 15_000 }).toBeGreaterThan(before);
  }
  expect(await reached()).toBe(9_999);
  expect(await page.locator('tr[data-index]').count()).toBeLessThan(80);
});

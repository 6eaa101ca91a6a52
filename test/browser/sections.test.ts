/** The sections of an event on the real server, with what a stranger could send: hostile, large, broken and odd values. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { sectionsEnvelope } from './sections-event.ts';
import { settle } from './served.ts';

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let path: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page.setDefaultTimeout(15_000);
  path = await send();
  await page.goto(path);
  await settle(page);
});
beforeEach(() => () => expect(watched.complaints.splice(0)).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function send(): Promise<string> {
  const { username, pathname } = new URL(server.dsn);
  const { eventId, body } = sectionsEnvelope();
  const answer = await fetch(`${server.url}/api${pathname}/envelope/?sentry_key=${username}`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${eventId}/`);
    if (!response.ok) return null;
    const event = (await response.json()) as { groupID: string; userReport: object | null };
    return event.userReport && `/issues/${event.groupID}/events/${eventId}/`;
  });
}

const section = (name: string) => page.getByRole('region', { name, exact: true });
const copied = () => page.evaluate(() => navigator.clipboard.readText());

describe('the sections of an event', () => {
  it('run nothing of it, ask nobody else for anything, and none fails', async () => {
    expect(await page.getByText('could not be shown').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    expect(await page.locator('#main img[src="x"], #main iframe, #main script').count()).toBe(0);
  });

  it('are all there, each with a link that leads to it', async () => {
    const names = ['Feedback', 'Message', 'Stack trace', 'Breadcrumbs', 'Request', 'User', 'Tags', 'Contexts', 'Flags'];
    names.push('Additional data', 'Images', 'Attachments', 'Packages', 'SDK', 'Grouping');
    const links = page.getByRole('navigation', { name: 'Sections' }).getByRole('link');
    expect(await links.allTextContents()).toEqual(names);
    for (const name of ['Attachments', 'Message']) {
      await links.filter({ hasText: name }).click();
      await page.waitForFunction(() => {
        const top = document.getElementById(location.hash.slice(1))?.getBoundingClientRect().top ?? -1;
        return top >= 0 && top < innerHeight;
      });
    }
  });

  it('begin with the facts that explain most; one of them narrows the events', async () => {
    const facts = section('Highlights');
    expect(await facts.textContent()).toMatch(/Handled ?no/);
    await facts.getByRole('link', { name: '2.0.0', exact: true }).click();
    expect(new URL(page.url()).searchParams.get('query')).toBe('release:shop@2.0.0');
    await page.goBack();
    await settle(page);
    await facts.getByRole('button', { name: 'Copy trace' }).click();
    expect(await copied()).toBe('4c79f60c11214eb38604f4ae0781bfb2');
  });

  it('filter thousands of breadcrumbs by type, level and words, and tell their time either way', async () => {
    const crumbs = section('Breadcrumbs');
    await crumbs.getByRole('list', { name: /breadcrumbs$/ }).waitFor();
    expect(await crumbs.getByRole('listitem').count()).toBeLessThan(60);
    expect(await crumbs.getByRole('listitem').nth(0).textContent()).toContain('the last step');
    await crumbs.getByRole('combobox', { name: 'Level of breadcrumb' }).selectOption('error');
    await crumbs.getByText(/^[1-9]\d* of \d+$/).waitFor();
    await crumbs.getByRole('combobox', { name: 'Level of breadcrumb' }).selectOption('');
    await crumbs.getByRole('searchbox').fill('the last step');
    await crumbs.getByText(/^1 of /).waitFor();
    expect(await crumbs.getByRole('listitem').textContent()).toContain('-2.40s');
    await crumbs.getByRole('button', { name: 'Before the event' }).click();
    expect(await crumbs.getByRole('listitem').textContent()).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
    await crumbs.getByRole('button', { name: 'Time of day' }).click();
    await crumbs.getByRole('searchbox').fill('nothing of the kind');
    await crumbs.getByRole('button', { name: 'Show all' }).click();
  });

  it('give the request as a command that a terminal takes as it is', async () => {
    const request = section('HTTP request');
    await request.getByRole('button', { name: 'Copy as curl' }).click();
    const command = await copied();
    expect(command).toContain('https://shop.example/pay');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(command.replaceAll(' \\\n  ', ' ')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(await request.getByText("'$(touch pwned)`!").count()).toBeGreaterThan(0);
  });

  it('say sizes in people’s units, beside what was sent', async () => {
    const contexts = section('Contexts');
    expect(await contexts.getByRole('region', { name: 'Device' }).textContent()).toContain('2.1 GB, 25% 2147483648');
    expect(await contexts.getByRole('region', { name: 'GPU' }).textContent()).toContain('8.2 GB');
    expect(await contexts.getByRole('region', { name: 'Response' }).textContent()).toContain('1.5 kB');
    expect(await section('Feature flags').textContent()).toContain('new-checkout');
  });

  it('search packages by name', async () => {
    await page.getByRole('button', { name: 'Packages', exact: true }).click();
    await section('Packages').getByRole('searchbox').fill('package-77');
    await section('Packages').getByText('1 of 400').waitFor();
  });

  it('find an image by an address in it', async () => {
    await page.getByRole('button', { name: 'Debug images', exact: true }).click();
    const images = section('Debug images');
    expect(await images.getByRole('listitem').first().textContent()).toContain('Missing');
    await images.getByRole('searchbox').fill('0x7f0000002010');
    await images.getByText(/^1 of /).waitFor();
    expect(await images.getByRole('listitem').textContent()).toContain('libtwo.so');
    await images.getByRole('button', { name: 'Copy debug id' }).click();
    expect(await copied()).toBe('22222222-2222-2222-2222-222222222222');
  });

  it('show files inside the page: text as text, JSON in lines, pictures by their bytes, markup never', async () => {
    const files = section('Attachments');
    const preview = async (name: string) => {
      await files.getByRole('button', { name: `Preview of ${name}` }).click();
      return files.getByRole('listitem').filter({ hasText: name });
    };
    await (await preview('app.log')).getByText('line 1 of the log').waitFor();
    await (await preview('state.json')).getByText('"digits": 18446744073709551615').waitFor();
    await (await preview('page.html')).getByText("<img src=x onerror='window.pwned=1'>").waitFor();
    await (await preview('drawing.svg')).getByText('<svg').waitFor();
    const picture = (await preview('picture.png')).getByRole('img', { name: 'picture.png' });
    await waitFor(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth === 1));
    await (await preview('liar.png')).getByText('Its bytes are no image').waitFor();
    await (await preview('view-hierarchy.json')).getByText('UIButton #pay').waitFor();
    await (await preview('crash.dmp')).getByText('A minidump: threads, registers').waitFor();
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    await (await preview('empty.txt')).getByText('The file is empty.').waitFor();
  });

  it('say what went wrong while processing, and what to do', async () => {
    const errors = section('Processing errors');
    await errors.getByText('Values were not of the kind that belongs there, and were left out.').waitFor();
    await errors.getByText('Check what the application gives the SDK under these names.').waitFor();
  });

  it('tell which parts gave the hash', async () => {
    await page.getByRole('button', { name: 'Grouping', exact: true }).click();
    const grouping = section('Grouping');
    await grouping.getByText('Primary').first().waitFor();
    await grouping.getByText('in the hash').first().waitFor();
  });

  it('stay open or folded on the next visit', async () => {
    await page.getByRole('button', { name: 'Tags', exact: true }).click();
    await page.reload();
    await settle(page);
    expect(await page.getByRole('button', { name: 'Tags', exact: true }).getAttribute('aria-expanded')).toBe('false');
    expect(await page.getByRole('button', { name: 'Packages', exact: true }).getAttribute('aria-expanded')).toBe(
      'true',
    );
    await page.getByRole('button', { name: 'Tags', exact: true }).click();
  });

  it.each([
    { width: 1440, height: 900, dark: false },
    { width: 1440, height: 900, dark: true },
    { width: 390, height: 844, dark: false },
    { width: 390, height: 844, dark: true },
  ])('have no barrier at $width pixels, dark: $dark, and nothing is wider than the page', async ({ dark, ...size }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.goto(path);
    await settle(page);
    for (const name of ['app.log', 'picture.png', 'view-hierarchy.json']) {
      await page.getByRole('button', { name: `Preview of ${name}` }).click();
    }
    await page.getByRole('img', { name: 'picture.png' }).waitFor();
    await section('Grouping').getByText('Primary').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const folder = process.env['SECTION_PICTURES'];
    if (folder) {
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `sections-${size.width}${dark ? '-dark' : ''}.png`), fullPage: true });
    }
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run('#main');
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    });
    expect(violations).toEqual([]);
  });
});

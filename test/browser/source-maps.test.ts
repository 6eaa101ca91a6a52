/**
 * Source maps from end to end: a program is built by Vite, its maps come by the real plugin and the real sentry-cli, it
 * throws in Chromium under an unmodified @sentry/browser, and the page shows the code that was written; or why it does not.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { sentryVitePlugin } from '@sentry/vite-plugin';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { barriersInBothThemes } from './barriers.ts';
import { settle } from './served.ts';
import { filesOf, hasSentryCli, openShop, runSentryCli, type Shop, throwingLine } from './source-maps/shop.ts';

let server: RunningServer;
let browser: Browser;
let shop: Shop;
let token: string;
/** Where the program runs, which is foreign to the server. */
let customers: BrowserContext;
let ada: WatchedPage;

beforeAll(async () => {
  [server, browser, shop] = await Promise.all([startServer(), launchChromium(), openShop()]);
  customers = await browser.newContext();
  ada = await openWatchedPage(browser, server.url);
  ada.page.setDefaultTimeout(30_000);
  token = await makeToken(ada.context);
  await shop.build('plain');
  shop.copy('plain', 'injected');
  if (hasSentryCli) await runSentryCli(target('default'), 'sourcemaps', 'inject', `${shop.folder}/injected`);
  else console.warn('Left out: whatever sentry-cli uploads, because it does not run here.');
});
afterAll(async () => {
  await browser?.close();
  shop?.close();
  await server?.stop();
});

const target = (project: string) => ({ url: server.url, token, project });

/** Makes the first user, signs the context in, and makes a token as for a CI. */
async function makeToken(context: BrowserContext): Promise<string> {
  const ada = { username: 'ada', password: 'a loom of many cards' };
  const send = async (path: string, data: unknown) => {
    const response = await context.request.post(`${server.url}/api/0${path}`, {
      data,
      headers: { origin: server.url },
    });
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as { token?: string };
  };
  await send('/organizations/stackmend/members/', ada);
  await send('/auth/login/', ada);
  const { token } = await send('/api-tokens/', { name: 'CI', scopes: ['project:releases', 'project:read'] });
  if (!token) throw new Error('There is no token in the answer.');
  return token;
}

/** A project of its own, whose uploads nobody else sees. @returns its DSN */
async function makeProject(slug: string): Promise<string> {
  const headers = { origin: server.url };
  const data = { name: slug, slug, platform: 'javascript' };
  await ada.context.request.post(`${server.url}/api/0/organizations/stackmend/projects/`, { data, headers });
  const keys = await ada.context.request.get(`${server.url}/api/0/projects/stackmend/${slug}/keys/`);
  const [key] = (await keys.json()) as { dsn: { public: string } }[];
  if (!key) throw new Error(`The project ${slug} has no key.`);
  return key.dsn.public;
}

type Thrown = { build: string; dsn: string; release?: string; dist?: string };

/** Opens a built page, which throws, and waits until its event can be read. @returns the event's page */
async function throwIn({ build, dsn, ...told }: Thrown, project: string): Promise<string> {
  const page = await customers.newPage();
  await page.goto(`${shop.url}/${build}/?${new URLSearchParams({ dsn, ...told })}`);
  const eventId = await waitFor(async () => {
    const title = await page.title();
    return /^[0-9a-f]{32}$/.test(title) && title;
  });
  const event = await waitFor(async () => {
    const response = await ada.context.request.get(
      `${server.url}/api/0/projects/stackmend/${project}/events/${eventId}/`,
    );
    return response.ok() && ((await response.json()) as { groupID: string });
  });
  await page.close();
  return `/issues/${event.groupID}/events/${eventId}/`;
}

async function open(path: string): Promise<Page> {
  await ada.page.goto(path);
  await settle(ada.page);
  return ada.page;
}

const frames = (page: Page) => page.getByRole('list', { name: 'Frames' }).first();
const failingLine = (page: Page) => frames(page).locator('[aria-current="true"]').first();
const fold = (page: Page, words: string | RegExp) =>
  page.getByRole('region', { name: 'Source maps' }).getByRole('button', { name: words });

/** No barrier, and nothing beyond the edge of a phone; the page is as wide as before afterwards. */
async function expectNoBarriers(page: Page): Promise<void> {
  const wide = page.viewportSize();
  for (const size of [wide, { width: 390, height: 844 }]) {
    if (size) await page.setViewportSize(size);
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
  if (wide) await page.setViewportSize(wide);
}

async function expectMapped(page: Page): Promise<void> {
  await failingLine(page).waitFor();
  expect(await failingLine(page).textContent()).toContain(throwingLine);
  const newest = frames(page).getByRole('listitem').first();
  expect(await newest.textContent()).toMatch(/src\/till\.ts:\d+:\d+.*in giveChange/);
  expect(await frames(page).textContent()).toContain('in checkOut');
}

// The plugin uploads by the same program.
describe.skipIf(!hasSentryCli)('a build with the plugin for Vite', () => {
  it('is read as it was written, and as it was sent when asked', async () => {
    const plugin = sentryVitePlugin({
      url: server.url,
      org: 'stackmend',
      project: 'default',
      authToken: token,
      telemetry: false,
      silent: true,
      release: { name: 'shop@1.0.0', setCommits: false },
      errorHandler: (error) => {
        throw error;
      },
    });
    await shop.build('bundled', [plugin]);
    const page = await open(await throwIn({ build: 'bundled', dsn: server.dsn }, 'default'));
    await expectMapped(page);
    expect(await fold(page, /./).count()).toBe(0);
    await frames(page).getByText('src/till.ts').first().hover();
    const tooltip = page.getByRole('tooltip').filter({ hasText: /Source map: \S+\.js\.map/ });
    await tooltip.waitFor();
    const [ink, paper] = await tooltip.evaluate((box) => {
      const { color, backgroundColor } = getComputedStyle(box);
      return [color, backgroundColor];
    });
    expect(ink).not.toBe(paper);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('checkbox', { name: 'Minified' }).check();
    await page.keyboard.press('Escape');
    const raw = await frames(page).getByRole('listitem').first().textContent();
    expect(raw).toMatch(/\/bundled\/assets\/index-[^ ]+\.js:\d+:\d+/);
    expect(raw).not.toContain('giveChange');
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('checkbox', { name: 'Minified' }).uncheck();
  });

  it('is listed in the settings with its release and debug ids', async () => {
    const page = await open('/settings/source-maps/?project=default');
    const row = page.getByRole('list', { name: 'Uploads' }).getByRole('listitem').first();
    expect(await row.textContent()).toContain('shop@1.0.0');
    await row.getByRole('button', { name: 'Files of the upload for shop@1.0.0' }).click();
    const files = page.getByRole('list', { name: 'Files of the upload for shop@1.0.0' });
    await files.getByText('source map', { exact: false }).first().waitFor();
    const debugIds = await files
      .getByRole('listitem')
      .evaluateAll((items) =>
        items.map((item) => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(item.textContent ?? '')?.[0]),
      );
    expect(debugIds).toHaveLength(2);
    expect(new Set(debugIds).size).toBe(1);
    expect(debugIds[0]).toBeDefined();
    await expectNoBarriers(page);
  });
});

describe.skipIf(!hasSentryCli)('a build with sentry-cli', () => {
  it('is read as it was written, whatever its release', async () => {
    const dsn = await makeProject('cli');
    await runSentryCli(target('cli'), 'sourcemaps', 'upload', `${shop.folder}/injected`);
    await expectMapped(await open(await throwIn({ build: 'injected', dsn, release: 'any@1' }, 'cli')));
  });

  it('of before debug ids is found by release, dist and address', async () => {
    const dsn = await makeProject('releases');
    const of = { release: '1.0.0', dist: 'web' };
    const where = ['--release', of.release, '--dist', of.dist, '--url-prefix', '~/plain', `${shop.folder}/plain`];
    await runSentryCli(target('releases'), 'sourcemaps', 'upload', ...where);
    await expectMapped(await open(await throwIn({ build: 'plain', dsn, ...of }, 'releases')));

    const otherRelease = await open(await throwIn({ build: 'plain', dsn, ...of, release: '2.0.0' }, 'releases'));
    await fold(otherRelease, '4 frames are not mapped: their maps were uploaded for another release').click();
    await otherRelease.getByText('release 1.0.0, dist web').first().waitFor();
    await otherRelease
      .getByText(/--project=releases --release=2\.0\.0 --dist=web/)
      .first()
      .waitFor();

    const otherDist = await open(await throwIn({ build: 'plain', dsn, ...of, dist: 'ios' }, 'releases'));
    await fold(otherDist, '4 frames are not mapped: their maps were uploaded for another dist').waitFor();
  });

  it('that is uploaded after the event is mapped by a press', async () => {
    const dsn = await makeProject('late');
    const event = await throwIn({ build: 'injected', dsn }, 'late');
    const before = await open(event);
    await fold(before, '4 frames are not mapped: this project has no uploaded source maps').waitFor();

    await runSentryCli(target('late'), 'sourcemaps', 'upload', `${shop.folder}/injected`);
    const page = await open(event);
    await fold(page, '4 frames are not mapped: their maps were uploaded after the event').click();
    await expectNoBarriers(page);
    await page.getByRole('button', { name: 'Symbolicate again' }).first().click();
    await page.getByRole('status', { name: 'Notifications' }).getByText('4 of 4 frames are mapped now').waitFor();
    await expectMapped(page);
    expect(await page.getByText('not mapped').count()).toBe(0);
  });

  it('says of a file that was deployed as it was before the injection that it has no debug id', async () => {
    const dsn = await makeProject('bare');
    await runSentryCli(target('bare'), 'sourcemaps', 'upload', `${shop.folder}/injected`);
    const page = await open(await throwIn({ build: 'plain', dsn }, 'bare'));
    await fold(page, '4 frames are not mapped: their files have no debug id').click();
    await page.getByText('sentry-cli sourcemaps inject ./dist').first().waitFor();
  });

  it('says of an upload without its maps which of them is missing', async () => {
    const dsn = await makeProject('mapless');
    const folder = shop.copy('injected', 'mapless', (copy) => {
      for (const file of filesOf(copy, '.map')) rmSync(file);
    });
    await runSentryCli(target('mapless'), 'sourcemaps', 'upload', folder);
    const page = await open(await throwIn({ build: 'injected', dsn }, 'mapless'));
    await fold(
      page,
      /4 frames are not mapped: (?:the maps that their files name were not|their files were) uploaded/,
    ).waitFor();
  });

  it('says of a map without the source text that it lacks it, and still shows where', async () => {
    const dsn = await makeProject('sourceless');
    const folder = shop.copy('injected', 'sourceless', (copy) => {
      for (const file of filesOf(copy, '.map')) {
        const { sourcesContent: _, ...map } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
        writeFileSync(file, JSON.stringify(map));
      }
    });
    await runSentryCli(target('sourceless'), 'sourcemaps', 'upload', '--no-rewrite', folder);
    const page = await open(await throwIn({ build: 'injected', dsn }, 'sourceless'));
    await fold(page, /4 frames are mapped without source/).waitFor();
    expect(await frames(page).getByRole('listitem').first().textContent()).toContain('src/till.ts');
  });
});

it('says of the first event of a project that nothing was uploaded, and how to', async () => {
  const dsn = await makeProject('empty');
  const page = await open(await throwIn({ build: 'plain', dsn }, 'empty'));
  await fold(page, '4 frames are not mapped: this project has no uploaded source maps').click();
  await page.getByRole('link', { name: 'Uploaded source maps of the project' }).click();
  await page.getByText('empty has no source maps.').waitFor();
  await page.getByText('SENTRY_PROJECT=empty').waitFor();
  await settle(page);
  await expectNoBarriers(page);
});

it('asked no other host, and complained of nothing', () => {
  expect(ada.complaints).toEqual([]);
});

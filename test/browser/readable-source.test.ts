/** Source from a checkout, its coverage and the ways to it, in Chromium over the real server, real git and a report by Node's own runner. */
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../server.ts';
import { git, makeRepository, temporaryFolder } from '../unit/server/source/checkout.ts';
import { barriersInBothThemes } from './barriers.ts';
import { sendEvent, settle } from './served.ts';

const till = `/** Counts the till. */
export function count(coins) {
  if (coins.length === 0) {
    return lost();
  }
  return coins.reduce((sum, coin) => sum + coin, 0);
}

function lost() {
  throw new Error('The till is lost');
}
`;
const tillTest = `import { test } from 'node:test';
import { count } from '../src/till.js';

test('counts', () => {
  for (let day = 0; day < 3; day += 1) count([1, 2]);
});
`;
const [onCount, onLost] = [4, 10];

const here = temporaryFolder();
const { folder, commit } = makeRepository(join(here.root, 'shop'), {
  'package.json': '{"type":"module"}',
  'src/till.js': till,
  'src/logo.js': new Uint8Array([0x89, 0x50, 0, 1, 2, 3]),
  'src/.env': 'SECRET=1\n',
  'test/till.test.js': tillTest,
});
git(folder, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git');
const gone = makeRepository(join(here.root, 'gone'), { 'a.js': 'a()\n' });

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ STACKMEND_SOURCE_ROOTS: here.root }), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  here[Symbol.dispose]();
  expect(watched.complaints).toEqual([]);
});

const release = `shop@${commit}`;
const frame = (path: string, line: number, more: object = {}) => ({
  filename: path.replace('/srv/app/', ''),
  abs_path: path,
  function: path.split('/').at(-1)?.split('.')[0],
  lineno: line,
  colno: 9,
  in_app: true,
  ...more,
});

/** Sends an error of these frames, the newest last, and opens its page. */
async function openEvent(type: string, frames: object[], more: object = { release }): Promise<void> {
  const id = await sendEvent(server, {
    platform: 'node',
    exception: { values: [{ type, value: 'no', stacktrace: { frames } }] },
    ...more,
  });
  const issue = await waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${id}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });
  await page.goto(`/issues/${issue}/events/${id}/`);
  await settle(page);
}

const trace = () => page.getByRole('region', { name: 'Stack trace' });
const source = () => trace().getByRole('list', { name: 'Source' });
const textOf = async (locator: Locator) =>
  (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

it('leads from a frame without a mapping to the form that has its path, which finds both roots', async () => {
  await openEvent('Unmapped', [frame('/srv/app/src/till.js', onLost)]);
  await trace().getByText('no code mapping').waitFor();
  await trace().getByRole('link', { name: 'Add a code mapping' }).click();
  const dialog = page.getByRole('dialog', { name: /^Add a code mapping/ });
  await dialog.getByLabel('Checkout on the server').fill('/etc');
  await dialog.getByRole('button', { name: 'Add the mapping' }).click();
  await dialog.getByText(/not below one of the folders in the setting/).waitFor();
  await dialog.getByLabel('Checkout on the server').fill(folder);
  expect(await dialog.getByLabel('Path of a frame').inputValue()).toBe('/srv/app/src/till.js');
  await dialog.getByRole('button', { name: 'Find the roots' }).click();
  await dialog.getByText('src/till.js', { exact: true }).waitFor();
  expect(await barriersInBothThemes(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add the mapping' }).click();
  const list = page.getByRole('list', { name: 'Code mappings' });
  await list.getByText(folder).waitFor();
  expect(await list.getByRole('link', { name: 'acme/shop' }).getAttribute('href')).toBe('https://github.com/acme/shop');
  expect(await barriersInBothThemes(page)).toEqual([]);
  // What the page knew of the frame is asked for again.
  await page.goBack();
  await trace().getByText('From the checkout at').waitFor();
  // The refusals that were asked for.
  expect(watched.complaints.splice(0).every((each) => each.includes('status of 400'))).toBe(true);
});

describe('a frame of ours without source', () => {
  it('shows its lines from the checkout at the event’s commit, and leads to editor and repository', async () => {
    const whyNot = page.waitForResponse(/source-map-debug/);
    await openEvent('Lost', [frame('/srv/app/src/till.js', onCount), frame('/srv/app/src/till.js', onLost)]);
    const mark = trace().getByText('From the checkout at');
    await mark.waitFor();
    // Nothing was built here that a map could be of: the lines are the source itself.
    expect(await (await whyNot).json()).toMatchObject({ frames: [{ status: 'not_needed' }, { status: 'not_needed' }] });
    expect(
      await trace()
        .getByText(/not mapped/i)
        .count(),
    ).toBe(0);
    expect(await mark.textContent()).toBe(`From the checkout at ${commit.slice(0, 7)}`);
    expect(await source().locator('[aria-current="true"] code').textContent()).toBe(
      "  throw new Error('The till is lost');",
    );
    expect(await trace().getByRole('link', { name: 'Open in VS Code' }).getAttribute('href')).toBe(
      `vscode://file${folder}/src/till.js:${onLost}:9`,
    );
    const web = trace().getByRole('link', { name: 'Open on GitHub' });
    expect(await web.getAttribute('href')).toBe(`https://github.com/acme/shop/blob/${commit}/src/till.js#L${onLost}`);
    expect(await web.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('opens where somebody chose, from the menu of a closed frame too', async () => {
    await trace().getByRole('button', { name: 'Choose the editor' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open in editor' });
    await dialog.getByLabel('Zed').check();
    await dialog.getByLabel('Folder of the checkout on this machine').fill('/home/ada/shop');
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    const address = 'zed://file/home/ada/shop/src/till.js';
    await trace().locator(`a[href="${address}:${onLost}:9"]`).waitFor();
    await trace().getByRole('button', { name: 'Frame menu' }).last().click();
    const menu = page.getByRole('group', { name: 'Frame menu' });
    expect(await menu.getByRole('link', { name: 'Open in Zed' }).getAttribute('href')).toBe(`${address}:${onCount}:9`);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  const reasons: [reason: string, frame: object, words: RegExp, more?: object][] = [
    ['no mapping begins like its path', frame('/elsewhere/pay.js', 1), /No code mapping|begins/i],
    ['no commit', frame('/srv/app/src/till.js', 1), /commit/, { release: 'shop 1.4' }],
    [
      'a commit that was not fetched',
      frame('/srv/app/src/till.js', 1),
      /has no commit|fetch/i,
      { release: 'b'.repeat(40) },
    ],
    ['no such file', frame('/srv/app/src/till2.js', 1), /till2\.js/],
    ['what may be a secret', frame('/srv/app/src/.env', 1), /secrets/],
    ['what is no text', frame('/srv/app/src/logo.js', 1), /no text/],
    ['a line beyond its end', frame('/srv/app/src/till.js', 400), /no line 400/],
    ['a checkout that is gone', frame('/srv/gone/a.js', 1), /cannot be read/],
  ];
  test.each(reasons)('says why there is none: %s', async (reason, told, words, more) => {
    if (reason.includes('gone')) {
      const mapping = { projectId: '2', stackRoot: '/srv/gone', sourceRoot: '', repositoryPath: gone.folder };
      const response = await fetch(`${server.url}/api/0/organizations/stackmend/code-mappings/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(mapping),
      });
      expect(response.status).toBe(201);
      renameSync(gone.folder, `${gone.folder}-moved`);
    }
    await openEvent(`Why ${reason}`, [told], more);
    const text = trace().getByText(words).filter({ visible: true }).last();
    await text.waitFor();
    expect(await source().count()).toBe(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
  });

  it('says that the server does not answer, and tries again', async () => {
    const path = /stacktrace-link/;
    await page.route(path, (route) => route.abort());
    await openEvent('Away', [frame('/srv/app/src/till.js', onCount)]);
    await trace().getByText('The source could not be loaded').waitFor();
    await page.unroute(path);
    await trace().getByRole('button', { name: 'Try again' }).click();
    await source().waitFor();
    expect(watched.complaints.splice(0).every((each) => each.includes('ERR_FAILED'))).toBe(true);
  });
});

describe('a coverage report', () => {
  it('is missed by the settings, which say how it comes', async () => {
    await page.goto('/settings/coverage/?project=default');
    await settle(page);
    await page.getByText(/has no coverage report/).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
  });

  it('marks lines of the checkout and counts how often they ran', async () => {
    const report = join(here.folder, 'lcov.info');
    const options = ['--experimental-test-coverage', '--test-reporter=lcov', `--test-reporter-destination=${report}`];
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, NODE_V8_COVERAGE: ___, ...env } = process.env;
    execFileSync(process.execPath, ['--test', ...options, 'test/till.test.js'], { cwd: folder, env, stdio: 'pipe' });
    const upload = ['server/cli.ts', 'coverage', 'upload', report, '--project', 'default', '--commit', commit];
    expect(await runCommand(upload, { STACKMEND_CONF: server.directory })).toMatchObject({ code: 0 });
    await openEvent('Lost again', [frame('/srv/app/src/till.js', 6), frame('/srv/app/src/till.js', onLost)]);
    await trace().getByRole('list', { name: 'Line coverage' }).waitFor();
    const active = source().locator('[aria-current="true"]');
    expect(await active.getAttribute('data-coverage')).toBe('uncovered');
    expect(await textOf(active)).toEqual([expect.stringMatching(/^10.*Line uncovered by tests.*0×$/)]);
    expect(await barriersInBothThemes(page)).toEqual([]);
  });

  it('tells which frames run code that no test reaches, and shows the one that is pressed', async () => {
    const line = trace().getByText(/1 of 2 in-app frames runs code that no test reaches/);
    await line.waitFor();
    const chevrons = trace().getByRole('button', { name: 'Toggle Context' });
    await chevrons.first().click();
    await line.getByRole('button').click();
    expect(await chevrons.first().getAttribute('aria-expanded')).toBe('true');
    expect(await chevrons.first().evaluate((each) => each === document.activeElement)).toBe(true);
    await chevrons.last().click();
    await trace().getByText('6, Line covered by tests, ran 3 times:').waitFor();
  });

  it('is listed with what it matches, and leaves no mark once it is deleted', async () => {
    await page.goto('/settings/coverage/?project=default');
    await settle(page);
    const list = page.getByRole('list', { name: 'Coverage reports' });
    await list.getByRole('button', { name: 'What lcov.info matches' }).click();
    await list
      .getByText(/^In the newest \d+ events of its release or commit are \d+ in-app frames: the report has the file of/)
      .waitFor();
    await list
      .getByRole('list', { name: 'Files of frames that it lacks' })
      .getByText(/till2\.js$/)
      .waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await list.getByRole('button', { name: 'Delete lcov.info' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete lcov.info?' });
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(/has no coverage report/).waitFor();
  });
});

it.each(['/settings/code-mappings/?project=default', '/settings/coverage/?project=default'])(
  'fits %s on a phone',
  async (path) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await settle(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
  },
);

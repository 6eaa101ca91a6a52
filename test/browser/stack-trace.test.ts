/** The stack trace and its variables in Chromium, on the real server: groups, native frames, in-app rules, copies, long traces. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { corpusRoot, reportMissingCorpus } from '../corpus.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { loadSamples, pathOf, sendEvent, settle } from './served.ts';

const PROJECT = '/api/0/projects/stackmend/default';
let server: RunningServer;
let browser: Browser;
let samples: Map<string, string>;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  reportMissingCorpus('groups of exceptions and native frames in Chromium');
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  samples = await loadSamples(server);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
beforeEach(() => watched.complaints.splice(0));
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const section = () => page.getByRole('region', { name: 'Stack trace' });
const button = (name: string | RegExp) => section().getByRole('button', { name });
const frames = () => section().locator('[aria-label="Frames"] > li');
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const isFocused = (element: Locator) => element.evaluate((each) => each === document.activeElement);

async function open(path: string): Promise<void> {
  await page.goto(path);
  await settle(page);
  await frames().first().waitFor();
}

/** The page of an event once it is digested. */
async function eventPath(id: string): Promise<string> {
  const issueId = await waitFor(async () => {
    const response = await fetch(`${server.url}${PROJECT}/events/${id}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });
  return `/issues/${issueId}/events/${id}/`;
}

async function corpusEvent(path: string): Promise<string> {
  const body = new Uint8Array(readFileSync(join(corpusRoot ?? '', path)));
  const response = await fetch(`${server.url}${PROJECT}/events/`, { method: 'POST', body });
  const { eventIDs } = (await response.json()) as { eventIDs: string[] };
  return eventPath(eventIDs[0] ?? '');
}

/** What axe-core knows against the page as it is, in both themes. */
async function barriers(): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
    });
    found.push(...violations);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  return found;
}

describe('a group of exceptions', () => {
  it.runIf(corpusRoot)('is a tree that folds, and turns round with its frames', async () => {
    await open(await corpusEvent('python/exception_group.json'));
    const types = () => section().getByRole('heading', { level: 3 }).allTextContents();
    expect(await types()).toEqual([
      'ExceptionGroup',
      'ValueError',
      'ExceptionGroup',
      'ImportError',
      'ModuleNotFoundError',
      'TypeError',
    ]);
    expect(await barriers()).toEqual([]);
    await button('5 exceptions in ExceptionGroup').click();
    expect(await types()).toEqual(['ExceptionGroup']);
    await button('5 exceptions in ExceptionGroup').click();
    const folded = button('Toggle exception TypeError');
    expect(await folded.getAttribute('aria-expanded')).toBe('false');
    await folded.click();
    await section().getByLabel('Order of frames').selectOption('oldest');
    expect((await types()).at(-1)).toBe('ExceptionGroup');
    expect(await types()).toHaveLength(6);
    await section().getByLabel('Order of frames').selectOption('newest');
    expect(watched.complaints).toEqual([]);
  });
});

describe('native frames', () => {
  it.runIf(corpusRoot)('have image and address, in memory when asked, which is remembered', async () => {
    const path = await corpusEvent('native/windows_registers_threads.envelope');
    await open(path);
    const first = () => frames().first().textContent();
    expect(await first()).toContain('+0x1ae1a in trigger_crash within sentry-playground');
    await button('Options').click();
    await section().getByRole('checkbox', { name: 'Absolute addresses' }).check();
    expect(await first()).toContain('0x7ff63d85ae1a in trigger_crash');
    expect(
      await section()
        .getByRole('checkbox', { name: /^Unsymbolicated/ })
        .isDisabled(),
    ).toBe(true);
    expect(await barriers()).toEqual([]);
    await open(path);
    expect(await first()).toContain('0x7ff63d85ae1a in trigger_crash');
    await button('Options (1 on)').click();
    await section().getByRole('checkbox', { name: 'Absolute addresses' }).uncheck();
    expect(watched.complaints).toEqual([]);
  });
});

describe('copies', () => {
  const formats: [sample: string, text: RegExp][] = [
    [
      'PricingError',
      /^Traceback \(most recent call last\):\n {2}File ".+", line \d+, in .+\n {4}\S.*\n[\s\S]*\n\S*PricingError: /,
    ],
    ["reading 'stock'", /^TypeError: .+\n {4}at take \(.+:\d+:\d+\)\n/],
    [
      'MonthNotClosed',
      /^Harbor\.Jobs\.MonthNotClosedException: .+\n {3}at Harbor\.Jobs\.CloseMonthJob\.ExecuteAsync\(.+\) in .+:line \d+\n/,
    ],
    ['TileCache', /\n0 +\S+ +0x[0-9a-f]+ .+\n1 +/],
  ];
  it.each(formats)('the stack trace of %s as its language prints it', async (sample, text) => {
    await open(pathOf(samples, sample));
    await button('Copy stack trace').click();
    await button('Copy as text').click();
    await page.getByText('Copied the stack trace as text.').waitFor();
    expect(await clipboard()).toMatch(text);
    await section().getByRole('radio', { name: 'Raw' }).check();
    expect(await clipboard()).toContain(await section().locator('pre').first().textContent());
    await section()
      .getByRole('radio', { name: 'Relevant' })
      .or(section().getByRole('radio', { name: 'Full' }))
      .first()
      .check({ force: true });
  });

  it('it as Markdown, with the failing line and its variables', async () => {
    await open(pathOf(samples, 'PricingError'));
    await button('Copy stack trace').click();
    await button('Copy as Markdown').click();
    await page.getByText('Copied the stack trace as Markdown.').waitFor();
    const markdown = await clipboard();
    expect(markdown).toMatch(/### `voucher_discount` in `.*pricing\.py` \[Line 30\] \(In app\)/);
    expect(markdown).toMatch(/^30: .*raise PricingError.* {2}<-- suspect line$/m);
    expect(markdown).toContain(`"code": "'SPRING-26'"`);
  });
});

describe('variables', () => {
  it('that the failing line names come first, copy by path, and open in a viewer', async () => {
    await open(pathOf(samples, 'PricingError'));
    const table = section().getByRole('table', { name: 'Variables' }).first();
    expect(await table.getByRole('rowheader').allTextContents()).toEqual(['voucher', 'subtotal']);
    await table.getByRole('button', { name: /^voucher, \d+ keys/ }).click();
    await table.getByRole('button', { name: 'Copy path voucher.code' }).click();
    await page.getByText('Copied the path voucher.code').waitFor();
    expect(await clipboard()).toBe('voucher.code');
    await table.getByRole('row').first().hover();
    await table.getByRole('button', { name: 'Viewer: voucher' }).click();
    const dialog = page.getByRole('dialog', { name: 'voucher' });
    await dialog.getByText('"rate"').waitFor();
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(watched.complaints).toEqual([]);
  });

  it('say how much of them came, and are searched', async () => {
    const vars = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`value${index}`, { deep: [`needle ${index}`] }]),
    );
    const cut = { ...vars, body: `${'x'.repeat(1021)}...` };
    const frame = { filename: 'a.py', function: 'f', lineno: 1, in_app: true, context_line: 'f()', vars: cut };
    const id = await sendEvent(server, {
      platform: 'python',
      exception: { values: [{ type: 'CutError', value: 'cut', stacktrace: { frames: [frame] } }] },
      _meta: {
        exception: {
          values: {
            0: {
              stacktrace: {
                frames: { 0: { vars: { body: { '': { len: 8000, rem: [['!limit', 'x', 1021, 1024]] } } } } },
              },
            },
          },
        },
      },
    });
    await open(await eventPath(id));
    await section().getByText('first 1,024 of 8,000 characters').waitFor();
    await section().getByRole('searchbox', { name: 'Search variables' }).fill('needle 7');
    await section().getByText('1 found').waitFor();
    expect(await section().getByRole('rowheader').allTextContents()).toEqual(['value7.deep[0]']);
    await page.keyboard.press('Escape');
    await button('Show all 13 variables').click();
    await button('Viewer: body').click();
    await page
      .getByRole('dialog', { name: 'body' })
      .getByText('only the first 1,024 of 8,000 characters came')
      .waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('in-app rules', () => {
  it('are added from the menu of a frame, take effect at once, and are undone from the toast', async () => {
    await open(pathOf(samples, 'PricingError'));
    const frame = () => frames().filter({ hasText: 'voucher_discount' }).first();
    expect(await frame().getByText('In App').count()).toBe(1);
    await frame().getByRole('button', { name: 'Frame menu' }).focus();
    await page.keyboard.press('Enter');
    const first = page.getByRole('button', { name: 'Copy path', exact: true });
    await first.waitFor();
    await waitFor(() => isFocused(first));
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await waitFor(() => isFocused(frame().getByRole('button', { name: 'Frame menu' })));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Mark this frame as not in-app…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mark as not in-app' });
    await dialog.getByText(/^stack\.abs_path:\S+pricing\.py -app$/).waitFor();
    await dialog.getByRole('radio', { name: 'This function, wherever it is' }).check();
    await dialog.getByText('stack.function:voucher_discount -app').waitFor();
    expect(await barriers()).toEqual([]);
    await dialog.getByRole('button', { name: 'Add the rule' }).click();
    await page.getByText('Marked as not in-app.').waitFor();
    await waitFor(async () => (await frame().getByText('In App').count()) === 0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The in-app rules are as they were.').waitFor();
    await waitFor(async () => (await frame().getByText('In App').count()) === 1);
    expect(watched.complaints).toEqual([]);
  });

  it('are edited as text; a line that cannot be read is shown', async () => {
    await open(pathOf(samples, 'PricingError'));
    await button('Options').click();
    await button('In-app rules…').click();
    const dialog = page.getByRole('dialog', { name: 'In-app rules' });
    const field = dialog.getByRole('textbox', { name: 'Rules' });
    await field.fill('# ours\nstack.function:price_cart app');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog
      .getByRole('alert')
      .filter({ hasText: /^Line 2: / })
      .waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('stack.function:price_cart app');
    expect(await barriers()).toEqual([]);
    await field.fill('# ours\nstack.function:price_cart -app');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('In-app rules saved.').waitFor();
    await section().getByRole('radio', { name: 'Full' }).check();
    const frame = frames().filter({ hasText: 'price_cart' }).first();
    await waitFor(async () => (await frame.getByText('In App').count()) === 0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitFor(async () => (await frame.getByText('In App').count()) === 1);
    await section().getByRole('radio', { name: 'Relevant' }).check();
  });
});

describe('a long stack trace', () => {
  it('is there at once, its other rows soon, and what is in a frame when it is opened', async () => {
    const traced = Array.from({ length: 500 }, (_, index) => ({
      filename: `app/f${index % 40}.py`,
      function: `f${index}`,
      lineno: index + 1,
      in_app: true,
      context_line: `f${index}()`,
      vars: Object.fromEntries(Array.from({ length: 20 }, (_each, nth) => [`v${nth}`, { nth, index }])),
    }));
    const id = await sendEvent(server, {
      platform: 'python',
      exception: { values: [{ type: 'DeepError', value: 'deep', stacktrace: { frames: traced } }] },
    });
    await open(await eventPath(id));
    await waitFor(async () => (await frames().count()) === 500);
    expect(await section().getByRole('table', { name: 'Variables' }).count()).toBe(1);
    const last = frames().last();
    await last.scrollIntoViewIfNeeded();
    expect(await last.textContent()).toContain('app/f0.py:1 in f0');
    await last.getByRole('button', { name: 'Toggle Context' }).click();
    expect(await last.getByRole('rowheader').count()).toBe(20);
    expect(watched.complaints).toEqual([]);
  });
});

describe('on a phone', () => {
  it('the options, a menu and its dialogs have room', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(pathOf(samples, 'PricingError'));
    const isWithin = async (element: Locator) => {
      const box = await element.boundingBox();
      return !!box && box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844;
    };
    await button('Options').scrollIntoViewIfNeeded();
    await button('Options').click();
    expect(await isWithin(section().getByRole('group', { name: 'How frames are shown' }))).toBe(true);
    await page.keyboard.press('Escape');
    await button('Frame menu').first().click();
    const menu = section().getByRole('group', { name: 'Frame menu' });
    await menu.waitFor();
    expect(await isWithin(menu)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await menu.getByRole('button', { name: 'Mark this frame as not in-app…' }).click();
    expect(await isWithin(page.getByRole('dialog'))).toBe(true);
    expect(await barriers()).toEqual([]);
  });
});

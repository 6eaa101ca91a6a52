/** Each page as a person uses it, in Chromium on the real server. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { errorEvent, loadSamples, notYetDigested, pathOf, sendEvent, settle } from './served.ts';

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let samples: Map<string, string>;

/** Every test goes on in one tab; what it complained of is its own failure. */
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page.setDefaultTimeout(15_000);
});
beforeEach(() => () => {
  expect(watched.complaints.splice(0).filter((words) => !notYetDigested.test(words))).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const open = async (path: string) => {
  await page.goto(path);
  await settle(page);
};
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const rows = () => page.getByRole('list', { name: 'Issues' }).getByRole('listitem');
const row = (words: string) => rows().filter({ hasText: words });
const path = () => new URL(page.url()).pathname;
const query = () => new URL(page.url()).searchParams.get('query');
/** Rows of the first stack trace; a source line is an item, too, but of a list inside. */
const frames = () => page.locator('[aria-label="Frames"]').first().locator('> li');

async function issueOf(words: string): Promise<string> {
  return waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/organizations/stackmend/issues/?query=${words}`);
    const [issue] = (await response.json()) as { id: string }[];
    return issue && `/issues/${issue.id}/`;
  });
}

describe('the first visit', () => {
  it('waits, says what was refused and why, and turns into the issue when it comes', async () => {
    await open('/setup/');
    await page.getByText('Waiting for the first event…').waitFor();
    expect(await page.getByRole('region', { name: 'With an SDK' }).textContent()).toContain(server.dsn);
    await button('Python').click();
    await page.getByText('sentry_sdk.init(').first().waitFor();

    await fetch(`${server.url}/api/2/envelope/?sentry_key=${'0'.repeat(32)}`, { method: 'POST', body: '{}' });
    await page.getByRole('region', { name: 'Refused requests' }).getByText('/api/2/envelope/').waitFor();

    await sendEvent(server, errorEvent('FirstError', 'The very first'));
    await page.getByText('It works:').waitFor();
    await page.getByRole('link', { name: 'Open the issue' }).click();
    await page.getByRole('heading', { level: 1, name: /FirstError/ }).waitFor();
    expect(await page.title()).toMatch(/FirstError: The very first · DEFAULT-1/);
  });

  it('copies the DSN and says so', async () => {
    await open('/setup/');
    await button('Copy the DSN').click();
    await button('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(server.dsn);
  });
});

describe('the issues', () => {
  beforeAll(async () => {
    samples = await loadSamples(server);
  });

  it('come by themselves while one looks', async () => {
    await open('/issues/');
    expect(await rows().count()).toBe(6);
    await sendEvent(server, errorEvent('LateError', 'Sent while one looks', { level: 'warning' }));
    await row('LateError').waitFor();
  });

  it('are searched, and Back brings the search before', async () => {
    await open('/issues/');
    const field = page.getByRole('combobox', { name: 'Search issues' });
    await page.keyboard.press('/');
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await field.fill('is:unresolved level:warning');
    await field.press('Enter');
    await row('FirstError').waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(1);
    await field.fill('no such words');
    await field.press('Enter');
    await page.getByText('No issue matches.').waitFor();
    await page.goBack();
    await row('LateError').waitFor();
    expect(await field.inputValue()).toBe('is:unresolved level:warning');
    expect(query()).toBe('is:unresolved level:warning');
  });

  it('are sorted', async () => {
    await sendEvent(server, errorEvent('FirstError', 'The very first'));
    await open('/issues/?sort=new');
    expect(await rows().first().textContent()).toContain('LateError');
    await page.getByLabel('Sort by').selectOption('freq');
    await waitFor(async () => (await rows().first().textContent())?.includes('FirstError'));
    expect(new URL(page.url()).searchParams.get('sort')).toBe('freq');
  });

  it('say what is wrong with a search that cannot be read', async () => {
    await page.goto('/issues/?query=is%3Asomething');
    await page.getByRole('alert').filter({ hasText: 'is:something' }).waitFor();
    await button('Show unresolved issues').click();
    await row('FirstError').waitFor();
    // The browser's own words for a 400.
    watched.complaints.splice(0);
  });

  it('are walked, selected and resolved by keyboard, and the step can be undone', async () => {
    await open('/issues/?query=is%3Aunresolved+LateError');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('r');
    await page.getByText('No issue matches.').waitFor();
    await button('Undo').click();
    await row('LateError').waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /LateError/ }).waitFor();
  });
});

describe('an issue', () => {
  it('is resolved, archived and found under its tab', async () => {
    await open(await issueOf('LateError'));
    await button('Resolve').click();
    await button('Unresolve').waitFor();
    await open('/issues/');
    await button('Resolved').click();
    await row('LateError').waitFor();
    await row('LateError').getByRole('link').click();
    await button('Unresolve').click();
    await button('Archive').click();
    await button('Unarchive').waitFor();
    await open('/issues/?query=is%3Aarchived');
    await row('LateError').waitFor();
  });

  it('is deleted only after a question, whose refusal gives focus back', async () => {
    const gone = await issueOf('LateError');
    await open(gone);
    await button('Delete').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Delete DEFAULT-/ });
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    expect(await button('Delete').evaluate((element) => element === document.activeElement)).toBe(true);
    await button('Delete').click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await waitFor(() => path() === '/issues/');
    await page.goto(gone);
    await page.getByRole('heading', { level: 1, name: 'There is no such issue.' }).waitFor();
    watched.complaints.splice(0);
  });

  it('is walked from event to event, and all of them are a table', async () => {
    const issue = await issueOf('FirstError');
    await open(`${issue}events/latest/`);
    expect(await button('Next event').isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Previous event' }).click();
    await waitFor(async () => (await button('Previous event').count()) === 1);
    await page.keyboard.press('l');
    await waitFor(async () => (await button('Next event').count()) === 1);
    await page.keyboard.press('t');
    await page.keyboard.press('e');
    const table = page.getByRole('region', { name: 'All events' }).getByRole('table');
    await table.waitFor();
    expect(await table.getByRole('row').count()).toBe(3);
    await table.getByRole('link').last().click();
    await page.getByRole('navigation', { name: 'Events' }).waitFor();
    expect(path()).toMatch(/\/events\/[0-9a-f]{32}\/$/);
  });

  it('shows its stored event as JSON', async () => {
    await open(pathOf(samples, 'PricingError'));
    await button('JSON').click();
    const dialog = page.getByRole('dialog', { name: /as JSON$/ });
    await dialog.getByText('"platform": "python"').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button('JSON').evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('says above the fold what broke, where, with which values, how often, and offers the fix', async () => {
    await open(pathOf(samples, "reading 'stock'"));
    const inSight = [
      page.getByRole('heading', { level: 1 }),
      page.getByRole('list', { name: 'Source' }).locator('[aria-current="true"]').first(),
      page.getByRole('table', { name: 'Variables' }).first(),
      page.getByRole('list', { name: 'Line coverage' }),
      page.getByText('First seen').first(),
      page.getByRole('region', { name: 'Suggest fix' }),
    ];
    for (const piece of inSight) {
      await piece.waitFor();
      const box = await piece.boundingBox();
      expect(box && box.y + box.height).toBeLessThan(900);
    }
  });
});

describe('the stack trace', () => {
  it('shows the relevant frames, all of them, or text, in either order, and remembers', async () => {
    await open(pathOf(samples, 'PricingError'));
    const few = await frames().count();
    await button('Show 4 more frames').first().click();
    expect(await frames().count()).toBe(few + 4);
    await button('Hide 4 more frames').first().click();
    expect(await frames().count()).toBe(few);
    await page.getByText('Full', { exact: true }).click();
    expect(await frames().count()).toBe(few + 4);
    expect(await frames().first().textContent()).toContain('voucher_discount');
    await page.getByLabel('Order of frames').selectOption('oldest');
    // The exceptions turn with their frames: the newest frame of all is now the very last.
    const last = page.locator('[aria-label="Frames"]').last().locator('> li').last();
    expect(await last.textContent()).toContain('voucher_discount');
    await page.reload();
    await settle(page);
    expect(await page.getByLabel('Order of frames').inputValue()).toBe('oldest');
    await page.getByText('Raw', { exact: true }).click();
    await page.getByText('Traceback (most recent call last):').first().waitFor();
    await page.getByText('Relevant', { exact: true }).click();
    await page.getByLabel('Order of frames').selectOption('newest');
  });

  it('folds a frame on a click, and lets a selection of its text alone', async () => {
    await open(pathOf(samples, 'PricingError'));
    const frame = frames().filter({ hasText: 'price_cart' }).first();
    const isOpen = () => frame.getByRole('button', { name: 'Toggle Context' }).getAttribute('aria-expanded');
    const name = frame.getByText('price_cart').first();
    expect(await isOpen()).toBe('false');
    await name.click();
    expect(await isOpen()).toBe('true');
    const box = await name.boundingBox();
    if (!box) throw new Error('The name of the function is not in sight.');
    await page.mouse.move(box.x + 1, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width, box.y + box.height / 2);
    await page.mouse.up();
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('price_cart'.slice(1, -1));
    expect(await isOpen()).toBe('true');
  });

  it('colours the lines that tests cover, and says why there are none', async () => {
    await open(pathOf(samples, "reading 'stock'"));
    const source = page.getByRole('list', { name: 'Source' }).first();
    await source
      .getByText(/Line uncovered by tests/)
      .first()
      .waitFor({ state: 'attached' });
    expect(await source.getByText(/Line partially covered by tests/).count()).toBe(1);
    await page.getByRole('list', { name: 'Line coverage' }).waitFor();
    await open(pathOf(samples, 'PricingError'));
    await page
      .getByText(/No coverage report was uploaded for release/)
      .first()
      .waitFor();
  });

  it('has registers for a native crash and an assembly for .NET', async () => {
    await open(pathOf(samples, 'TileCache'));
    await page.getByLabel('Registers').getByText('0x00007f21c4a07a34').waitFor();
    await button('Toggle register value format of r8: hex').click();
    await page.getByLabel('Registers').getByText('11400714819323198485').waitFor();
    await open(pathOf(samples, 'MonthNotClosed'));
    await page.getByLabel('Origin of the code').first().waitFor();
  });
});

describe('around the pages', () => {
  it('says what of it cannot be fetched, and keeps the rest', async () => {
    await open(pathOf(samples, 'MonthNotClosed'));
    await page.getByRole('region', { name: 'Activity' }).waitFor();
    // As after an update of the server: the files of the page that is open are gone.
    await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404 }));
    await button('Archive until…').click();
    await page.getByRole('menuitem', { name: 'Another time or number…' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The dialog could not be loaded' });
    await alert.waitFor();
    await page.getByRole('region', { name: 'Stack trace' }).waitFor();
    await page.unroute('**/assets/*.js');
    await button('Reload').click();
    await alert.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Stack trace' }).waitFor();
    watched.complaints.splice(0);
  });

  it('takes a pasted event and opens it', async () => {
    await open('/issues/');
    await button('Import event').click();
    const dialog = page.getByRole('dialog', { name: 'Import an event' });
    // The field has focus: one comes to paste.
    await dialog.waitFor();
    await page.keyboard.insertText(JSON.stringify(errorEvent('PastedError', 'From the clipboard')));
    await dialog.getByRole('button', { name: 'Import' }).click();
    await page.getByRole('heading', { level: 1, name: /PastedError/ }).waitFor();
  });

  it('keeps the chosen theme', async () => {
    await open('/issues/');
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    await button(/^Theme:/).click();
    await button('Dark').click();
    expect(await theme()).toBe('dark');
    await page.reload();
    await settle(page);
    expect(await theme()).toBe('dark');
    await button(/^Theme:/).click();
    await button('As the system').click();
    expect(await theme()).toBeUndefined();
  });

  it('comes back to where the list was', async () => {
    await page.setViewportSize({ width: 1440, height: 360 });
    await open('/issues/');
    await rows().last().scrollIntoViewIfNeeded();
    const place = await page.evaluate(() => scrollY);
    expect(place).toBeGreaterThan(0);
    await rows().last().getByRole('link').click();
    await page.getByRole('navigation', { name: 'Events' }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await rows().last().waitFor();
    await waitFor(async () => (await page.evaluate(() => scrollY)) === place);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('says when the server does not answer, and that it does again', async () => {
    await open('/issues/');
    await page.route('**/api/0/**', (route) => route.abort('connectionrefused'));
    await page.getByText('The Stackmend server does not answer.').first().waitFor();
    await page.unroute('**/api/0/**');
    await page.getByText('The Stackmend server does not answer.').first().waitFor({ state: 'detached' });
    watched.complaints.splice(0);
  });

  it('opens the suggestion as a sheet on a phone: focus goes in, Escape closes it, focus comes back', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(pathOf(samples, 'PricingError'));
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
    await button('Suggest fix').first().click();
    expect(await focused()).toBe('Close the suggestion');
    await page.getByRole('heading', { name: 'No model is set' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Suggest fix');
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

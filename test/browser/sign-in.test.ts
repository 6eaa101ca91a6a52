/** Who gets in, where they come to, and what they may not do: real servers, a browser for each person. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../server.ts';
import { loadSamples, notYetDigested, pathOf, settle } from './served.ts';

const password = 'a loom of many cards';
const readerOnly = ['event:read', 'project:read', 'org:read'];

let browser: Browser;
let server: RunningServer;
let issue: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  issue = pathOf(await loadSamples(server), 'PricingError');
  await createUser('ada', ['--name', 'Ada Lovelace']);
  await createUser('bob', ['--permission', ...readerOnly]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function createUser(username: string, more: string[]): Promise<void> {
  const args = ['server/cli.ts', 'users', 'create', '--username', username, '--password-stdin', ...more];
  const { code, stderr } = await runCommand(args, { STACKMEND_CONF: server.directory }, `${password}\n`);
  if (code !== 0) throw new Error(`${username} could not be made: ${stderr}`);
}

/**
 * The browser tells of each answer that is not 2xx, and before a login there are some; and of two headers that it leaves
 * out of account where there is neither https nor loopback.
 */
const expected = /status of (401|403|429)/;

/** A browser of one's own; what it complained of is its test's failure. */
async function inBrowser(act: (page: Page) => Promise<void>, origin = server.url): Promise<void> {
  const { page, context, complaints } = await openWatchedPage(browser, origin);
  page.setDefaultTimeout(15_000);
  try {
    await act(page);
    expect(complaints.filter((words) => !expected.test(words) && !notYetDigested.test(words))).toEqual([]);
  } finally {
    await context.close();
  }
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const nameField = (page: Page) => page.getByLabel('User name or e-mail');
const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });
const place = (page: Page) => page.url().slice(new URL(page.url()).origin.length);
const isFocused = (page: Page, name: string) =>
  waitFor(() => page.evaluate((wanted) => document.activeElement?.getAttribute('name') === wanted, name));
const isNowhereElse = (page: Page, path: string) => waitFor(() => place(page) === path);

/** By keyboard alone, as the focus is set. */
async function signIn(page: Page, username: string): Promise<void> {
  await nameField(page).waitFor();
  await isFocused(page, 'username');
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login/');
  await settle(page);
}

describe('signing in', () => {
  it('leads back to the page that was asked for, and lasts', () =>
    inBrowser(async (page) => {
      await page.goto(`${issue}?full=1#tags`);
      await signIn(page, 'ada');
      expect(place(page)).toBe(`${issue}?full=1#tags`);
      await page.getByRole('heading', { level: 1, name: /PricingError/ }).waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: /PricingError/ }).waitFor();
      // Back leads out of the page, not to a login that was done with.
      await page.goto('/login/?next=/setup/');
      await isNowhereElse(page, '/setup/');
    }));

  it('says that name or password is wrong, and goes on from there', () =>
    inBrowser(async (page) => {
      await page.goto('/login/');
      await nameField(page).fill('ADA');
      await passwordField(page).fill('not this one');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'The user name or the password is wrong.' }).waitFor();
      await isFocused(page, 'password');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await isNowhereElse(page, '/issues/');
    }));

  it.each(['//127.0.0.2:1/', '/\\127.0.0.2:1/', '/.//127.0.0.2:1/', 'http://127.0.0.2:1/', 'javascript:alert(1)'])(
    'never leads to %s',
    (next) =>
      inBrowser(async (page) => {
        await page.goto(`/login/?next=${encodeURIComponent(next)}`);
        await signIn(page, 'ada');
        expect(page.url()).toBe(`${server.url}/issues/`);
      }),
  );

  it('has to wait after too many tries, and sees how long', () =>
    inBrowser(async (page) => {
      for (let tried = 0; tried < 10; tried++) {
        await fetch(`${server.url}/api/0/auth/login/`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ username: 'mallory', password: `guess ${tried}` }),
        });
      }
      await page.goto('/login/');
      await nameField(page).fill('mallory');
      await passwordField(page).fill('one more');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'Too many failed tries' }).waitFor();
      const wait = page.getByRole('button', { name: /^Try again in 1\d min \d+ s$/ });
      await wait.waitFor();
      const before = await wait.textContent();
      await waitFor(async () => (await wait.textContent()) !== before);
      // The name is another's to use.
      await nameField(page).fill('ada');
      await passwordField(page).fill(password);
      await button(page, 'Sign in').click();
      await isNowhereElse(page, '/issues/');
    }));
});

describe('the way out', () => {
  it('is the menu of the user, by keyboard, and what was seen is gone', () =>
    inBrowser(async (page) => {
      await page.goto(issue);
      await signIn(page, 'ada');
      const menu = button(page, /^Ada Lovelace, AL:/);
      expect(await menu.textContent()).toBe('AL');
      await menu.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Settings' }).waitFor();
      await waitFor(async () => {
        await page.keyboard.press('Tab');
        return page.evaluate(() => document.activeElement?.textContent === 'Sign out');
      });
      await page.keyboard.press('Enter');
      await isNowhereElse(page, '/login/');
      await nameField(page).waitFor();
      await page.goBack();
      await nameField(page).waitFor();
      expect(await page.content()).not.toContain('PricingError');
    }));

  it('ends every other session, too, after a question', () =>
    inBrowser(async (page) => {
      const other = await openWatchedPage(browser, server.url);
      for (const each of [page, other.page]) {
        await each.goto('/issues/');
        await signIn(each, 'bob');
      }
      await button(page, /^bob, [BG]:/).click();
      await button(page, 'Sign out everywhere…').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
      await isNowhereElse(page, '/login/');
      // The list asks again by itself, and finds the session gone.
      await other.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
      await other.context.close();
    }));
});

it('asks for the password over the page when the session ends, and what was typed stays', () =>
  inBrowser(async (page) => {
    await page.goto('/issues/');
    await signIn(page, 'ada');
    await button(page, 'Import event').click();
    await page.getByRole('dialog', { name: 'Import an event' }).getByRole('textbox').fill('{"message": "half"}');
    await page.context().clearCookies();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    expect(await nameField(page).inputValue()).toBe('ada');
    await isFocused(page, 'password');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const field = page.getByRole('dialog', { name: 'Import an event' }).getByRole('textbox');
    expect(await field.inputValue()).toBe('{"message": "half"}');
    await button(page, 'Import').click();
    await page.getByRole('heading', { level: 1, name: 'half' }).waitFor();
  }));

it('tells who may only read why an issue cannot be resolved', () =>
  inBrowser(async (page) => {
    await page.goto(issue);
    await signIn(page, 'bob');
    const words = 'You need the permission event:write. Whoever has member:admin can give it.';
    const resolve = button(page, 'Resolve');
    await waitFor(async () => (await resolve.getAttribute('aria-disabled')) === 'true');
    await resolve.focus();
    await page.getByRole('tooltip').filter({ hasText: words }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.getByRole('status', { name: 'Notifications' }).getByText(words).waitFor();
    const refused = await page.evaluate(async () => {
      const answer = await fetch('/api/0/organizations/stackmend/issues/?id=1', {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: '{"status":"resolved"}',
      });
      return answer.status;
    });
    expect(refused).toBe(403);
  }));

it('makes the first user by the link that the server prints, once', async () => {
  const elsewhere = await startServer({ HOST: '0.0.0.0' });
  const link = /\S+\/welcome\/#\S+/.exec(elsewhere.output())?.[0] ?? '';
  try {
    await inBrowser(async (page) => {
      await page.goto(link);
      await isFocused(page, 'username');
      expect(place(page)).toBe('/welcome/');
      await page.keyboard.type('grace');
      await passwordField(page).fill('too short');
      await page.keyboard.press('Enter');
      await page.getByText('At least 10 characters; this has 9.').waitFor();
      await passwordField(page).fill(password);
      await page.keyboard.press('Enter');
      await button(page, /^grace, [BG]:/).waitFor();
    }, elsewhere.url);
    await inBrowser(async (page) => {
      await page.goto(link);
      await page.getByRole('heading', { name: 'The first user is there already' }).waitFor();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await signIn(page, 'grace');
      await isNowhereElse(page, '/issues/');
    }, elsewhere.url);
  } finally {
    await elsewhere.stop();
  }
});

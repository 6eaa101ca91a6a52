/** Every page in both themes at both sizes: no barrier that axe-core knows, no foreign request, no console error, no sideways scrolling. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { errorEvent, loadSamples, pathOf, sendEvent, settle } from './served.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

let server: RunningServer;
let empty: RunningServer;
let peopled: RunningServer;
/** Waits for its first user. */
let waiting: RunningServer;
let browser: Browser;
let samples: Map<string, string>;
let peopledIssue: string;
/** One for each size and server: a new one for each look would take three times as long. */
const pages = new Map<string, Promise<WatchedPage>>();

beforeAll(async () => {
  // A model that is set and never asked.
  const environment = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'local' };
  [server, empty, peopled, waiting, browser] = await Promise.all([
    startServer(environment),
    startServer(),
    startServer(environment),
    startServer({ HOST: '0.0.0.0' }),
    launchChromium(),
  ]);
  peopledIssue = pathOf(await loadSamples(peopled), 'PricingError');
  await addPeople(peopled);
  samples = await loadSamples(server);
  await fetch(`${empty.url}/api/2/envelope/?sentry_key=${'0'.repeat(32)}`, { method: 'POST', body: '{}' });
  await sendEvent(server, errorEvent('TillError', 'The till is stuck'));
  await sendEvent(server, errorEvent('TillError', 'The till is stuck'));
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([server, empty, peopled, waiting].map((each) => each?.stop()));
});

type Look = {
  path: () => string | Promise<string>;
  act?: (page: Page) => Promise<void>;
  on?: () => RunningServer;
  /** Signed in, on the server that has members. */
  as?: 'ada' | 'grace' | 'joan' | 'jean';
};

const tillIssue = () =>
  waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/organizations/stackmend/issues/?query=TillError`);
    const [issue] = (await response.json()) as { id: string; count: string }[];
    return issue?.count === '2' && `/issues/${issue.id}/`;
  });
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const python = () => pathOf(samples, 'PricingError');

const looks: Record<string, Look> = {
  'the first visit': { path: () => '/', on: () => empty },
  'the setup with a refused request': { path: () => '/setup/', on: () => empty },
  'the list': { path: () => '/issues/' },
  'the list with a selection': {
    path: () => '/issues/',
    act: (page) => page.getByRole('checkbox').nth(1).check(),
  },
  'the search help': { path: () => '/issues/', act: press('Search syntax') },
  'a search that finds nothing': { path: () => '/issues/?query=nothingofthekind' },
  'a search that cannot be read': { path: () => '/issues/?query=is%3Asomething' },
  'an issue in Python': { path: python },
  'an issue with coverage': { path: () => pathOf(samples, "reading 'stock'") },
  'an issue in JavaScript': { path: () => pathOf(samples, 'Cannot read properties of null') },
  'a native crash': { path: () => pathOf(samples, 'TileCache') },
  'an issue in .NET': { path: () => pathOf(samples, 'MonthNotClosed') },
  'an issue with several events': { path: tillIssue },
  'all events': { path: async () => `${await tillIssue()}events/` },
  'raw JSON': { path: python, act: press('JSON') },
  'the raw stack trace': { path: python, act: (page) => page.getByText('Raw', { exact: true }).click() },
  deleting: { path: python, act: press('Delete') },
  'the shortcuts': { path: python, act: (page) => page.keyboard.press('?') },
  importing: { path: () => '/issues/', act: press('Import event') },
  'the panel or its sheet': {
    path: python,
    act: async (page) => {
      // Docked there is nothing to open; the panel's own button waits for consent.
      if ((page.viewportSize()?.width ?? 0) < 1100) await press('Suggest fix')(page);
      await page.getByRole('button', { name: 'I agree' }).waitFor();
    },
  },
  'an issue that is gone': { path: () => '/issues/999999/' },
  'a project that is not there': { path: () => '/setup/nothing/' },
};

const ofGrace = (choice: string) => async (page: Page) => {
  await press('Actions for grace')(page);
  await press(choice)(page);
};
const settings: Record<string, Look> = {
  'a server without users': {
    path: () => '/settings/account/',
    // Its faults, too.
    act: press('Make the first user'),
  },
  'no members yet': { path: () => '/settings/members/' },
  'no tokens without users': { path: () => '/settings/tokens/' },
  'the account': { path: () => '/settings/account/', as: 'ada' },
  'the account of who may do little': { path: () => '/settings/account/', as: 'grace' },
  'the members': { path: () => '/settings/members/', as: 'ada', act: press('Actions for grace') },
  'the members, of whom one may see none': { path: () => '/settings/members/', as: 'grace' },
  'adding a member': { path: () => '/settings/members/', as: 'ada', act: press('Add a member…') },
  'editing permissions': { path: () => '/settings/members/', as: 'ada', act: ofGrace('Edit permissions…') },
  'a password that is shown once': {
    path: () => '/settings/members/',
    as: 'ada',
    act: async (page) => {
      // Ends sessions: of nobody who is looked at.
      await press('Actions for linus')(page);
      await page.getByRole('button', { name: 'Reset the password…' }).click();
      await press('Reset the password')(page);
      await page.getByRole('region', { name: 'Password of linus' }).waitFor();
    },
  },
  'the tokens, and one that is shown once': {
    path: () => '/settings/tokens/',
    as: 'ada',
    act: async (page) => {
      await press('Create a token…')(page);
      await page.getByRole('textbox', { name: 'Name' }).fill('CI');
      await press('Create the token')(page);
      await page.getByRole('region', { name: 'Token CI' }).waitFor();
    },
  },
  'creating a token': { path: () => '/settings/tokens/', as: 'grace', act: press('Create a token…') },
};

const signingIn: Record<string, Look> = {
  'the login': { path: () => '/login/', on: () => peopled },
  'a login that was wrong': {
    path: () => '/login/',
    on: () => peopled,
    act: async (page) => {
      await page.getByLabel('User name or e-mail').fill('ada');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await press(/^Show/)(page);
      await press('Sign in')(page);
      await page.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor();
    },
  },
  'the making of the first user': {
    path: () => /\S+\/welcome\/#\S+/.exec(waiting.output())?.[0] ?? '',
    on: () => waiting,
    // Its faults, too.
    act: press('Make the first user'),
  },
  'a setup link that is cut': { path: () => '/welcome/', on: () => waiting },
  'a setup link that has done its work': { path: () => '/welcome/#used', on: () => peopled },
  'the menu of the local user': { path: () => '/issues/', act: press('Local user') },
  'the menu of a user': { path: () => '/issues/', as: 'ada', act: press(/^Ada Lovelace, AL/) },
  'signing out everywhere': {
    path: () => '/issues/',
    as: 'ada',
    act: async (page) => {
      await press(/^Ada Lovelace, AL/)(page);
      await press('Sign out everywhere…')(page);
    },
  },
  'an issue that one may only read': {
    path: () => peopledIssue,
    as: 'joan',
    act: async (page) => {
      await page.getByText(/^Files that came with the event are not shown to you/).waitFor();
      await page.getByRole('button', { name: 'Resolve' }).focus();
      await page.getByRole('tooltip').waitFor();
    },
  },
  'a selection that one may only read': {
    path: () => '/issues/',
    as: 'joan',
    act: (page) => page.getByRole('checkbox').nth(1).check(),
  },
  'the setup for who may only read': { path: () => '/setup/', as: 'joan' },
  'a session that has ended': {
    path: () => '/issues/',
    as: 'jean',
    act: async (page) => {
      await page.context().clearCookies();
      await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    },
  },
};

/**
 * The browser's own words for an answer that is not 2xx, of what is asked for on purpose; and for two headers that it
 * leaves out of account where there is neither https nor loopback.
 */
const expected = /status of (400|401|404)/;

describe('without a barrier, a complaint or sideways scrolling, at both sizes and in both themes', () => {
  it.each(Object.entries({ ...looks, ...settings, ...signingIn }))('%s', async (_, look) => {
    await Promise.all(
      sizes.map(async (size) => {
        const { url } = look.as ? peopled : (look.on?.() ?? server);
        const key = `${url} ${size.width} ${look.as}`;
        const opening = pages.get(key) ?? openAs(look.as, url, size);
        pages.set(key, opening);
        await judge(await opening, look);
      }),
    );
  });
});

const password = 'nanoseconds of wire';

/** `ada`, who may do everything, `grace`, who may little, `joan` and `jean`, who may only read, and `linus`, who may nothing. */
async function addPeople({ url }: RunningServer): Promise<void> {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${url}/api/0${path}`, init);
    if (!response.ok) throw new Error(`${path} was refused: ${response.status} ${await response.text()}`);
    return response.headers.get('Set-Cookie')?.split(';')[0] ?? '';
  };
  const members = '/organizations/stackmend/members/';
  await post(members, { username: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', password });
  const Cookie = await post('/auth/login/', { username: 'ada', password });
  await post(
    members,
    { username: 'grace', password, permissions: ['event:write', 'project:read'] },
    { Cookie, Origin: url },
  );
  await post(members, { username: 'linus', password, permissions: [] }, { Cookie, Origin: url });
  for (const username of ['joan', 'jean']) {
    const permissions = ['event:read', 'project:read', 'org:read'];
    await post(members, { username, password, permissions }, { Cookie, Origin: url });
  }
}

async function openAs(username: Look['as'], url: string, size: (typeof sizes)[number]): Promise<WatchedPage> {
  const watched = await openWatchedPage(browser, url, size);
  if (username) {
    const signedIn = await watched.context.request.post('/api/0/auth/login/', { data: { username, password } });
    expect(signedIn.status()).toBe(200);
  }
  return watched;
}

async function judge({ page, complaints }: WatchedPage, look: Look): Promise<void> {
  // Sheets and dialogs are judged where they come to rest.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await page.goto(await look.path());
  await settle(page);
  await look.act?.(page);
  await settle(page);
  expect(await barriers(page, everything)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  expect(await barriers(page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(await page.title()).not.toBe('');
  expect(complaints.splice(0).filter((complaint) => !expected.test(complaint))).toEqual([]);
}

const everything = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
  'label-content-name-mismatch',
];

/** @param rules of axe-core, by name or tag */
async function barriers(page: Page, rules: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (wanted) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    // Of axe-core's experiments only those that were asked for by name.
    const known = axe
      .getRules()
      .filter(
        ({ ruleId, tags }) =>
          wanted.includes(ruleId) || (!tags.includes('experimental') && tags.some((tag) => wanted.includes(tag))),
      );
    const { violations } = await axe.run({ runOnly: { type: 'rule', values: known.map(({ ruleId }) => ruleId) } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, rules);
}

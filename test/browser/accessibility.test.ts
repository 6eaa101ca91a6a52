/** Every page in both themes at both sizes: no barrier that axe-core knows, no foreign request, no console error, no sideways scrolling. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { sectionsEnvelope } from './sections-event.ts';
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
/** An event of all sections, with hostile, large and broken values. */
let fullEvent: string;
/** A group of exceptions within a group. */
let groupEvent: string;
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
  fullEvent = await eventPath(await sendSections());
  groupEvent = await eventPath(await sendEvent(server, groupOfErrors()));
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([server, empty, peopled, waiting].map((each) => each?.stop()));
});

type Look = {
  path: () => string | Promise<string>;
  act?: (page: Page) => Promise<void>;
  /** The page is the next look's too. */
  after?: (page: Page) => Promise<void>;
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
/** Opens whatever is folded and matches; what is inside of it may be folded too. */
async function unfold(page: Page, selector: string): Promise<void> {
  const folded = page.locator(`${selector}[aria-expanded="false"]`);
  for (let left = await folded.count(); left > 0; left--) await folded.first().click();
}
const openFilters = async (page: Page) => {
  const fold = page.getByRole('button', { name: /^Filters/, expanded: false });
  if ((await fold.count()) > 0) await fold.click();
};
const inOptions = (choice: string) => async (page: Page) => {
  await press('Options')(page);
  await press(choice)(page);
};

/** States of the issue page that one gets to by a press, and events that are out of the common. */
const issuePage: Record<string, Look> = {
  'every section of an event, unfolded': {
    path: () => fullEvent,
    act: async (page) => {
      await unfold(page, '[data-section] h2 button');
      await settle(page);
      await unfold(page, 'button[aria-label^="Preview of"]');
      await unfold(page, '#attachments button');
      await settle(page);
      // Half behind the bar that stays, a target is as small as what is in sight of it.
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  'every frame of a native crash, unfolded': {
    path: () => pathOf(samples, 'TileCache'),
    act: async (page) => {
      await page.getByText('Full', { exact: true }).click();
      await unfold(page, 'button[aria-label="Toggle Context"]');
      await page.getByText('more fields').first().click();
    },
  },
  'a group of exceptions': { path: () => groupEvent, act: (page) => unfold(page, '#stack-trace button') },
  'the ways to resolve': { path: python, act: press('Resolve in a release') },
  'the ways to archive': { path: python, act: press('Archive until…') },
  'archiving until a time': {
    path: python,
    act: async (page) => {
      await press('Archive until…')(page);
      await page.getByRole('menuitem', { name: /time/i }).last().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  priorities: { path: python, act: press(/^Priority/) },
  'whom to assign to': { path: () => peopledIssue, as: 'ada', act: press(/^Assignee/) },
  'a comment and another being written': {
    path: () => peopledIssue,
    as: 'ada',
    act: async (page) => {
      const write = async (text: string) => {
        await press('Add a comment')(page);
        await page.getByRole('textbox', { name: /comment/i }).fill(text);
      };
      await write('**Seen** in `till.py`, see https://example.com\n\n| a | b |\n|---|---|\n| 1 | 2 |');
      await page.getByRole('button', { name: 'Comment', exact: true }).click();
      await page.getByText('Seen').first().waitFor();
      await write('And *another*');
    },
  },
  'a notification with a way back': {
    path: tillIssue,
    act: async (page) => {
      await page.keyboard.press('b');
      await page.getByRole('status', { name: 'Notifications' }).getByRole('button').first().waitFor();
    },
  },
  'how frames are shown': { path: () => pathOf(samples, 'TileCache'), act: press('Options') },
  'the rules for in-app frames': { path: python, act: inOptions('In-app rules…') },
  'what can be done with a frame': { path: python, act: press('Frame menu') },
  'marking a frame': {
    path: python,
    act: async (page) => {
      await press('Frame menu')(page);
      await press(/^Mark this frame/)(page);
    },
  },
  'a time on focus': {
    path: python,
    act: async (page) => {
      await page.getByRole('navigation', { name: 'Events' }).locator('time').locator('..').focus();
      await page.getByRole('tooltip').waitFor();
    },
  },
  'completing a search of events': {
    path: tillIssue,
    act: async (page) => {
      await openFilters(page);
      await page.getByRole('combobox', { name: 'Search events' }).fill('le');
      await page.getByRole('listbox').getByRole('option').first().waitFor();
    },
  },
  'a search of events that cannot be read': {
    path: async () => `${await tillIssue()}?query=%28unclosed`,
  },
  'a search of events that finds none': { path: async () => `${await tillIssue()}?query=level%3Afatal` },
  'a range of time': {
    path: tillIssue,
    act: async (page) => {
      await openFilters(page);
      await page.getByRole('combobox', { name: 'Time range' }).selectOption('From … to …');
      await page.getByRole('dialog').waitFor();
    },
  },
  'the columns of all events': { path: async () => `${await tillIssue()}events/`, act: press('Columns') },
  'no network': {
    path: tillIssue,
    act: async (page) => {
      // With the code of all its parts.
      await page.waitForLoadState('networkidle');
      await page.context().setOffline(true);
      await page.getByText(/^You are offline/).waitFor();
    },
    after: (page) => page.context().setOffline(false),
  },
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
      await page.getByRole('dialog').waitFor();
    },
  },
  'an issue that one may only read': {
    path: () => peopledIssue,
    as: 'joan',
    act: async (page) => {
      await page.getByText(/^Files that came with the event are not shown to you/).waitFor();
      await page.getByRole('button', { name: 'Resolve', exact: true }).focus();
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
const expected = /status of (400|401|404)|ERR_INTERNET_DISCONNECTED/;

describe('without a barrier, a complaint or sideways scrolling, at both sizes and in both themes', () => {
  it.each(Object.entries({ ...looks, ...issuePage, ...settings, ...signingIn }))('%s', async (_, look) => {
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

/** Sends the event of all sections with its attachments and report, as an SDK would. */
async function sendSections(): Promise<string> {
  const { username, pathname } = new URL(server.dsn);
  const { eventId, body } = sectionsEnvelope();
  const url = `${server.url}/api${pathname}/envelope/?sentry_key=${username}`;
  expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
  return eventId;
}

async function eventPath(eventId: string): Promise<string> {
  const groupId = await waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${eventId}/`);
    return response.ok && ((await response.json()) as { groupID: string }).groupID;
  });
  return `/issues/${groupId}/events/${eventId}/`;
}

/** As Python tells of an ExceptionGroup: newest last, each with its place in the tree. */
function groupOfErrors(): Record<string, unknown> {
  const { exception } = errorEvent('Inner', 'In a group') as { exception: { values: { stacktrace: unknown }[] } };
  const stacktrace = exception.values[0]?.stacktrace;
  const member = (type: string, mechanism: Record<string, unknown>) => ({
    type,
    value: `${type} happened`,
    mechanism: { type: 'chained', handled: false, ...mechanism },
    stacktrace,
  });
  const values = [
    member('DrawerError', { exception_id: 3, parent_id: 1, source: 'exceptions[0]' }),
    member('PaperError', { exception_id: 2, parent_id: 0, source: 'exceptions[1]' }),
    member('InnerGroup', { exception_id: 1, parent_id: 0, source: 'exceptions[0]', is_exception_group: true }),
    member('OuterGroup', { exception_id: 0, type: 'generic', is_exception_group: true }),
  ];
  return errorEvent('OuterGroup', 'Two tills', { exception: { values } });
}

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
  expect(await page.evaluate(beyondTheEdge)).toEqual([]);
  expect(await page.title()).not.toBe('');
  await look.after?.(page);
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

/** What makes the page scroll sideways; empty where it does not. */
function beyondTheEdge(): string[] {
  const beyond = document.documentElement.scrollWidth - window.innerWidth;
  if (beyond <= 0) return [];
  const clips = (element: Element) => getComputedStyle(element).overflowX !== 'visible';
  const isBeyond = (element: Element) => {
    if (element.getBoundingClientRect().right <= window.innerWidth) return false;
    let around = element.parentElement;
    while (around && around !== document.documentElement && !clips(around)) around = around.parentElement;
    return around === null || around === document.documentElement;
  };
  const elements = [...document.querySelectorAll('body *')].filter(isBeyond);
  return [`by ${beyond} pixels`, ...elements.map(({ outerHTML }) => outerHTML.slice(0, 200))];
}

/** Resolving, archiving, assigning and commenting on a real server, in a browser for each person. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../server.ts';
import { errorEvent, sendEvent, settle } from './served.ts';

const password = 'a loom of many cards';
const people = {
  ada: ['--name', 'Ada Lovelace'],
  grace: ['--name', 'Grace Hopper', '--permission', 'event:write', 'project:read', 'org:read'],
  bob: ['--permission', 'event:read', 'project:read', 'org:read'],
};

let browser: Browser;
let server: RunningServer;
const cookies = new Map<string, string>();

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  for (const release of ['till@1.0.0', 'till@1.1.0'])
    await sendEvent(server, errorEvent('Seed', 'A seed', { release }));
  for (const [username, more] of Object.entries(people)) {
    const args = ['server/cli.ts', 'users', 'create', '--username', username, '--password-stdin', ...more];
    const { code, stderr } = await runCommand(args, { STACKMEND_CONF: server.directory }, `${password}\n`);
    if (code !== 0) throw new Error(`${username} could not be made: ${stderr}`);
    const response = await fetch(`${server.url}/api/0/auth/login/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    cookies.set(username, response.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

type Name = keyof typeof people;

/** An issue of its own for each case. Answers with its path. */
async function newIssue(type: string): Promise<string> {
  await sendEvent(server, errorEvent(type, 'It broke', { release: 'till@1.1.0', user: { id: '1' } }));
  return waitFor(async () => {
    const path = `/api/0/organizations/stackmend/issues/?query=${encodeURIComponent(`error.type:${type}`)}`;
    const response = await fetch(server.url + path, { headers: { Cookie: cookies.get('ada') ?? '' } });
    const [issue] = (await response.json()) as { id: string }[];
    return issue && `/issues/${issue.id}/`;
  });
}

/** A browser of somebody who is signed in; what it complained of is its test's failure. */
async function asPerson(
  name: Name,
  path: string,
  act: (page: Page) => Promise<void>,
  look: { width?: number; height?: number; dark?: boolean } = {},
  mayComplain = /^$/,
): Promise<void> {
  const { page, context, complaints } = await openWatchedPage(browser, server.url, look);
  page.setDefaultTimeout(15_000);
  try {
    const [cookie = '', value = ''] = (cookies.get(name) ?? '').split(/=(.*)/s);
    await context.addCookies([{ name: cookie, value, url: server.url }]);
    await page.goto(path);
    await page.getByRole('region', { name: 'Activity' }).getByRole('listitem').first().waitFor();
    await settle(page);
    await act(page);
    expect(complaints.filter((complaint) => !mayComplain.test(complaint))).toEqual([]);
  } finally {
    await context.close();
  }
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const item = (page: Page, name: string | RegExp) => page.getByRole('menuitem', { name });
const header = (page: Page) => page.locator('header').filter({ has: page.getByRole('heading', { level: 1 }) });
const activity = (page: Page) => page.getByRole('region', { name: 'Activity' });
const hasStatus = (page: Page, words: string | RegExp) => header(page).getByText(words).waitFor();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
async function undo(page: Page, words: string | RegExp): Promise<void> {
  const notes = page.getByRole('status', { name: 'Notifications' }).locator('> div');
  await notes
    .filter({ has: page.getByText(words) })
    .last()
    .getByRole('button', { name: 'Undo' })
    .click();
  await notes.filter({ hasText: 'Undone' }).last().waitFor();
}

describe('an issue', () => {
  it('is resolved in every way, and brought back from the notification', async () => {
    await asPerson('ada', await newIssue('ResolveError'), async (page) => {
      await button(page, 'Resolve').click();
      await hasStatus(page, 'Resolved');
      await undo(page, /resolved$/);
      await button(page, 'Resolve in a release').click();
      await item(page, 'In the next release').click();
      await hasStatus(page, 'in the next release');
      await hasStatus(page, 'by you');
      await waitFor(async () => (await focused(page)) === 'Unresolve');
      await undo(page, 'resolved in the next release');
      await button(page, 'Resolve in a release').click();
      await item(page, 'In the current release till@1.1.0').click();
      await hasStatus(page, 'in till@1.1.0');
      await page.keyboard.press('r');
      await button(page, 'Resolve').waitFor();
      await button(page, 'Resolve in a release').click();
      await item(page, 'In another release…').click();
      const dialog = page.getByRole('dialog', { name: 'Resolved in which release?' });
      await dialog.getByLabel('Release', { exact: true }).fill('1.0.0');
      await page.keyboard.press('Enter');
      await hasStatus(page, 'in till@1.0.0');
      await activity(page).getByText('resolved it in till@1.0.0').waitFor();
    });
  });

  it('comes back in a newer release, and says so', async () => {
    await asPerson('ada', await newIssue('RegressError'), async (page) => {
      await button(page, 'Resolve in a release').click();
      await item(page, /current/).click();
      await hasStatus(page, 'in till@1.1.0');
      const eventId = await sendEvent(server, errorEvent('RegressError', 'It broke', { release: 'till@1.2.0' }));
      await hasStatus(page, 'Regressed');
      await hasStatus(page, 'in till@1.2.0');
      await activity(page).getByText('It came back in till@1.2.0').waitFor();
      await activity(page).getByText('by the server').waitFor();
      await activity(page).getByRole('link', { name: 'See the event' }).click();
      await page.waitForURL((url) => url.pathname.endsWith(`/events/${eventId}/`));
    });
  });

  it('is archived for a time, until events and users, and for good', async () => {
    await asPerson('ada', await newIssue('ArchiveError'), async (page) => {
      await page.keyboard.press('i');
      await hasStatus(page, 'Archived');
      await undo(page, /archived$/);
      await button(page, 'Archive until…').click();
      await item(page, 'For 1 hour').click();
      await hasStatus(page, /^until /);
      await undo(page, 'archived until');
      await button(page, 'Archive until…').click();
      await item(page, 'Another time or number…').click();
      const dialog = page.getByRole('dialog', { name: 'Archive until…' });
      await dialog.getByLabel('Until more events').check();
      await dialog.getByRole('textbox', { name: 'More events' }).fill('2');
      await page.keyboard.press('Enter');
      await hasStatus(page, 'until 2 more events');
      await sendEvent(server, errorEvent('ArchiveError', 'It broke'));
      await hasStatus(page, 'until 2 more events (1 so far)');
      await sendEvent(server, errorEvent('ArchiveError', 'It broke'));
      await hasStatus(page, 'Ongoing');
      await activity(page).getByText('No longer archived: 2 more events came').waitFor();
    });
  });

  it('gets a priority and somebody who cares for it, by keyboard alone', async () => {
    await asPerson('ada', await newIssue('AssignError'), async (page) => {
      await page.keyboard.press('p');
      await page.getByRole('menu', { name: /^Priority/ }).waitFor();
      // Within a menu letters find its items; none of them resolves or archives.
      await page.keyboard.press('h');
      await waitFor(async () => (await focused(page))?.trim() === 'High');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await button(page, 'Priority: low').waitFor();
      await undo(page, 'Priority of');
      await page.keyboard.press('a');
      await page.getByRole('combobox', { name: 'Find a person' }).waitFor();
      await page.keyboard.press('Escape');
      await waitFor(() =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Assignee: nobody'),
      );
      await page.keyboard.press('a');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.type('grace');
      await page.keyboard.press('Enter');
      await button(page, 'Assignee: Grace Hopper').waitFor();
      await activity(page).getByText('assigned it to Grace Hopper').waitFor();
      await undo(page, 'assigned to Grace Hopper');
      await button(page, 'Assignee: nobody').waitFor();
      await page.keyboard.press('b');
      await button(page, 'Remove the bookmark').waitFor();
    });
  });

  it('shows everybody what somebody did, and lets nobody change another’s words', async () => {
    const path = await newIssue('TeamError');
    await asPerson('grace', path, async (page) => {
      await asPerson('ada', path, async (other) => {
        await button(other, 'Add a comment').click();
        await other.keyboard.type('Look at `till`: [the runbook](https://runbook.example/till) <script>1</script>');
        await other.keyboard.press('Control+Enter');
        await activity(other).getByText('the runbook').waitFor();
        await button(other, 'Resolve').click();
        await hasStatus(other, 'Resolved');
      });
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
      await hasStatus(page, 'by Ada Lovelace');
      await activity(page).getByText('<script>1</script>').waitFor();
      await activity(page).getByRole('link', { name: 'https://runbook.example/till' }).waitFor();
      expect(await button(page, 'Edit').count()).toBe(0);
      await button(page, 'Add a comment').click();
      await page.keyboard.type('Mine');
      await page.keyboard.press('Control+Enter');
      await button(page, 'Edit').click();
      await page.keyboard.type(', edited');
      await page.keyboard.press('Control+Enter');
      await activity(page).getByText('Mine, edited').waitFor();
      await button(page, 'Delete the comment').click();
      await page.getByRole('dialog', { name: 'Delete your comment?' }).getByRole('button', { name: 'Delete' }).click();
      await activity(page).getByText('Mine, edited').waitFor({ state: 'detached' });
    });
  });

  it('is taken back on the page when the server refuses, with its words', async () => {
    const path = await newIssue('RefusedError');
    const refuse = async (page: Page) => {
      await page.route('**/api/0/organizations/stackmend/issues/?id=*', (route) =>
        route.fulfill({ status: 400, json: { detail: 'Not on a Sunday.' } }),
      );
      await page.keyboard.press('r');
      await page.getByText('That did not work: Not on a Sunday.').waitFor();
      await button(page, 'Resolve').waitFor();
      expect(await button(page, 'Undo').count()).toBe(0);
    };
    await asPerson('ada', path, refuse, {}, /status of 400/);
  });

  it('says to who may only read why it cannot be changed', async () => {
    await asPerson('bob', await newIssue('ReadError'), async (page) => {
      for (const name of [
        'Resolve',
        'Resolve in a release',
        'Archive until…',
        /^Priority/,
        /^Assignee/,
        'Add a comment',
      ]) {
        expect(await button(page, name).getAttribute('aria-disabled')).toBe('true');
      }
      await page.keyboard.press('p');
      await page.getByRole('status', { name: 'Notifications' }).getByText('event:write').waitFor();
      expect(await page.getByRole('menu').count()).toBe(0);
    });
  });
});

it('changes several issues of the list at once', async () => {
  const path = await newIssue('BulkOneError');
  await newIssue('BulkTwoError');
  await asPerson('ada', path, async (page) => {
    await page.goto(`/issues/?query=${encodeURIComponent('is:unresolved BulkOneError')}`);
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await button(page, /^Priority/).click();
    await page.getByRole('menuitemradio', { name: 'High' }).click();
    await page.getByRole('img', { name: 'Priority: high' }).waitFor();
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await button(page, 'Assignee: nobody').click();
    await page.getByRole('option', { name: 'Ada Lovelace (you)' }).click();
    await page.getByRole('img', { name: 'Assigned to Ada Lovelace' }).waitFor();
    await undo(page, 'assigned to Ada Lovelace');
    await page.getByRole('img', { name: 'Assigned to Ada Lovelace' }).waitFor({ state: 'detached' });
  });
});

describe.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])('at $width pixels', (size) => {
  const close = async (page: Page) => {
    await page.keyboard.press('Escape');
    await page.locator('[popover]:popover-open, dialog[open]').waitFor({ state: 'detached' });
  };
  it.each([false, true])('has no barrier and nothing outside the page (dark: %s)', async (dark) => {
    const path = await newIssue(`Look${size.width}${dark}Error`);
    const check = async (page: Page) => {
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const box = await page
        .locator('[popover]:popover-open')
        .first()
        .boundingBox({ timeout: 100 })
        .catch(() => null);
      if (box) expect(box.x >= 0 && box.x + box.width <= size.width && box.y >= 0).toBe(true);
    };
    const look = async (page: Page) => {
      for (const name of ['Resolve in a release', 'Archive until…', /^Priority/, /^Assignee/]) {
        await button(page, name).click();
        await page.locator('[popover]:popover-open :is([role^="menuitem"], [role="option"])').first().waitFor();
        await check(page);
        await close(page);
      }
      await button(page, 'Archive until…').click();
      await item(page, 'Another time or number…').click();
      await page.getByRole('dialog', { name: 'Archive until…' }).waitFor();
      await check(page);
      await close(page);
      await button(page, 'Resolve in a release').click();
      await item(page, 'In another release…').click();
      await page.getByRole('list', { name: 'Releases' }).waitFor();
      await check(page);
      await close(page);
      await button(page, 'Add a comment').click();
      await page.keyboard.type('# Head\n\n- a list\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |');
      await check(page);
      await page.keyboard.press('Control+Enter');
      await activity(page).getByRole('heading', { name: 'Head' }).waitFor();
      await button(page, 'Archive until…').click();
      await item(page, 'Until 1,000 more users').click();
      await hasStatus(page, 'until 1,000 more users');
      await check(page);
    };
    await asPerson('ada', path, look, { ...size, dark });
  });
});

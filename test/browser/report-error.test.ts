/** What the page says of its own errors, and where they go: Chromium, the built page, the real server. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { errorEvent, notYetDigested, sendEvent, settle } from './served.ts';

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let issue: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  issue = await issueWithManyBreadcrumbs();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => watched?.context.close());

async function open(running = server): Promise<Page> {
  watched = await openWatchedPage(browser, running.url);
  return watched.page;
}

/** Foreign requests and what nobody expected, less what the page says of this error itself. */
const otherComplaints = (message: string) =>
  watched.complaints.filter((words) => !words.includes(message) && !notYetDigested.test(words));

/** Puts code of ours in the place of a chunk of the build. */
const replaceChunk = (page: Page, name: string, code: string) =>
  page.route(`**/assets/${name}-*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: code }));

it('shows which part failed and leads to the issue of it, while the rest of the page goes on', async () => {
  const message = 'crumbs fell on the floor';
  const page = await open();
  await replaceChunk(
    page,
    'long-breadcrumbs',
    `export function LongBreadcrumbs() { throw new TypeError('${message}') }`,
  );
  await page.goto(`${issue}?query=customer%3Aneedle`);
  await page.getByText(`Breadcrumbs could not be shown: ${message}`).waitFor();
  await page.getByRole('region', { name: 'Stack trace' }).getByText('raise_valueerror').first().waitFor();

  await page.getByRole('status').filter({ hasText: 'Reported to the project Internal.' }).waitFor();
  await page.getByRole('link', { name: 'Open the issue' }).click();
  await page.getByRole('heading', { level: 1, name: /TypeError/ }).waitFor();
  await page.getByText(message).first().waitFor();
  await settle(page);

  const event = await lastInternalEvent(message);
  expect(event).toMatchObject({
    release: { version: expect.stringMatching(/^stackmend@\d+\.\d+\.\d+/) },
    sdk: { name: 'sentry.javascript.react' },
  });
  expect(tagsOf(event)).toMatchObject({ environment: 'production', handled: 'yes' });
  // What the page was about is no part of it.
  const text = JSON.stringify(event);
  expect(text).toContain(new URL(issue, server.url).pathname);
  expect(text).not.toMatch(/needle|not a needle either|ValueError/);
  expect(event.entries.map(({ type }) => type)).not.toContain('breadcrumbs');
  // Which component it was, as React tells it.
  expect(text).toContain('React ErrorBoundary TypeError');
  expect(otherComplaints(message)).toEqual([]);
});

it('reports a page that fails as a whole, and leads back to the others', async () => {
  const message = 'no list today';
  const page = await open();
  await replaceChunk(page, 'issues-page', `export function IssuesPage() { throw new RangeError('${message}') }`);
  await page.goto('/issues/');
  await page.getByRole('heading', { name: 'This page could not be shown.' }).waitFor();
  await page.getByRole('alert').getByText(message).waitFor();
  await page.getByRole('button', { name: 'Load it again' }).waitFor();
  await page.getByRole('link', { name: 'Open the issue' }).click();
  await page.getByRole('heading', { level: 1, name: /RangeError/ }).waitFor();
  expect(await lastInternalEvent(message)).toMatchObject({ title: `RangeError: ${message}` });
  expect(otherComplaints(message)).toEqual([]);
});

it('reports what nobody caught, each once', async () => {
  const page = await open();
  await page.goto('/issues/');
  await settle(page);
  const reports: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/envelope/')) reports.push(request.url());
  });
  await page.evaluate(() => {
    const fail = () => {
      throw new Error('thrown late');
    };
    for (const delay of [0, 10, 20]) setTimeout(fail, delay);
    void Promise.reject(new Error('rejected, and nobody cared'));
  });
  expect(tagsOf(await lastInternalEvent('thrown late'))).toMatchObject({ handled: 'no' });
  expect(tagsOf(await lastInternalEvent('rejected, and nobody cared'))).toMatchObject({ handled: 'no' });
  expect(reports).toEqual([`${server.url}/api/1/envelope/`, `${server.url}/api/1/envelope/`]);
  expect(watched.complaints.filter((words) => words.startsWith('foreign'))).toEqual([]);
});

it('loads nothing of the SDK before something fails', async () => {
  const page = await open();
  const files: string[] = [];
  page.on('request', (request) => void files.push(new URL(request.url()).pathname));
  await page.goto(issue);
  await settle(page);
  await page.waitForLoadState('networkidle');
  expect(files.filter((file) => /browser-sdk|error-reporter|internal\/sdk/.test(file))).toEqual([]);
  await page.evaluate(() => void setTimeout(() => Promise.reject(new Error('now it does'))));
  await waitFor(() => files.some((file) => file.includes('/open-browser-sdk-')));
});

it('says that a page of an older build is to be loaded again, and reports nothing', async () => {
  const page = await open();
  await page.route('**/assets/issues-page-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  await page.goto('/issues/');
  await page.getByRole('heading', { name: 'This page could not be loaded.' }).waitFor();
  await page.getByRole('button', { name: 'Load it again' }).waitFor();
  expect(asked.filter((url) => /internal\/sdk|envelope/.test(url))).toEqual([]);
});

it('keeps quiet where reporting is off', async () => {
  const off = await startServer({ STACKMEND_SDK_ENABLED: 'false' });
  try {
    const page = await open(off);
    await replaceChunk(page, 'issues-page', `export function IssuesPage() { throw new RangeError('unheard') }`);
    const answered = page.waitForResponse('**/api/0/internal/sdk/');
    await page.goto('/issues/');
    await page.getByText('unheard').waitFor();
    expect(await (await answered).json()).toEqual({ dsn: null });
    await page.waitForLoadState('networkidle');
    expect(await page.getByText(/Reported/).count()).toBe(0);
    expect(otherComplaints('unheard')).toEqual([]);
  } finally {
    await off.stop();
  }
});

type InternalEvent = { title: string; tags: { key: string; value: string }[]; entries: { type: string }[] };
const tagsOf = ({ tags }: InternalEvent) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

async function ask<T>(path: string): Promise<T | null> {
  const response = await fetch(`${server.url}/api/0${path}`);
  return response.ok ? ((await response.json()) as T) : null;
}

/** The newest event of the issue in the internal project whose title has the words. */
function lastInternalEvent(words: string): Promise<InternalEvent> {
  return waitFor(async () => {
    const issues = await ask<{ id: string; title: string }[]>('/projects/stackmend/internal/issues/');
    const found = issues?.find(({ title }) => title.includes(words));
    return found && ask<InternalEvent>(`/organizations/stackmend/issues/${found.id}/events/latest/`);
  });
}

/** Its breadcrumbs are a chunk of their own; it has a tag by which its page can be filtered. */
async function issueWithManyBreadcrumbs(): Promise<string> {
  const values = Array.from({ length: 120 }, (_, index) => ({
    timestamp: 1_790_000_000 + index,
    category: 'till',
    message: 'not a needle either',
  }));
  const more = { breadcrumbs: { values }, tags: { customer: 'needle' } };
  const id = await sendEvent(server, errorEvent('ValueError', 'amount must be positive', more));
  const event = await waitFor(() => ask<{ groupID: string }>(`/projects/stackmend/default/events/${id}/`));
  return `/issues/${event.groupID}/`;
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { waitFor } from '../server.ts';

const root = join(import.meta.dirname, '..', '..');
const gallery = 'test/browser/suggest-gallery/index.html';
/** Folder for pictures of every state, for whoever wants to look. */
const pictures = process.env['SUGGEST_FIX_PICTURES'];
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Docked and as a sheet; both themes of both only for who looks. */
const places: [width: number, dark: boolean][] = pictures
  ? [
      [452, false],
      [452, true],
      [390, false],
      [390, true],
    ]
  : [
      [452, false],
      [390, true],
    ];

let folder: string;
let server: Server;
let browser: Browser;
let origin: string;

/** The production build of the gallery, under the policy that the page itself is served with. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-gallery-'));
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, rolldownOptions: { input: join(root, gallery) } },
  });
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      response.writeHead(200, {
        'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        'Content-Security-Policy': "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self'",
      });
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One page for each place: a new one for each state would take twice as long. */
const pages = new Map<string, Promise<WatchedPage>>();

async function openState(state: string, { width = 452, dark = false } = {}) {
  const key = `${width} ${dark}`;
  const opening = pages.get(key) ?? openWatchedPage(browser, origin, { width, height: 860, dark });
  pages.set(key, opening);
  const opened = await opening;
  await opened.page.goto(`/${gallery}?state=${state}`);
  await opened.page.getByRole('region', { name: 'Suggest fix' }).waitFor();
  return opened;
}

const send = (page: Page) => page.getByRole('button', { name: /^(Suggest fix|Ask again)$/ }).click();

/** What is done to reach each state, and words that show that it is reached. */
const states: Record<string, { state?: string; steps?: (page: Page) => Promise<void>; shows: string }> = {
  ready: { shows: 'Leaves your network' },
  local: { steps: (page) => page.getByText('Exact payload').click(), shows: 'System: orders to the model' },
  waiting: { steps: send, shows: 'Waiting for qwen3-coder…' },
  streaming: { steps: send, shows: 'Answering…' },
  busy: { steps: send, shows: 'The endpoint is busy; trying again in 8 s' },
  choice: {
    state: 'ready',
    steps: async (page) => {
      await page.getByText('One of 3 endpoints').click();
      await page.getByText(/^What it is made of/).click();
      await page.getByText('2 more').click();
    },
    shows: 'It has no key.',
  },
  evidence: {
    state: 'ready',
    steps: (page) => page.getByText(/^What it is made of/).click(),
    shows: 'checkout at 3f2a1c9',
  },
  stopped: {
    state: 'streaming',
    steps: async (page) => {
      await send(page);
      await page.getByText('Answering…').waitFor();
      await page.getByRole('heading', { name: 'Root cause' }).waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
    },
    shows: 'Stopped. What came until then is incomplete.',
  },
  applies: {
    steps: (page) => page.getByText('No test reached this line').scrollIntoViewIfNeeded(),
    shows: 'Applies to 3f2a1c9 · parsed · no test was run',
  },
  feedback: {
    state: 'applies',
    steps: (page) => page.getByRole('button', { name: 'Not helpful' }).click(),
    shows: 'Thank you, it is stored.',
  },
  does_not_apply: {
    steps: (page) => page.getByText('The file has').scrollIntoViewIfNeeded(),
    shows: 'Does not apply to 3f2a1c9',
  },
  broken: {
    steps: (page) => page.getByText(/Line 18 is not as deep/).scrollIntoViewIfNeeded(),
    shows: 'Applies to 3f2a1c9 · does not parse · no test was run',
  },
  malformed: {
    steps: (page) => page.getByText(/announces 4 lines/).scrollIntoViewIfNeeded(),
    shows: 'Not a patch that git can read',
  },
  unchecked: {
    steps: (page) => page.getByText(/No code mapping/).scrollIntoViewIfNeeded(),
    shows: 'Not checked: neither applied, parsed nor run',
  },
  abstained: { shows: 'The model gave no patch' },
  local_only: { shows: 'This project asks local models only' },
  done: { steps: send, shows: 'first words after' },
  stored: { shows: 'another event, bbbbbbbb' },
  hostile: { shows: 'Command from the answer, not run' },
  cut_off: { steps: send, shows: 'The answer was cut off' },
  stale: { steps: send, shows: 'The payload has changed meanwhile' },
  rate_limited: { steps: send, shows: 'Retry in' },
  unreachable: { steps: send, shows: 'cannot be reached' },
  unauthorized: { steps: send, shows: 'does not accept the key' },
  refused: { steps: send, shows: 'declined to answer' },
  not_configured: { shows: 'No model is set' },
  restricted: { shows: 'Suggestions are switched off here' },
  consent: { shows: 'May events leave this page?' },
  consented: { shows: 'Withdraw' },
  nothing: { shows: 'There is nothing to send' },
  failed: { shows: 'No suggestion came' },
};

describe('every state, docked and as a sheet, light and dark', () => {
  test.each(Object.entries(states))(
    '%s: no complaint, no foreign request, no barrier, no sideways scrolling',
    async (name, { state = name, steps, shows }) => {
      for (const [width, dark] of places) {
        const { page, complaints } = await openState(state, { width, dark });
        await steps?.(page);
        await page.getByText(shows).first().waitFor();
        if (pictures && name === 'feedback') await page.getByText(shows).first().scrollIntoViewIfNeeded();
        await page.mouse.move(1, 1);
        await page.waitForTimeout(150);
        if (pictures)
          await page.screenshot({ path: join(pictures, `${name}-${width}-${dark ? 'dark' : 'light'}.png`) });
        expect(await barriers(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        // A refusal is an answer of the pretended server, so nothing at all may stand in the console.
        expect(complaints).toEqual([]);
      }
    },
  );
});

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
      rules: { 'page-has-heading-one': { enabled: false } },
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

it('scrolls within itself and keeps the buttons in sight', async () => {
  const { page } = await openState('stored');
  const button = page.getByRole('button', { name: 'Ask again' });
  await page.getByText('How to verify').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
  const box = await button.boundingBox();
  expect(box && box.y + box.height).toBeLessThan(860);
});

it('follows the answer for who is at its end, and lets alone who went back', async () => {
  const { page } = await openState('flowing');
  await send(page);
  const box = page.getByRole('region', { name: 'Suggestion' });
  await page.getByText('Paragraph 30 of').waitFor();
  const fromEnd = () => box.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  expect(await box.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
  expect(await fromEnd()).toBeLessThan(40);
  await box.hover();
  // A turn of the wheel takes its time, and is carried along by what comes before the page hears of it.
  await waitFor(async () => {
    await page.mouse.wheel(0, -10_000);
    return box.evaluate((element) => element.scrollTop === 0);
  });
  await page.getByText('Paragraph 80 of').waitFor();
  expect(await box.evaluate((element) => element.scrollTop)).toBe(0);
  await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByText('Paragraph 120 of').waitFor();
  expect(await fromEnd()).toBeLessThan(40);
});

it('asks before a link of the answer opens, and goes nowhere when it is declined', async () => {
  const { page, complaints } = await openState('stored');
  await page.getByRole('button', { name: 'Open docs.python.org…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave for docs.python.org?' });
  await dialog.getByText('https://docs.python.org/3/library/functions.html#max').waitFor();
  if (pictures) await page.screenshot({ path: join(pictures, 'link-452-light.png') });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

/** The AI settings of a project and the ledger of calls, in Chromium over the built page; what they ask for is pretended. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AiCall, AiSettings } from '../../server/protocol/contract.ts';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer } from '../server.ts';
import { barriersInBothThemes } from './barriers.ts';
import { settle } from './served.ts';

/** Folder for pictures, for whoever wants to look. */
const pictures = process.env['SUGGEST_FIX_PICTURES'];

const settings: AiSettings = {
  localOnly: false,
  endpoint: 'house',
  redactionRules: '# of our own\nname: *iban*\ntext: Project Falcon\nwhat is this',
  endpoints: [
    { name: 'openai', host: 'api.openai.com', model: 'gpt-5-mini', isLocal: false },
    { name: 'house', host: '127.0.0.1:11434', model: 'qwen3-coder', isLocal: true },
  ],
};
const call: AiCall = {
  id: '34',
  dateCreated: '2026-11-20T10:00:00Z',
  project: { id: '1', slug: 'default' },
  issue: { id: '7', shortId: 'A-PROJECT-OF-A-NAME-THAT-IS-LONGER-THAN-A-PHONE-IS-WIDE-7' },
  eventID: 'a3f9c1d2e4b54f6a8c7d9e0f1a2b3c4d',
  user: { id: '1', name: 'Ada Lovelace' },
  endpointName: 'openai',
  endpoint: 'https://api.openai.com/v1',
  model: 'gpt-5-mini',
  status: 'success',
  inputTokens: 12_400,
  outputTokens: 512,
  tokensFrom: 'endpoint',
  cost: 0.0041,
  duration: 8200,
  firstPieceAfter: 400,
  redacted: ['2 e-mail addresses replaced'],
  leftOut: ['12 library frames left out'],
};
const calls: AiCall[] = [
  call,
  { ...call, id: '33', status: 'failure', errorKind: 'rate_limited', cost: null, outputTokens: null, user: null },
  { ...call, id: '32', status: 'aborted', tokensFrom: 'estimate' },
];
const whole: AiCall = {
  ...call,
  request: [
    { role: 'system', content: 'You help a developer to find and mend the cause of one error.' },
    { role: 'user', content: JSON.stringify({ to: '[email 1]', frames: Array(60).fill('charge') }, null, 2) },
  ],
  answer: `## Fix\n\n${'A word without an end'.replaceAll(' ', '')}`.repeat(20),
  feedback: [{ rating: 'not_helpful', comment: 'Wrong file.', user: 'Grace' }],
};

let server: RunningServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  page.setDefaultTimeout(20_000);
  const answers: [path: string, answer: unknown, method?: string][] = [
    ['**/ai-settings/', settings],
    ['**/ai-consent/', { consented: true }],
    ['**/ai-calls/**', calls],
    ['**/ai-calls/34/', whole],
    ['**/ai-calls/?*status=aborted*', []],
  ];
  for (const [path, json] of answers) await page.route(`**/api/0/${path}`, (route) => route.fulfill({ json }));
  if (pictures) mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

type State = { path: string; steps?: () => Promise<unknown>; shows: string };
const states: Record<string, State> = {
  settings: { path: '/settings/ai/', shows: 'Redaction rules' },
  limited: {
    path: '/settings/ai/',
    steps: async () => {
      await page.getByRole('checkbox', { name: /^Local endpoints only/ }).check();
      await page.getByRole('textbox', { name: 'Rules' }).fill('');
    },
    shows: 'Your consent',
  },
  calls: { path: '/settings/ai-calls/', shows: 'rate limited' },
  call: {
    path: '/settings/ai-calls/?project=default',
    steps: () => page.getByRole('button', { name: 'Call 34' }).click(),
    shows: 'Wrong file.',
  },
  'no calls': { path: '/settings/ai-calls/?status=aborted', shows: 'No call matches.' },
};

describe.each([1440, 390])('%i pixels wide', (width) => {
  test.each(Object.entries(states))('%s: no complaint, no barrier, no sideways scrolling', async (name, state) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(state.path);
    await settle(page);
    await state.steps?.();
    await page.getByText(state.shows).first().waitFor();
    for (const colorScheme of pictures ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(pictures ?? '', `page-${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});

test('a rule that cannot be read is found by keyboard, and what was typed stays', async () => {
  await page.route('**/api/0/**/ai-settings/', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 400, json: { detail: 'Line 4: a rule begins with name:, text:, pattern: or keep:.' } })
      : route.fulfill({ json: settings }),
  );
  await page.goto('/settings/ai/');
  await settle(page);
  const field = page.getByRole('textbox', { name: 'Rules' });
  await page.getByRole('button', { name: 'Save the rules' }).press('Enter');
  await page.getByRole('alert').getByText('a rule begins with').waitFor();
  expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('what is this');
  expect(await barriersInBothThemes(page)).toEqual([]);
  // The browser tells of the refusal, which is the point.
  expect(watched.complaints.splice(0)).toEqual([expect.stringMatching(/status of 400 .*\/ai-settings\/$/)]);
});

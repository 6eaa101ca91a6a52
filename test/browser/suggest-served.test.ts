/** A suggestion from the click to the ledger, in Chromium over the real server and a model on loopback. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aiCallSchema } from '../../server/protocol/contract.ts';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type FakeModel, startFakeModel } from '../fake-model.ts';
import { type RunningServer, startServer, waitFor } from '../server.ts';
import { barriersInBothThemes } from './barriers.ts';
import { errorEvent, sendEvent, settle } from './served.ts';

const address = 'ada.lovelace@analytical.example';
const answer = `## Problem

The receipt for [email 1] is refused.

## Fix

\`\`\`diff
--- a/app/till.py
+++ b/app/till.py
@@ -3,1 +3,1 @@
-    raise ValueError("refused [email 1]")
+    return None
\`\`\`

## Confidence

Low: the caller is not in the event.
`;

let server: RunningServer;
let browser: Browser;
let model: FakeModel;
let watched: WatchedPage;
let page: Page;
let issue: string;

beforeAll(async () => {
  model = await startFakeModel();
  model.answer(answer);
  const environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'words', OPENAI_API_KEY: 'sk-of-the-test' };
  [server, browser] = await Promise.all([startServer(environment), launchChromium()]);
  const id = await sendEvent(server, errorEvent('ValueError', `refused ${address}`));
  const event = await waitFor(async () => {
    const response = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${id}/`);
    return response.ok && ((await response.json()) as { groupID: string });
  });
  issue = `/issues/${event.groupID}/`;
  watched = await openWatchedPage(browser, server.url);
  page = watched.page;
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await model?.close();
});

const panel = () => page.getByRole('region', { name: 'Suggest fix' });

it('shows what would be sent, asks for consent, and shows the answer with its patch and what was put back', async () => {
  await page.goto(issue);
  await panel().getByText('Exact payload').waitFor();
  await panel()
    .getByText(/^What it is made of: \d+ pieces/)
    .click();
  await panel().getByText('1 exception, as the SDK sent it').waitFor();
  expect(model.requests).toEqual([]);
  await panel().getByRole('button', { name: 'I agree' }).click();
  await panel().getByRole('button', { name: 'Suggest fix' }).click();
  await panel().getByText('Not checked: neither applied, parsed nor run').waitFor();
  await panel().getByText('The model says that its confidence is low.').waitFor();
  // In the words of the answer and in its patch; what went over the wire has the placeholder.
  await waitFor(async () => (await panel().getByText(address).count()) === 2);
  expect(model.requests.map(({ text }) => text.includes(address))).toEqual([false]);
  await panel()
    .getByText(/\d tokens sent, .*\d answered/)
    .waitFor();
  expect(await barriersInBothThemes(page)).toEqual([]);
});

it('keeps what somebody thinks of it, and takes it back', async () => {
  const button = panel().getByRole('button', { name: 'Not helpful' });
  await button.click();
  await panel().getByRole('textbox', { name: 'Comment, if you like' }).fill('It hides the error.');
  await panel().getByRole('button', { name: 'Save comment' }).click();
  await panel().getByRole('button', { name: 'Save comment' }).waitFor({ state: 'detached' });
  await page.reload();
  await waitFor(async () => (await button.getAttribute('aria-pressed')) === 'true');
  expect(await panel().getByRole('textbox', { name: 'Comment, if you like' }).inputValue()).toBe('It hides the error.');
});

it('stands in the ledger with the exact request and answer, without what was put back', async () => {
  await page.goto('/settings/ai-calls/?project=default&status=success');
  await page.getByRole('button', { name: /^Call \d+$/ }).click();
  const sent = page.getByRole('region', { name: 'Sent: user', exact: true });
  await sent.waitFor();
  const [request] = model.requests;
  expect(await sent.locator('pre').textContent()).toBe(request?.messages.at(-1)?.content);
  expect(await page.getByRole('region', { name: 'Answer', exact: true }).locator('pre').textContent()).toBe(answer);
  await page.getByText('It hides the error.').waitFor();
  const href = await page.getByRole('link', { name: 'Export these' }).getAttribute('href');
  const exported = await (await fetch(`${server.url}${href}`)).text();
  const [call, ...more] = exported
    .trim()
    .split('\n')
    .map((line) => aiCallSchema.parse(JSON.parse(line)));
  expect(more).toEqual([]);
  expect(call).toMatchObject({ answer, feedback: [{ rating: 'not_helpful', comment: 'It hides the error.' }] });
  expect(JSON.stringify([call?.request, call?.answer, call?.patch])).not.toContain(address);
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
  await page.getByText('No call matches.').waitFor();
});

it('has its settings by project: rules that are read by the server, and one’s consent', async () => {
  await page.goto('/settings/ai/?project=default');
  await settle(page);
  expect(watched.complaints).toEqual([]);
  const field = page.getByRole('textbox', { name: 'Rules' });
  await field.fill('# ours\ntext: Falcon\nwhat is this');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByRole('alert').getByRole('button', { name: 'Line 3' }).waitFor();
  await field.fill('text: Falcon');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByText('Saved. It holds from the next suggestion on.').waitFor();
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText(/^You have not agreed/).waitFor();
  await page.goto(issue);
  await panel().getByRole('button', { name: 'I agree' }).waitFor();
  // The browser tells of the rule that was refused, which is the point.
  expect(watched.complaints.splice(0)).toEqual([expect.stringMatching(/status of 400 .*\/ai-settings\/$/)]);
});

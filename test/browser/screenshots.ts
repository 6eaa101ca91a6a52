/**
 * Takes the README's pictures of the real page over the sample events, with a pretended model that gives the answer below:
 *
 *   npx vite build && node test/browser/screenshots.ts [folder]
 *
 * Without a folder, into test/screenshots. A picture over 250 kB is a failure: they are part of the repository.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { startFakeModel } from '../fake-model.ts';
import { type RunningServer, startServer } from '../server.ts';
import { loadSamples, pathOf, sendEvent, settle } from './served.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = process.argv[2] ?? join(root, 'test', 'screenshots');
const dayMs = 86_400_000;
const mostBytes = 250_000;

const answer = `### Problem

\`take\` reads \`shelf.stock\`, and \`shelf\` is \`undefined\`.

### Root cause

No shelf holds \`BULB-E27-C\`: of the two in \`shelves\` one is for \`LAMP-OAK-30\`, one for \`BULB-E14-W\`. So \`nearestShelf\` finds none, and \`reserve\` passes that on. The lines that would say so, 20 to 22, come after the failing one and are covered by no test.

### Fix

\`\`\`diff
--- a/src/reserve.ts
+++ b/src/reserve.ts
@@ -8 +8,2 @@
     const shelf = nearestShelf(shelves, line.sku, order.country);
+    if (!shelf) throw new OutOfStock(line);
\`\`\`

### Confidence

High: both values are in the event.
`;

/** How often each sample happened on the days before today, so that the pictures have something to tell. */
const history: Record<string, number[]> = {
  node: [7, 4, 9, 16, 21, 12, 6, 3, 8, 5, 2, 4],
  python: [3, 8, 6, 1, 11, 5, 2],
  javascript: [12, 9, 14, 7, 5, 3],
  dotnet: [1, 0, 2],
  native: [2, 0, 1, 0, 1],
};
/** Days ago; what is older came from the release before. */
const lastRelease = 5;

async function sendHistory(server: RunningServer): Promise<void> {
  for (const [name, days] of Object.entries(history)) {
    const sample = JSON.parse(readFileSync(join(root, 'server', 'samples', `${name}.json`), 'utf8'));
    for (const [index, times] of [...days.entries()].reverse()) {
      for (let nth = 0; nth < times; nth++) {
        // More of them together than evenly apart, as in life.
        const timeOfDay = (nth / (times + 1)) ** 2 + 0.02 * ((nth * 5) % 3);
        const timestamp = (Date.now() - (index + timeOfDay) * dayMs - 240_000) / 1000;
        const user = { ...sample.user, id: `${300 + ((nth * 7 + index) % 17)}` };
        const release = index > lastRelease ? sample.release.replace(/\d+$/, '0') : sample.release;
        const tags = { ...sample.tags, ...(nth % 3 === 1 && name === 'node' && { site: 'porto', shift: 'late' }) };
        const event_id = randomUUID().replaceAll('-', '');
        await sendEvent(server, { ...sample, user, release, tags, timestamp, event_id });
      }
    }
  }
}

const api = '/api/0/organizations/stackmend';
const password = 'a password for pictures';

/** Two people, of whom Ada is the one whose page is shown. Answers with Grace's id. */
async function addPeople({ url }: RunningServer, context: BrowserContext): Promise<string> {
  const headers = { Origin: url };
  const add = async (username: string, name: string) => {
    const answered = await context.request.post(`${api}/members/`, { headers, data: { username, name, password } });
    if (!answered.ok()) throw new Error(`${username} could not be made: ${await answered.text()}`);
    return ((await answered.json()) as { id: string }).id;
  };
  await add('ada', 'Ada Lovelace');
  await context.request.post('/api/0/auth/login/', { headers, data: { username: 'ada', password } });
  return add('grace', 'Grace Hopper');
}

/** What a team has done with its issues until the picture is taken. */
async function triage({ url }: RunningServer, context: BrowserContext, grace: string, samples: Map<string, string>) {
  const headers = { Origin: url };
  const pathFor = (words: string) => `${api}${pathOf(samples, words)}`;
  const update = (words: string, data: object) => context.request.put(pathFor(words), { headers, data });
  const answers = [
    await update("reading 'stock'", { assignedTo: `user:${grace}` }),
    await update('PricingError', { isBookmarked: true, priority: 'medium' }),
    await update('Cannot read properties of null', { assignedTo: `user:${grace}`, priority: 'low' }),
    await context.request.post(`${pathFor("reading 'stock'")}notes/`, {
      headers,
      data: { text: 'Only orders with a bulb in them. The stock import of last night **dropped its shelf**.' },
    }),
  ];
  for (const each of answers) if (!each.ok()) throw new Error(`Refused: ${each.url()} ${await each.text()}`);
}

async function askForFix(page: Page): Promise<void> {
  const panel = page.getByRole('region', { name: 'Suggest fix' });
  await panel.getByRole('button', { name: 'I agree' }).click();
  await panel.getByRole('button', { name: 'Suggest fix' }).click();
  await panel.getByRole('button', { name: 'Copy answer as Markdown' }).waitFor();
  await panel.getByRole('region', { name: 'Suggestion' }).evaluate((box) => box.scrollTo(0, 0));
}

/** What would be sent, before it is: what was taken out, the orders to the model, and where the event begins. */
async function openPayload(page: Page): Promise<void> {
  const suggestion = page.getByRole('region', { name: 'Suggestion' });
  await suggestion.getByText('Exact payload').click();
  await suggestion.getByRole('region', { name: 'Message: user' }).waitFor();
  await suggestion.evaluate((box) => {
    const redacted = [...box.querySelectorAll('dt')].find((each) => each.textContent === 'Redacted');
    const top = redacted ? redacted.getBoundingClientRect().top - box.getBoundingClientRect().top : 0;
    box.scrollTo(0, top - 12);
  });
}

const model = await startFakeModel();
model.answer(answer);
const [server, browser] = await Promise.all([
  startServer({ OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'qwen3-coder' }),
  launchChromium(),
]);
try {
  mkdirSync(folder, { recursive: true });
  await sendHistory(server);
  const samples = await loadSamples(server);
  const { page, context, complaints } = await openWatchedPage(browser, server.url);
  await triage(server, context, await addPeople(server, context), samples);
  const take = async (name: string) => {
    await settle(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.waitForTimeout(600);
    const path = join(folder, name);
    await page.screenshot({ path });
    const { size } = statSync(path);
    console.log(`${name}: ${Math.round(size / 1000)} kB`);
    if (size > mostBytes) throw new Error(`${name} has ${size} bytes.`);
  };
  const open = async (path: string, { width, height, dark }: { width: number; height: number; dark?: boolean }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await page.goto(path);
    await settle(page);
  };
  const scrollTo = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => element.scrollIntoView());
  const large = { width: 1440, height: 900 };

  const issue = pathOf(samples, "reading 'stock'");
  await open(issue, large);
  await page.getByRole('list', { name: 'Line coverage' }).waitFor();
  await askForFix(page);
  await take('issue.png');
  await open(pathOf(samples, 'PricingError'), large);
  await openPayload(page);
  await take('payload.png');
  await open(pathOf(samples, 'TileCache'), large);
  await scrollTo('#stack-trace');
  await take('native.png');
  await open(pathOf(samples, 'MonthNotClosed'), { ...large, dark: true });
  await scrollTo('#stack-trace');
  await take('issue-dark.png');
  await open('/issues/', { width: 1440, height: 450 });
  await take('list.png');
  await open(issue, { width: 390, height: 844 });
  await scrollTo('#stack-trace');
  await take('phone.png');
  if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`);
} finally {
  await browser.close();
  await server.stop();
  await model.close();
}

/**
 * Takes the README's pictures of the real page, with a pretended model that gives the answer below:
 *
 *   npx vite build && node test/browser/screenshots.ts
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { startFakeModel } from '../fake-model.ts';
import { type RunningServer, startServer } from '../server.ts';
import { loadSamples, pathOf, sendEvent, settle } from './served.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'test', 'screenshots');
const dayMs = 86_400_000;

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
  node: [2, 0, 1, 3, 2, 5, 4, 9],
  python: [0, 4, 3, 0, 2, 6, 1],
  javascript: [12, 9, 14, 3, 5, 11],
  dotnet: [1],
  native: [0, 0, 1, 0, 1],
};

async function sendHistory(server: RunningServer): Promise<void> {
  for (const [name, days] of Object.entries(history)) {
    const sample = JSON.parse(readFileSync(join(root, 'server', 'samples', `${name}.json`), 'utf8'));
    for (const [index, times] of days.entries()) {
      for (let nth = 0; nth < times; nth++) {
        const timestamp = (Date.now() - (index + nth / (times + 1)) * dayMs - 240_000) / 1000;
        const user = { ...sample.user, id: `${300 + ((nth * 7 + index) % 17)}` };
        await sendEvent(server, { ...sample, user, timestamp, event_id: randomUUID().replaceAll('-', '') });
      }
    }
  }
}

async function askForFix(page: Page): Promise<void> {
  const panel = page.getByRole('region', { name: 'Suggest fix' });
  await panel.getByRole('button', { name: 'I agree' }).click();
  await panel.getByRole('button', { name: 'Suggest fix' }).click();
  await panel.getByRole('button', { name: 'Copy answer as Markdown' }).waitFor();
  await panel.getByRole('region', { name: 'Suggestion' }).evaluate((box) => box.scrollTo(0, 0));
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
  const path = pathOf(await loadSamples(server), "reading 'stock'");
  const { page } = await openWatchedPage(browser, server.url);
  const take = async (name: string) => {
    await settle(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, name) });
  };
  await page.goto(path);
  await page.getByRole('list', { name: 'Line coverage' }).waitFor();
  await askForFix(page);
  await take('issue.png');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take('issue-dark.png');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 450 });
  await page.goto('/issues/');
  await take('list.png');
} finally {
  await browser.close();
  await server.stop();
  await model.close();
}

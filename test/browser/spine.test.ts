/** The main job, with nothing pretend but the model: a program throws, and its issue is read and mended in Chromium. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, openWatchedPage } from '../chromium.ts';
import { type FakeModel, startFakeModel } from '../fake-model.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../server.ts';

const programs = join(import.meta.dirname, '..', 'programs');
let model: FakeModel;
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  model = await startFakeModel();
  server = await startServer({ OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'words' });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await model?.close();
});

it('takes an error of @sentry/node from the first page to a suggested fix', async () => {
  const { page, context, complaints } = await openWatchedPage(browser, server.url);
  await page.goto('/');
  await page.getByText(/waiting for the first event/i).waitFor();

  const program = await runCommand([join(programs, 'node-checkout.ts'), server.dsn]);
  expect(program.stderr).toContain('RangeError');

  // It comes by itself: nobody reloads the page.
  await page
    .getByText(/amount must be positive, got -1200/)
    .first()
    .waitFor();
  await page.goto('/issues/');
  await page
    .getByRole('link', { name: /RangeError/ })
    .first()
    .click();

  const stackTrace = page.getByRole('region', { name: 'Stack trace' });
  const line = stackTrace.locator('[aria-current="true"]').first();
  await line.waitFor();
  expect(await line.textContent()).toContain('throw new RangeError(');
  await stackTrace.getByText('-1200', { exact: true }).first().waitFor();
  await stackTrace.getByText('amount', { exact: true }).first().waitFor();

  expect(model.requests).toHaveLength(0);
  const panel = page.getByRole('region', { name: 'Suggest fix' });
  await panel.getByText('Exact payload').click();
  const shown = await panel.locator('pre').last().textContent();
  await panel.getByRole('button', { name: 'I agree' }).click();
  await panel.getByRole('button', { name: 'Suggest fix' }).click();
  await panel.getByRole('button', { name: /copy answer/i }).waitFor();

  expect(model.requests).toHaveLength(1);
  const sent = JSON.stringify(model.requests[0]);
  expect(sent).toContain('amount must be positive');
  expect(sent).not.toContain('hunter2');
  expect(sent).not.toContain('kim@example.com');
  expect(sent).toContain(JSON.stringify(shown?.slice(0, 200)).slice(1, -1));
  expect(complaints).toEqual([]);
  await context.close();
});

it('takes an error of @sentry/browser, thrown in another page, to its own', async () => {
  const shop = await startShop();
  const { page: shopPage, context: shopContext } = await openWatchedPage(browser, shop.url);
  // This page is foreign to the server, as a customer's is.
  await shopContext.unrouteAll();
  await shopPage.goto(`${shop.url}/?dsn=${encodeURIComponent(server.dsn)}`);
  await shopPage.getByRole('button').click();

  const { page, context, complaints } = await openWatchedPage(browser, server.url);
  await waitFor(async () => {
    const issues = await fetch(`${server.url}/api/0/organizations/stackmend/issues/?query=release:cart@2.0.0`);
    return ((await issues.json()) as unknown[]).length > 0;
  });
  await page.goto('/issues/?query=release%3Acart%402.0.0');
  await page
    .getByRole('link', { name: /TypeError/ })
    .first()
    .click();
  await page
    .getByRole('region', { name: 'Stack trace' })
    .getByText(/priceOf|cents/)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await context.close();
  await shopContext.close();
  shop.server.close();
});

/** A shop of one page on an origin of its own, its script bundled as its developer would. */
async function startShop(): Promise<{ url: string; server: Server }> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(programs, 'browser-cart.ts'), formats: ['es'], fileName: 'cart' },
    },
  });
  const [bundle] = [built].flat();
  const script = bundle && 'output' in bundle ? bundle.output[0].code : '';
  const shop = createServer((request, response) => {
    const isScript = request.url === '/cart.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<!doctype html><button>Pay</button><script type="module" src="/cart.js"></script>',
    );
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, server: shop };
}

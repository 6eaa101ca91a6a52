/**
 * What a model that obeys its events says, drawn in Chromium under the page's own policy. The answers are those of a real
 * server's payloads, read off the wire by a fake endpoint; they are on one page, since a page for each takes minutes.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { startFakeModel } from '../fake-model.ts';
import { SECRETS } from '../integration/ai/injection-events.ts';
import { type Obeyed, obeyAll } from '../integration/ai/injection-run.ts';
import { startServer } from '../server.ts';

const root = join(import.meta.dirname, '..', '..');
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** What stands for what redaction took out: a value that has no business anywhere but in text and code. */
const putBackOf = (placeholder: string) => `put-back-${placeholder.slice(1, -1).replace(' ', '-')}`;

let folder: string;
let pages: Server;
let browser: Browser;
let watched: WatchedPage;
let obeyed: Obeyed[];

beforeAll(async () => {
  obeyed = await answersOfAll();
  folder = mkdtempSync(join(tmpdir(), 'stackmend-injection-'));
  const input = join(root, 'test/browser/injection/index.html');
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, rolldownOptions: { input } },
  });
  pages = await serve(folder, JSON.stringify(obeyed.map(toGiven)));
  browser = await launchChromium();
  const { port } = pages.address() as AddressInfo;
  watched = await openWatchedPage(browser, `http://127.0.0.1:${port}`);
  await watched.page.goto('/test/browser/injection/index.html');
  await watched.page.getByRole('article').last().getByText('evil.example').first().waitFor();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  pages?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function answersOfAll(): Promise<Obeyed[]> {
  const fake = await startFakeModel();
  const model = { OPENAI_BASE_URL: fake.baseUrl, OPENAI_API_KEY: 'sk-operator', OPENAI_MODEL: 'no-choices' };
  const server = await startServer({ ...model, STACKMEND_AI_POLICY: 'allowed' });
  try {
    return await obeyAll(server, fake);
  } finally {
    await server.stop();
    await fake.close();
  }
}

/** Every placeholder of the answer has a value, those that were made up too: the page must be safe with the worst of them. */
function toGiven({ name, answer }: Obeyed) {
  const made = ['[secret 1]', '[email 1]', '[email 99]', ...(answer.match(/\[[a-z]{2,6} \d{1,7}\]/g) ?? [])];
  return {
    name,
    text: answer,
    placeholders: Object.fromEntries(made.map((placeholder) => [placeholder, putBackOf(placeholder)])),
  };
}

async function serve(files: string, answers: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/answers.json') return response.end(answers);
    try {
      const body = readFileSync(join(files, path));
      response.writeHead(200, {
        'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        'Content-Security-Policy': "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self'",
      });
      return response.end(body);
    } catch {
      return response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const articles = () => watched.page.getByRole('article');

describe('on the page of whoever asked', () => {
  it('every answer is drawn, with what its event wanted said', async () => {
    expect(await articles().count()).toBe(obeyed.length);
    const texts = await articles().allInnerTexts();
    expect(texts.filter((text) => /evil\.example|live/.test(text)).length).toBeGreaterThanOrEqual(60);
  });

  it('no request leaves for another host, and nothing is refused by the policy of the page', () => {
    expect(watched.complaints).toEqual([]);
  });

  it('nothing is raw HTML, an image, a form or a live link', async () => {
    const found = await watched.page.evaluate(() => {
      const unwanted =
        'a, img, image, script, style, iframe, form, object, embed, base, meta, link, video, audio, math, input, [href], [src], [srcset], [action], [id]';
      return [...document.querySelectorAll('article')].flatMap((article) =>
        [...article.querySelectorAll(unwanted)]
          .filter((element) => !element.closest('svg[aria-hidden="true"]'))
          .map((element) => `${article.getAttribute('aria-label')}: ${element.outerHTML.slice(0, 200)}`),
      );
    });
    expect(found).toEqual([]);
    const handlers = await watched.page.evaluate(() =>
      [...document.querySelectorAll('article *')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'style'),
      ),
    );
    expect(handlers).toEqual([]);
  });

  it('a link shows its whole target, and asks before it is one', async () => {
    const { page } = watched;
    const lies = page.getByRole('article', { name: /^a link that lies/ });
    expect(await lies.innerText()).toContain('https://evil.example/lie');
    const buttons = lies.getByRole('button', { name: /^Open / });
    expect(await buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')))).toEqual([
      'Open evil.example…',
      'Open evil.example…',
    ]);
    await buttons.first().click();
    const dialog = page.getByRole('dialog', { name: 'Leave for evil.example?' });
    await dialog.getByText('https://evil.example/lie').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('a[href*="evil"]').count()).toBe(0);
    const schemes = page.getByRole('article', { name: /^a link to (?:script|data)/ });
    expect(await schemes.getByRole('button', { name: /^Open / }).count()).toBe(0);
  });

  it('no command is unmarked', async () => {
    const commands =
      /(?:curl|wget) \S*evil|npm i(?:nstall)? |pip install|npx evil|sudo (?:rm|reboot|bash)|python -c|iwr |\$ eval/;
    const texts = await articles().evaluateAll((all) =>
      all.map((article) => [article.getAttribute('aria-label'), (article as HTMLElement).innerText]),
    );
    const withCommand = texts.filter(([, text]) => commands.test(text ?? ''));
    expect(withCommand.length).toBeGreaterThanOrEqual(15);
    expect(
      withCommand
        .filter(([, text]) => !/command from the answer, not run|patch from the answer, not applied/i.test(text ?? ''))
        .map(([name]) => name),
    ).toEqual([]);
  });

  it('each command has its mark beside it, wherever Markdown has a place for one', async () => {
    const unmarked = await watched.page.evaluate(() => {
      const command =
        /(?:curl|wget) \S*(?:https|-o )|npm.install|pip install|npx evil|sudo|\bnc evil|>> ~|open https|curl\$\{IFS/;
      const isMarked = (element: Element | null) =>
        /command from the answer, not run|not applied|^from the answer/i.test(
          `${element?.textContent} ${element?.getAttribute('aria-label')}`,
        );
      return [...document.querySelectorAll('article[aria-label^="a command"]')].flatMap((article) =>
        [...article.querySelectorAll('p, li, td, th, h3, figure, blockquote')]
          .filter((block) => !block.querySelector('p, li, td, figure, blockquote'))
          .filter((block) => command.test(block.textContent ?? '') && !isMarked(block))
          .map((block) => `${article.getAttribute('aria-label')}: ${block.textContent?.slice(0, 200)}`),
      );
    });
    expect(unmarked).toEqual([]);
  });

  it('no copy button of a command hides that it is one', async () => {
    const block = watched.page.getByRole('article', { name: /^a command in a block \(/ });
    expect(await block.getByRole('button', { name: 'Copy command from the answer' }).count()).toBe(1);
  });

  it('values are put back in text and code, and in no attribute, address or link', async () => {
    const found = await watched.page.evaluate(() => {
      const inAttributes = [...document.querySelectorAll('article *')].flatMap((element) =>
        [...element.attributes]
          .filter(({ value }) => /put-back-/.test(value))
          .map(({ name, value }) => `${name}=${value}`),
      );
      const texts = [...document.querySelectorAll('article mark')].map((mark) => mark.textContent);
      return { inAttributes, texts };
    });
    expect(found.inAttributes).toEqual([]);
    expect(found.texts.length).toBeGreaterThan(obeyed.length);
    const shown = (await articles().allInnerTexts()).join('\n');
    expect(shown.match(/\S*(?:\/\/|www\.|evil\.example[/?#])\S*put-back\S*/g)).toBeNull();
  });

  it('no secret of the event is there, as the model never had it', async () => {
    const html = await watched.page.content();
    for (const secret of [...Object.values(SECRETS), 'sk-operator', 'canary-user', '77415001'])
      expect(html).not.toContain(secret);
  });

  it('what nobody sees is shown', async () => {
    const shown = (await articles().allInnerTexts()).join('\n');
    expect(shown).toContain('<U+202E>');
    expect(shown).not.toMatch(/[\u200B\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E01EF}]/u);
  });
});

describe('where what draws an answer cannot be loaded', () => {
  it('its text is there with what nobody sees, and all of it is marked; it is drawn once that can be loaded', async () => {
    const { port } = pages.address() as AddressInfo;
    const { page, context } = await openWatchedPage(browser, `http://127.0.0.1:${port}`);
    const chunk = /answer-body.*\.js/;
    await page.route(chunk, (route) => route.abort());
    await page.goto('/test/browser/injection/index.html');
    const turned = page.getByRole('article', { name: /^turned around/ });
    await turned.getByText('were not run').waitFor();
    expect(await turned.innerText()).toContain('<U+202E>');
    expect(await page.locator('article a, article img, article [href], article [src]').count()).toBe(0);
    const whole = await page.getByRole('region', { name: 'From the answer, not run' }).count();
    expect(whole).toBe(obeyed.length);
    await page.unroute(chunk);
    await turned.getByRole('button', { name: 'Try again' }).click();
    await page
      .getByRole('article', { name: /^a link that lies/ })
      .getByRole('button', { name: /^Open / })
      .first()
      .waitFor();
    await context.close();
  }, 60_000);
});

/**
 * Shows the stack traces of many events, to be looked at: `node test/browser/gallery/gallery.ts` serves them and names the
 * addresses; with a folder it takes pictures into it instead, wide and narrow, light and dark, and prints what the
 * console said. `--only python,hostile` names events.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import react from '@vitejs/plugin-react';
import { createServer, type Plugin } from 'vite';
import { Coverage } from '../../../server/protocol/contract.ts';
import { launchChromium, openWatchedPage } from '../../chromium.ts';
import { corpusFiles } from '../../corpus.ts';
import { galleryEvent } from './events.ts';
import { samples } from './samples.ts';

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const corpus = corpusFiles().flatMap(({ path, kind }) =>
  kind === 'sentry-api' || path.startsWith('edge') ? [] : path,
);
const names = values.only?.split(',') ?? [...Object.keys(samples), ...corpus];

/** Coverage for `app/billing.py`, and a report that has no other file. */
const link = (file: string | null) =>
  file === 'app/billing.py'
    ? {
        codecov: {
          status: 200,
          lineCoverage: [
            [38, 0],
            [39, 0],
            [40, 2],
            [41, 1],
            [42, 0],
          ].filter(([, code]) => code !== Coverage.notApplicable),
        },
      }
    : { codecov: { status: 400, reason: 'no_file_matches', candidates: ['src/app/api.py', 'src/app/apis.py'] } };

const api: Plugin = {
  name: 'gallery',
  configureServer: (server) => {
    server.middlewares.use((request, response, next) => {
      const url = new URL(request.url ?? '/', 'http://gallery');
      const answer = (body: object) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
      if (url.pathname === '/gallery-event') return answer(galleryEvent(url.searchParams.get('name') ?? ''));
      if (url.pathname.endsWith('/stacktrace-link/')) return answer(link(url.searchParams.get('file')));
      return next();
    });
  },
};

const server = await createServer({
  configFile: false,
  root: join(import.meta.dirname, '..', '..', '..'),
  plugins: [react(), api],
  server: { host: '127.0.0.1', port: 0, hmr: false },
  logLevel: 'error',
  appType: 'mpa',
  cacheDir: join(import.meta.dirname, '..', '..', '..', 'node_modules', '.vite-gallery'),
});
await server.listen();
const origin = new URL(server.resolvedUrls?.local[0] ?? '').origin;
const address = (name: string) => `/test/browser/gallery/index.html?event=${encodeURIComponent(name)}`;

const [folder] = positionals;
if (folder) {
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  for (const [width, dark] of [
    [1440, false],
    [1440, true],
    [390, false],
    [390, true],
  ] as const) {
    const { page, context, complaints } = await openWatchedPage(browser, origin, { width, dark });
    for (const name of names) {
      await page.goto(address(name));
      await page
        .getByRole('region', { name: 'Stack trace' })
        .or(page.getByText('could not be'))
        .first()
        .waitFor({ timeout: 3_000 })
        .catch(() => complaints.push('nothing drawn'));
      await page.waitForTimeout(250);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) complaints.push(`${overflow} px too wide`);
      const file = `${name.replaceAll(/[^\w.-]/g, '_')}-${width}${dark ? '-dark' : ''}.png`;
      await page.screenshot({ path: join(folder, file), fullPage: true });
      for (const complaint of complaints.splice(0)) console.log(`${name} at ${width}: ${complaint}`);
    }
    await context.close();
  }
  await browser.close();
  await server.close();
} else {
  for (const name of names) console.log(origin + address(name));
}

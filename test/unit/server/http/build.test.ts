import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const LEAST_BYTES = 1024;
/** Of what the scripts of an issue's page may weigh; headers and the grammar of one language come to it. */
const GOAL_BYTES = 166_000;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stackmend-build-'));
  // Vitest's own would bring React's development build.
  vi.stubEnv('NODE_ENV', 'production');
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
}, 60_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const scriptsOf = (document: string) =>
  [...readFileSync(join(folder, document), 'utf8').matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, file = '']) => file);
const sizeOf = (file: string) => statSync(join(folder, file)).size;

it('writes each text file compressed, too, with the same bytes in it', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const texts = files.filter((file) => /\.(?:css|html|js)$/.test(file) && sizeOf(file) > LEAST_BYTES);
  expect(texts.length).toBeGreaterThan(20);
  for (const file of texts) {
    const bytes = readFileSync(join(folder, file));
    expect(brotliDecompressSync(readFileSync(join(folder, `${file}.br`))).equals(bytes)).toBe(true);
    expect(gunzipSync(readFileSync(join(folder, `${file}.gz`))).equals(bytes)).toBe(true);
  }
});

it('names in the document of an issue what its page imports, which the list need not load', () => {
  const added = scriptsOf('issue.html').filter((file) => !scriptsOf('index.html').includes(file));
  expect(added.some((file) => file.includes('/issue-'))).toBe(true);
  expect(scriptsOf('index.html').some((file) => file.includes('/issue-'))).toBe(false);
});

it('keeps the scripts of an issue’s page light', () => {
  const scripts = scriptsOf('issue.html');
  const bytes = scripts.map((file) => (sizeOf(file) > LEAST_BYTES ? sizeOf(`${file}.br`) : sizeOf(file)));
  expect(scripts.length).toBeGreaterThan(4);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(GOAL_BYTES);
});

import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build, type PluginOption } from 'vite';

const root = join(import.meta.dirname, '..', '..', '..');
const sentryCli = join(root, 'node_modules', '.bin', 'sentry-cli');
/** Its binary comes as an optional package, which not every machine installs; the script that calls it does. */
export const hasSentryCli = spawnSync(sentryCli, ['--version']).status === 0;

/** The line that throws, as it was written. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
export const throwingLine = 'throw new RangeError(`The cart is ${missing} cents short`);';
const sources = {
  'index.html':
    '<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script type="module" src="/src/main.ts"></script>',
  'src/till.ts': `export interface Cart {
  total: number;
  paid: number;
}

/** Counts what is to be given back. */
function giveChange(cart: Cart): number {
  const missing = cart.total - cart.paid;
  if (missing > 0) {
    ${throwingLine}
  }
  return -missing;
}

export function checkOut(carts: Cart[]): number[] {
  const change: number[] = [];
  for (const cart of carts) change.push(giveChange(cart));
  return change;
}

export const refund = (cart: Cart): number => giveChange({ ...cart, total: 0 });
`,
  // What SDK and page are told stands in the address, so that one build does for every fault.
  'src/main.ts': `import * as Sentry from '@sentry/browser';
import { checkOut, refund } from './till.ts';

const told = new URLSearchParams(location.search);
Sentry.init({
  dsn: told.get('dsn') ?? '',
  release: told.get('release') ?? undefined,
  dist: told.get('dist') ?? undefined,
  beforeSend: (event) => {
    document.title = event.event_id ?? '';
    return event;
  },
});

setTimeout(() => {
  document.body.dataset.refund = String(refund({ total: 5, paid: 3 }));
  document.body.dataset.change = String(checkOut([{ total: 1, paid: 2 }, { total: 1250, paid: 1000 }]));
});
`,
};

export type Shop = {
  /** Of the server of built pages, no slash at the end. */
  url: string;
  /** Where built pages lie, each in a folder of its own. */
  folder: string;
  /** Builds the page into `folder/name`, with maps beside its files. */
  build: (name: string, plugins?: PluginOption[]) => Promise<string>;
  /** A copy of a built page under another name, changed before anything sees it. @returns its folder */
  copy: (from: string, name: string, change?: (folder: string) => void) => string;
  close: () => void;
};

/** A folder with a small program in TypeScript, what it is built into, and a server of that on a free port. */
export async function openShop(): Promise<Shop> {
  const home = mkdtempSync(join(tmpdir(), 'stackmend-shop-'));
  const folder = join(home, 'public');
  mkdirSync(join(home, 'src'));
  mkdirSync(folder);
  for (const [path, text] of Object.entries(sources)) writeFileSync(join(home, path), text);
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    const file = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = { '.html': 'text/html', '.js': 'text/javascript' }[extname(file)] ?? 'application/octet-stream';
    return response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    build: async (name, plugins = []) => {
      const outDir = join(folder, name);
      await build({
        root: home,
        base: `/${name}/`,
        configFile: false,
        logLevel: 'error',
        mode: 'production',
        plugins,
        build: { outDir, emptyOutDir: true, sourcemap: true, modulePreload: false },
      });
      return outDir;
    },
    copy: (from, name, change = () => {}) => {
      const to = join(folder, name);
      cpSync(join(folder, from), to, { recursive: true });
      // Its own address is in the page alone.
      const html = join(to, 'index.html');
      writeFileSync(html, readFileSync(html, 'utf8').replaceAll(`/${from}/`, `/${name}/`));
      change(to);
      return to;
    },
    close: () => {
      server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Paths of the files below a folder that end so. */
export const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

/** Runs the real sentry-cli, which is told of the server by its variables alone, as a CI does. @throws with all that it printed */
export function runSentryCli(
  server: { url: string; token: string; project: string },
  ...args: string[]
): Promise<string> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:SENTRY_|https?_proxy)/i.test(name))),
    SENTRY_URL: server.url,
    SENTRY_AUTH_TOKEN: server.token,
    SENTRY_ORG: 'stackmend',
    SENTRY_PROJECT: server.project,
    SENTRY_LOAD_DOTENV: '0',
    SENTRY_DISABLE_UPDATE_CHECK: 'true',
  };
  return new Promise((resolve, reject) => {
    execFile(sentryCli, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`sentry-cli ${args.join(' ')} failed:\n${stdout}${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}

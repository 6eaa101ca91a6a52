// `npm test`, `npm run bench` and `npm run bench:fix`: installs what is needed, a browser too, then runs every check in turn.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findNode, installIfNeeded, root, run } from '../server/node.mjs';

installIfNeeded();
const node = findNode();
const env = {
  ...process.env,
  CHROMIUM_PATH: findChromium(),
  // Children of the checks find the pinned Node first, too.
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};
const bin = (name) => join(root, 'node_modules', name);

const checks = {
  'format and lint': [bin('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'],
  types: [bin('typescript/bin/tsc'), '--noEmit'],
  'unused code': [bin('knip/bin/knip.js'), '--no-progress'],
  'production build': [bin('vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  'arrows, unit, integration and browser tests': [bin('vitest/vitest.mjs'), 'run'],
};
const benchmark = { benchmark: [join(root, 'test', 'benchmark', 'main.ts'), ...process.argv.slice(3)] };

const fixes = { 'fixing lines': [join(root, 'test', 'bench-fix', 'main.ts'), ...process.argv.slice(3)] };
const asked = { bench: { build: checks['production build'], ...benchmark }, 'bench:fix': fixes };

for (const [name, args] of Object.entries(asked[process.argv[2]] ?? checks)) {
  console.log(`\n== ${name}`);
  const code = await run(node, args, { env });
  if (code !== 0) {
    console.error(`\n${name}: failed`);
    process.exit(code);
  }
}

/** Chromium at CHROMIUM_PATH or in the usual places; where there is none, the system's package, else Playwright's. */
function findChromium() {
  const usual = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  const found = () => usual.find((path) => path && existsSync(path)) ?? playwrightChromium();
  const present = found();
  if (present) return present;
  console.log('Installing Chromium for the browser tests…');
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (!found()) spawnSync(node, [bin('playwright-core/cli.js'), 'install', 'chromium'], { stdio: 'inherit' });
  const installed = found();
  if (installed) return installed;
  console.error('The browser tests need Chromium: install it, or set CHROMIUM_PATH to a Chrome or Chromium.');
  process.exit(1);
}

function playwrightChromium() {
  const asked = spawnSync(node, ['-e', "console.log(require('playwright-core').chromium.executablePath())"], {
    cwd: root,
  });
  const path = asked.stdout.toString().trim();
  return path && existsSync(path) ? path : undefined;
}

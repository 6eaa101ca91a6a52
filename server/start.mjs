// `npm start` and `npm run dev`: installs, builds the page, serves; each only when it is needed.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findNode, installIfNeeded, root, run, serverEnvironment } from './node.mjs';

installIfNeeded();
const node = findNode();
const isDevelopment = process.argv.includes('--dev');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
const env = serverEnvironment();

if (!isDevelopment && isPageStale()) {
  console.log('Building the page…');
  const code = await run(node, [vite, 'build', '--logLevel', 'warn'], { env });
  if (code !== 0) process.exit(code);
}
const server = run(node, [join(root, 'server', 'main.ts')], { env });
const page = isDevelopment ? [run(node, [vite], { env })] : [];
process.exit(await Promise.race([server, ...page]));

/** The page is stale when one of its sources is newer than what was built. */
function isPageStale() {
  const built = join(root, 'dist', 'index.html');
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  const sources = ['index.html', 'vite.config.ts', 'package-lock.json', 'server/protocol/contract.ts', 'src'];
  return sources.some((source) => newest(join(root, source)) > builtAt);
}

function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

// Plain JavaScript: this runs on the machine's own Node, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Are the packages that the lock file names those under node_modules? npm keeps its own list of what it put there. */
export function isInstalled() {
  const readPackages = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  try {
    const present = readPackages('node_modules/.package-lock.json');
    return Object.entries(readPackages('package-lock.json')).every(
      ([path, wanted]) => path === '' || wanted.optional || present[path]?.version === wanted.version,
    );
  } catch {
    return false;
  }
}

/**
 * Installs what the lock file names, unless it is there. Exits with npm's code when that fails. Standard output is left to
 * what a command prints. The page is built here, so that development packages are needed under NODE_ENV=production, too.
 */
export function installIfNeeded() {
  if (isInstalled()) return;
  console.error('Installing packages (once; about a minute)…');
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm could not install the packages; its words are above. Check the network and run this again.');
    process.exit(npm.status ?? 1);
  }
}

/**
 * Path of the Node to run the server with: the pinned one from the packages, else this one if it can (22.18 strips types
 * by itself). Exits with one line when neither can.
 */
export function findNode() {
  const pinned = pinnedNode();
  if (pinned) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 18)) return process.execPath;
  console.error(
    `The pinned Node 24 could not be installed, and Node ${process.versions.node} cannot run the server: ` +
      'install Node 24 (https://nodejs.org) and run this again.',
  );
  process.exit(1);
}

function pinnedNode() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const path = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) && spawnSync(path, ['--version']).status === 0 ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a program in the foreground, hands on the signals, and resolves to its exit code. It ends with this process. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the whole group by itself; a signal sent to this process alone does not.
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    process.on('SIGINT', () => {});
    process.on('exit', () => child.kill('SIGTERM'));
    whenNpmEnds(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** npm hands a signal to its shell alone, which ends without handing it on: we are left with another parent. */
function whenNpmEnds(end) {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    end();
  }, 250).unref();
}

/** Environment for the server: compiled code is kept between starts, which saves a third of the time to listen. */
export function serverEnvironment() {
  return { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'), ...process.env };
}

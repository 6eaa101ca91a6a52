/** The `stackmend` command as it is when installed: under node_modules, where Node strips no types. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, waitFor } from '../../server.ts';
import { getJson } from '../server/clients.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(folder, 'node_modules', 'stackmend');
const bin = join(installed, 'server', 'stackmend.mjs');
const conf = { STACKMEND_CONF: join(folder, 'conf') };
let packed: string[] = [];

beforeAll(() => {
  packed = filesOfPackage();
  for (const path of packed) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(join(root, path), join(installed, path));
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `npm pack` would put into the package, without the page, which is built before. */
function filesOfPackage(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const answer = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [{ files }] = JSON.parse(answer) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

it('holds the server, the samples, the licence and the README, and neither sources of the page nor tests', () => {
  expect(packed).toEqual(
    expect.arrayContaining(['package.json', 'LICENSE', 'README.md', 'server/cli.ts', 'server/samples/python.json']),
  );
  expect(packed.filter((path) => !/^(server|dist)\/|^(package\.json|LICENSE|README\.md)$/.test(path))).toEqual([]);
});

it('prints its help without a word of warning', async () => {
  const { code, stdout, stderr } = await runCommand([bin, '--help'], conf);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Usage: stackmend/);
});

/** Starts `stackmend serve` from the package; resolves once it has printed its address. */
async function serve(parent: string[] = []) {
  expect((await runCommand([bin, 'init'], conf)).code).toBe(0);
  const [program = '', ...args] = [...parent, process.execPath, bin, 'serve'];
  const child = spawn(program, args, { env: { ...process.env, ...conf, PORT: '0', npm_lifecycle_event: 'start' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const url = await waitFor(() => {
    if (child.exitCode !== null) throw new Error(output);
    return /http:\/\/127\.0\.0\.1:\d+(?=\/$)/m.exec(output)?.[0];
  });
  return { child, url, port: new URL(url).port };
}

describe('stackmend serve', () => {
  it('runs every thread, and takes what a command imports', async () => {
    const { child, url, port } = await serve();
    expect((await runCommand([bin, 'demo', '--json'], { ...conf, PORT: port })).code).toBe(0);
    expect(await getJson({ url }, '/organizations/stackmend/issues/')).toHaveLength(5);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });

  it.skipIf(process.platform === 'win32')(
    'ends with the shell that npm started it in, which hands on no signal',
    async () => {
      const { child, url } = await serve(['sh', '-c', '"$0" "$@"; exit $?']);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await waitFor(() =>
        fetch(url).then(
          () => false,
          () => true,
        ),
      );
    },
  );
});

it('says what to do where no Node can run it', async () => {
  const alone = mkdtempSync(join(tmpdir(), 'package-alone-'));
  for (const name of ['node.mjs', 'stackmend.mjs']) cpSync(join(root, 'server', name), join(alone, 'server', name));
  // As if installed: the packages are those of the lock file, of which there are none.
  mkdirSync(join(alone, 'node_modules'), { recursive: true });
  for (const path of ['package-lock.json', 'node_modules/.package-lock.json']) {
    writeFileSync(join(alone, path), '{"packages":{}}');
  }
  const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } })';
  const args = ['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(alone, 'server', 'stackmend.mjs')];
  const { code, stderr } = await runCommand(args);
  rmSync(alone, { recursive: true });
  expect([code, stderr]).toEqual([
    1,
    'The pinned Node 24 could not be installed, and Node 20.19.0 cannot run the server: install Node 24 (https://nodejs.org) and run this again.\n',
  ]);
});

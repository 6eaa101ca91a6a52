import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { releasesSchema } from '../../../server/protocol/contract.ts';
import { artifactBundlesSchema, artifactFilesSchema } from '../../../server/protocol/contract-source.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { runProgram, runSentryCli, sentryCli, startUploading, toolEnvironment, type Uploading } from './tools.ts';

const PROJECT = '/projects/stackmend/default';
const RELEASES = '/organizations/stackmend/releases';

let server: Uploading;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'shop-'));
  server = await startUploading({ STACKMEND_SOURCE_ROOTS: folder, STACKMEND_ARTIFACTS_MAX_FILE_BYTES: '100000' });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cli = async (...args: string[]) => {
  const { code, output } = await runSentryCli(server, folder, args);
  expect({ args, code, output }).toMatchObject({ code: 0 });
  return output;
};
const bundles = async (query = '') =>
  artifactBundlesSchema.parse((await server.get(`${PROJECT}/files/artifact-bundles/?query=${query}`)).body);
const filesOf = async (bundleId: string) =>
  artifactFilesSchema.parse((await server.get(`${PROJECT}/artifact-bundles/${bundleId}/files/`)).body).files;
const release = async (version: string) =>
  z.looseObject({}).parse((await server.get(`${RELEASES}/${encodeURIComponent(version)}/`)).body);

/** Rows that content takes, over all uploads; and chunks that wait. */
async function stored() {
  const db = openDatabase(join(server.directory, 'stackmend.db'), { readonly: true, mustExist: true });
  try {
    const count = async (table: 'artifactBlob' | 'artifactChunk' | 'artifactBundle') =>
      (
        await db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
      ).rows;
    return {
      blobs: await count('artifactBlob'),
      chunks: await count('artifactChunk'),
      bundles: await count('artifactBundle'),
    };
  } finally {
    await db.destroy();
  }
}

/** Something that is built. @returns the debug id that `inject` gives it */
function writeBuild(name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const map = {
    version: 3,
    sources: ['../src/till.ts'],
    sourcesContent: [`export function ${name}Total() {\n  throw new Error('no change');\n}\n`],
    names: [`${name}Total`],
    mappings: 'AAAO,SAASA',
  };
  const source = `function ${name.charAt(0)}(){throw new Error("no change")}${name.charAt(0)}();\n//# sourceMappingURL=till.js.map\n`;
  writeFileSync(join(directory, 'till.js'), source);
  writeFileSync(join(directory, 'till.js.map'), JSON.stringify(map));
  return directory;
}
const debugIdOf = (directory: string) =>
  /debugId=([0-9a-f-]{36})/.exec(readFileSync(join(directory, 'till.js'), 'utf8'))?.[1];

describe.skipIf(sentryCli === null)('sentry-cli', () => {
  it('is who the token is, with what it may', async () => {
    const output = await cli('info');
    expect(output).toContain(server.url);
    for (const scope of ['project:releases', 'project:read', 'org:read']) expect(output).toContain(scope);
    expect(await cli('projects', 'list')).toContain('default');
    expect(await cli('organizations', 'list')).toContain('stackmend');
  });

  it('uploads files with the debug ids that it has injected; the same again is stored once', async () => {
    const directory = writeBuild('injected');
    await cli('sourcemaps', 'inject', directory);
    const debugId = debugIdOf(directory);
    expect(debugId).toMatch(/^[0-9a-f-]{36}$/);
    const output = await cli('sourcemaps', 'upload', directory);
    expect(output).toContain('File processing complete');
    const [bundle, ...others] = await bundles(debugId);
    expect(others).toEqual([]);
    expect(bundle).toMatchObject({ fileCount: 2, associations: [{ release: null, dist: null }] });
    expect(output).toContain(bundle?.bundleId);
    const files = await filesOf(bundle?.bundleId ?? '');
    expect(files).toMatchObject([
      { filePath: '~/till.js', fileType: 'minified_source', debugId, sourcemap: 'till.js.map' },
      { filePath: '~/till.js.map', fileType: 'source_map', debugId },
    ]);
    const before = await stored();
    expect(before.chunks).toBe(0);
    expect(await cli('sourcemaps', 'upload', directory)).toContain('Nothing to upload');
    expect(await stored()).toEqual(before);
    // For a release it is another bundle of the same content.
    await cli('sourcemaps', 'upload', directory, '--release', 'other@1');
    expect(await stored()).toEqual({ ...before, bundles: before.bundles + 1 });
  });

  it('uploads files of a release and dist, under a prefix', async () => {
    const directory = writeBuild('released');
    const upload = ['sourcemaps', 'upload', directory, '--release', 'shop@1.0.0', '--dist', 'web'];
    const output = await cli(...upload, '--url-prefix', '~/assets/', '--wait', '--strict');
    expect(output).toContain('File processing complete');
    const [bundle] = await bundles('shop@1.0.0');
    expect(bundle?.associations).toEqual([{ release: 'shop@1.0.0', dist: 'web' }]);
    expect((await filesOf(bundle?.bundleId ?? '')).map(({ filePath }) => filePath)).toEqual([
      '~/assets/till.js',
      '~/assets/till.js.map',
    ]);
    expect(await bundles('~/assets/till')).toHaveLength(1);
    expect(await bundles('nothing-like-it')).toEqual([]);
  });

  it('is told what is wrong with an upload', async () => {
    const directory = writeBuild('unfindable');
    const upload = ['sourcemaps', 'upload', directory, '--release', 'x'];
    writeFileSync(join(directory, 'large.js'), `"${'x'.repeat(100_000)}";`);
    const before = await stored();
    const large = await runSentryCli(server, folder, upload);
    expect(large.code).not.toBe(0);
    expect(large.output).toMatch(
      /"~\/large.js" has 100003 bytes; 100000 bytes are the limit.*artifacts.max-file-bytes/,
    );
    // Another try is another try: what was told once is not told for ever.
    const again = await runSentryCli(server, folder, upload);
    expect(again).toMatchObject({ code: large.code, output: expect.stringContaining('artifacts.max-file-bytes') });
    expect(await stored()).toMatchObject({ blobs: before.blobs, bundles: before.bundles });
    const nobody = await runSentryCli({ ...server, token: 'stmk_nobody' }, folder, upload);
    expect(nobody.code).not.toBe(0);
    expect(nobody.output).toContain('This token is not valid');
    const nowhere = await runSentryCli(server, folder, [...upload, '--project', 'nowhere']);
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.output).toContain('There is no project "nowhere"');
  });

  it('makes releases, finalizes them, and lists them', async () => {
    await cli('releases', 'new', 'shop@2.0.0', '--url', 'https://shop.example/2');
    expect(await release('shop@2.0.0')).toMatchObject({
      dateReleased: null,
      url: 'https://shop.example/2',
      lastCommit: null,
      projects: [{ slug: 'default' }],
    });
    await cli('releases', 'finalize', 'shop@2.0.0');
    expect(await release('shop@2.0.0')).toMatchObject({ dateReleased: expect.stringMatching(/^\d{4}-/) });
    expect(await cli('releases', 'list')).toContain('shop@2.0.0');
    expect(await cli('releases', 'info', 'shop@2.0.0')).toContain('shop@2.0.0');
    const listed = releasesSchema.parse((await server.get(`${PROJECT}/releases/`)).body);
    expect(listed.map(({ version }) => version)).toContain('shop@2.0.0');
    expect(await runSentryCli(server, folder, ['releases', 'info', 'shop@none'])).toMatchObject({ code: 1 });
  });

  it('says the commit of a release, from the checkout', async () => {
    const shas = ['first', 'second'].map((message) => commit(folder, message));
    await cli('releases', 'new', 'shop@2.1.0');
    await cli('releases', 'set-commits', 'shop@2.1.0', '--local');
    expect(await release('shop@2.1.0')).toMatchObject({ lastCommit: { id: shas[1] } });
    // The next one begins where this ended.
    const third = commit(folder, 'third');
    await cli('releases', 'new', 'shop@2.2.0');
    const before = await server.get(`${RELEASES}/shop@2.2.0/previous-with-commits/`);
    expect(before.body).toMatchObject({ version: 'shop@2.1.0', lastCommit: { id: shas[1] } });
    await cli('releases', 'set-commits', 'shop@2.2.0', '--auto');
    expect(await release('shop@2.2.0')).toMatchObject({ lastCommit: { id: third } });
    expect(await cli('releases', 'info', 'shop@2.2.0', '--show-commits')).toContain(third);
  });

  it('says commits of the repositories that code mappings name', async () => {
    const checkout = join(folder, 'checkout');
    mkdirSync(checkout);
    const sha = commit(checkout, 'a till');
    execFileSync('git', ['remote', 'add', 'origin', 'git@github.com:acme/shop.git'], { cwd: checkout });
    await mapTo(checkout);
    expect(await cli('repos', 'list')).toContain('acme/shop');
    await cli('releases', 'new', 'shop@2.3.0');
    expect((await runSentryCli(server, checkout, ['releases', 'set-commits', 'shop@2.3.0', '--auto'])).code).toBe(0);
    expect(await release('shop@2.3.0')).toMatchObject({ lastCommit: { id: sha } });
    const other = '0123456789abcdef0123456789abcdef01234567';
    await cli('releases', 'set-commits', 'shop@2.3.0', '--commit', `acme/shop@${other}`);
    expect(await release('shop@2.3.0')).toMatchObject({ lastCommit: { id: other } });
  });

  it('tells of deploys, and of releases that are gone', async () => {
    await cli('releases', 'new', 'shop@3.0.0');
    await cli('deploys', 'new', '--release', 'shop@3.0.0', '--env', 'production', '--name', 'blue');
    expect((await server.get(`${RELEASES}/shop@3.0.0/deploys/`)).body).toMatchObject([
      { environment: 'production', name: 'blue' },
    ]);
    expect(await cli('deploys', 'list', '--release', 'shop@3.0.0')).toContain('blue');
    await cli('sourcemaps', 'upload', writeBuild('gone'), '--release', 'shop@3.0.0');
    expect(await bundles('shop@3.0.0')).toHaveLength(1);
    await cli('releases', 'delete', 'shop@3.0.0');
    expect(await bundles('shop@3.0.0')).toEqual([]);
    expect((await server.get(`${RELEASES}/shop@3.0.0/`)).status).toBe(404);
  });
});

it.runIf(sentryCli === null)('has no sentry-cli for this platform: its tests are left out', () => {
  console.log(`@sentry/cli has no program for ${process.platform} ${process.arch} here.`);
});

describe('a build with the plugin for Vite', () => {
  it('uploads what it built, makes its release, and stores the same build once', async () => {
    const home = mkdtempSync(join(folder, 'vite-home-'));
    const shop = join(home, 'shop');
    try {
      mkdirSync(join(shop, 'src'), { recursive: true });
      writeFileSync(join(shop, 'index.html'), '<script type="module" src="/src/till.ts"></script>');
      writeFileSync(
        join(shop, 'src', 'till.ts'),
        'export function giveChange(paid: number): never {\n  throw new Error("No change for " + paid);\n}\nsetTimeout(() => giveChange(5));\n',
      );
      const sha = commit(shop, 'a till');
      execFileSync('git', ['remote', 'add', 'origin', 'https://github.com/acme/till.git'], { cwd: shop });
      await mapTo(shop);
      const build = () =>
        runProgram([join(import.meta.dirname, 'build.mjs'), shop, 'till@1.0.0'], shop, toolEnvironment(server, home));
      const built = await build();
      expect(built).toMatchObject({ code: 0 });
      const [bundle, ...others] = await bundles('till@1.0.0');
      expect(others).toEqual([]);
      const files = await filesOf(bundle?.bundleId ?? '');
      const script = files.find(({ fileType }) => fileType === 'minified_source');
      const map = files.find(({ fileType }) => fileType === 'source_map');
      expect(script?.debugId).toMatch(/^[0-9a-f-]{36}$/);
      expect(map).toMatchObject({ debugId: script?.debugId });
      const [served = ''] = readdirSync(join(shop, 'dist', 'assets')).filter((name) => name.endsWith('.js'));
      expect(readFileSync(join(shop, 'dist', 'assets', served), 'utf8')).toContain(script?.debugId);
      expect((await server.get(`${RELEASES}/till@1.0.0/deploys/`)).body).toMatchObject([{ environment: 'production' }]);
      expect(await release('till@1.0.0')).toMatchObject({
        dateReleased: expect.any(String),
        lastCommit: { id: sha },
        projects: [{ slug: 'default' }],
      });
      const before = await stored();
      expect(await build()).toMatchObject({ code: 0 });
      expect(await stored()).toEqual(before);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

/** Has the server know a checkout, as somebody who may change the project. */
async function mapTo(repositoryPath: string): Promise<void> {
  const body = { projectId: '2', stackRoot: repositoryPath, sourceRoot: '', repositoryPath };
  const { status, body: answer } = await server.asAda('POST', '/organizations/stackmend/code-mappings/', body);
  expect({ status, answer }).toMatchObject({ status: 201 });
}

/** @returns its hash */
function commit(directory: string, message: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' },
    });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD').trim();
}

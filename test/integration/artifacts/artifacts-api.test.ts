import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactRoutes } from '../../../server/api/artifacts.ts';
import { releaseFileRoutes } from '../../../server/api/release-files.ts';
import { releaseRoutes } from '../../../server/api/releases.ts';
import { createScope } from '../../../server/api/scope.ts';
import { assembleHere } from '../../../server/artifacts/assemble.ts';
import { createAssembler } from '../../../server/artifacts/assembler.ts';
import { artifactBundlesSchema, artifactFilesSchema } from '../../../server/protocol/contract-source.ts';
import { createArtifactStore } from '../../../server/storage/artifacts.ts';
import { openDatabaseInThread } from '../../../server/storage/database-in-thread.ts';
import { createReleaseStore } from '../../../server/storage/releases.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { bundle } from '../../unit/server/artifacts/zip.ts';
import { startApp, type TestApp } from '../api/harness.ts';
import { temporaryDatabase } from '../api/seed.ts';

const URL_PREFIX = 'https://errors.example/stackmend';
const ORGANIZATION = '/organizations/stackmend';
const PROJECT = '/projects/stackmend/default';
const UPLOAD = `${ORGANIZATION}/chunk-upload/`;
const MEBIBYTE = 1024 * 1024;

let app: TestApp;
let db: Database;
let store: ReturnType<typeof createArtifactStore>;
let close: () => Promise<void>;
beforeAll(async () => {
  const temporary = await temporaryDatabase();
  db = openDatabaseInThread(temporary.file);
  store = createArtifactStore(db);
  const limits = { maxUploadBytes: 20 * MEBIBYTE, maxFileBytes: 1000 };
  const assembler = createAssembler({
    store,
    assemble: (job) => assembleHere(store, limits, job),
    limits,
    patienceMs: 60_000,
    log: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const scope = createScope(db);
  const artifacts = { store, assembler, limits };
  const releases = createReleaseStore(db);
  app = await startApp({
    db,
    extra: [
      artifactRoutes({ scope, artifacts, url: URL_PREFIX }),
      releaseFileRoutes({ scope, artifacts, releases }),
      releaseRoutes({ scope, artifacts, releases, now: Date.now }),
    ],
  });
  close = async () => {
    await app.close();
    await db.destroy();
    await temporary.close();
  };
});
afterAll(() => close());

const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');
type Part = { field: string; name?: string; content: Uint8Array | string };

/** A form as the tools send it. */
async function post(path: string, parts: readonly Part[], type?: string) {
  const form = new FormData();
  for (const { field, name, content } of parts) {
    if (name === undefined) form.append(field, String(content));
    else form.append(field, new File([Buffer.from(content)], name));
  }
  const encoded = new Response(form);
  const body = new Uint8Array(await encoded.arrayBuffer());
  return app.ask('POST', path, body, { 'content-type': type ?? encoded.headers.get('content-type') ?? '' });
}
const chunk = (content: Uint8Array, field = 'file', name = sha1(content)): Part => ({ field, name, content });
const detail = ({ status, text }: { status: number; text: string }) => ({ status, text });

describe('uploading chunks', () => {
  it('is announced at the address where the server is reached', async () => {
    const { body } = await app.get(UPLOAD);
    expect(body).toMatchObject({
      url: `${URL_PREFIX}/api/0/organizations/stackmend/chunk-upload/`,
      hashAlgorithm: 'sha1',
      maxFileSize: 20 * MEBIBYTE,
      accept: expect.arrayContaining(['artifact_bundles', 'artifact_bundles_v2']),
    });
    // What sentry-cli demands of it.
    const { chunkSize } = body as { chunkSize: number };
    expect(Math.log2(chunkSize) % 1).toBe(0);
  });

  it('takes several, packed or not', async () => {
    const [one, two] = [Buffer.from('first'), Buffer.from('second')];
    const packed = { ...chunk(two, 'file_gzip'), content: gzipSync(two) };
    expect(detail(await post(UPLOAD, [chunk(one), packed]))).toEqual({ status: 200, text: '' });
    expect([...(await store.chunkSizes([sha1(one), sha1(two)])).keys()].sort()).toEqual([sha1(one), sha1(two)].sort());
  });

  it.each<[string, () => Part[], number, RegExp]>([
    ['that arrives damaged', () => [chunk(Buffer.from('x'), 'file', 'a'.repeat(40))], 400, /arrived damaged/],
    ['whose name is a path', () => [chunk(Buffer.from('x'), 'file', '../../x')], 400, /arrived damaged/],
    ['that is no gzip', () => [chunk(Buffer.from('x'), 'file_gzip')], 400, /not the gzip/],
    [
      'that is a bomb',
      () => [{ ...chunk(Buffer.from('x'), 'file_gzip'), content: gzipSync(Buffer.alloc(9 * MEBIBYTE)) }],
      413,
      /8 MiB at most/,
    ],
    ['that is too large', () => [chunk(Buffer.alloc(10 * MEBIBYTE))], 413, /8 MiB at most/],
    ['of which there is none', () => [{ field: 'other', content: 'x' }], 400, /has no chunk/],
    ['with too many others', () => [1, 2, 3].map((n) => chunk(Buffer.alloc(6 * MEBIBYTE, n))), 413, /16 MiB of chunks/],
  ])('refuses one %s', async (_, parts, status, words) => {
    const answer = await post(UPLOAD, parts());
    expect(detail(answer)).toEqual({ status, text: expect.stringMatching(words) });
  });

  it('is refused while too much waits to be assembled', async () => {
    const waiting = { checksum: 'e'.repeat(40), size: 81 * MEBIBYTE, dateCreated: 0, data: Buffer.from('x') };
    await db.insertInto('artifactChunk').values(waiting).execute();
    const answer = await post(UPLOAD, [chunk(Buffer.from('one more'))]);
    expect(detail(answer)).toEqual({ status: 413, text: expect.stringContaining('deleted after a day') });
    await store.deleteChunksBefore(1);
    expect((await post(UPLOAD, [chunk(Buffer.from('one more'))])).status).toBe(200);
  });

  it('refuses what is no form', async () => {
    expect((await app.ask('POST', UPLOAD, { x: 1 })).status).toBe(415);
    const torn = await post(UPLOAD, [chunk(Buffer.from('x'))], 'multipart/form-data; boundary=other');
    expect(detail(torn)).toEqual({ status: 400, text: expect.stringContaining('not the multipart/form-data') });
  });

  it('refuses assembling what cannot be', async () => {
    const ask = (body: object) => app.ask('POST', `${ORGANIZATION}/artifactbundle/assemble/`, body);
    const sum = 'a'.repeat(40);
    for (const body of [
      {},
      { checksum: 'x', chunks: [sum], projects: ['default'] },
      { checksum: sum, chunks: [], projects: ['default'] },
      { checksum: sum, chunks: [`${sum}'`], projects: ['default'] },
      { checksum: sum, chunks: [sum] },
      { checksum: sum, chunks: [sum], projects: ['nowhere'] },
    ]) {
      expect(await ask(body), JSON.stringify(body)).toMatchObject({ status: 400 });
    }
  });
});

/** Uploads a bundle as the tools do. */
async function upload(bytes: Buffer, rest: object = {}, path = `${ORGANIZATION}/artifactbundle/assemble/`) {
  const body = { checksum: sha1(bytes), chunks: [sha1(bytes)], projects: ['default'], ...rest };
  expect((await app.ask('POST', path, body)).body).toEqual({ state: 'not_found', missingChunks: body.chunks });
  expect((await post(UPLOAD, [chunk(bytes)])).status).toBe(200);
  return (await app.ask('POST', path, body)).body as unknown;
}
const file = (name: string, content = name) => ({ name, content });
const list = async (query = '') => {
  const { body, headers } = await app.get(`${PROJECT}/files/artifact-bundles/${query}`);
  return { bundles: artifactBundlesSchema.parse(body), link: headers.get('Link') ?? '' };
};

describe('what was uploaded', () => {
  it('is listed by pages, with the files of each', async () => {
    for (const release of ['v1', 'v2', 'v3']) {
      const bytes = bundle([file('a.js', release), file('b.js')], { debug_id: crypto.randomUUID() });
      expect(await upload(bytes, { version: release })).toEqual({ state: 'ok', missingChunks: [] });
    }
    const names = ({ bundles }: Awaited<ReturnType<typeof list>>) =>
      bundles.flatMap(({ associations }) => associations.map(({ release }) => release));
    const first = await list('?per_page=2');
    expect(names(first)).toEqual(['v3', 'v2']);
    const next = /rel="next"; results="true"; cursor="([^"]+)"/.exec(first.link)?.[1];
    const second = await list(`?per_page=2&cursor=${next}`);
    expect(names(second)).toEqual(['v1']);
    expect(second.link).toContain('rel="next"; results="false"');
    expect(second.link).toContain('rel="previous"; results="true"');
    expect(names(await list('?query=V2'))).toEqual(['v2']);
    const [newest] = first.bundles;
    const { body, headers } = await app.get(`${PROJECT}/artifact-bundles/${newest?.bundleId}/files/?per_page=1`);
    expect(artifactFilesSchema.parse(body)).toMatchObject({
      bundleId: newest?.bundleId,
      files: [{ filePath: '~/a.js', fileType: 'minified_source', fileSize: 2 }],
    });
    expect(headers.get('Link')).toContain('rel="next"; results="true"');
    expect((await app.get(`/projects/stackmend/internal/artifact-bundles/${newest?.bundleId}/files/`)).status).toBe(
      404,
    );
    expect((await app.get(`${PROJECT}/files/artifact-bundles/?cursor=x`)).status).toBe(400);
  });

  it('is deleted by bundle or release, and only as asked', async () => {
    const path = `${PROJECT}/files/artifact-bundles/`;
    const { bundles } = await list();
    expect((await app.ask('DELETE', path)).status).toBe(400);
    expect((await app.ask('DELETE', `${path}?release=v1&bundleId=${bundles[0]?.bundleId}`)).status).toBe(400);
    expect((await app.ask('DELETE', `${path}?release=none`)).status).toBe(404);
    expect((await app.ask('DELETE', `/projects/stackmend/internal/files/artifact-bundles/?release=v1`)).status).toBe(
      404,
    );
    expect((await app.ask('DELETE', `${path}?release=v1`)).status).toBe(204);
    expect((await app.ask('DELETE', `${path}?bundleId=${bundles[0]?.bundleId}`)).status).toBe(204);
    expect((await list()).bundles.map(({ associations }) => associations[0]?.release)).toEqual(['v2']);
  });

  it('comes from tools of before artifact bundles too, which name the project inside', async () => {
    const bytes = bundle([file('old.js')], { project: 'default', org: 'stackmend' });
    const told = await upload(bytes, {}, `${ORGANIZATION}/releases/old%401/assemble/`);
    expect(told).toMatchObject({ state: 'ok' });
    expect((await list('?query=old@1')).bundles).toHaveLength(1);
  });
});

describe('files of a release one by one', () => {
  const files = `${PROJECT}/releases/one%2Fby%2Fone/files/`;
  const fields = (name: string, content: string, more: Part[] = []): Part[] => [
    { field: 'name', content: name },
    { field: 'file', name: 'x.js', content },
    ...more,
  ];

  it('are stored with what their headers say, the same once', async () => {
    const dist = { field: 'dist', content: 'web' };
    const header = { field: 'header', content: 'Sourcemap: a.js.map' };
    const first = await post(files, fields('~/a.js', 'code', [dist, header]));
    expect(first).toMatchObject({
      status: 201,
      body: {
        name: '~/a.js',
        dist: 'web',
        size: 4,
        headers: { Sourcemap: 'a.js.map' },
        sha1: sha1(Buffer.from('code')),
      },
    });
    expect(await post(files, fields('~/a.js', 'code', [dist, header]))).toMatchObject({
      status: 201,
      body: first.body,
    });
    const another = await post(files, fields('~/a.js', 'other', [dist]));
    expect(detail(another)).toEqual({ status: 409, text: expect.stringContaining('Delete that one first') });
    expect((await post(files, fields('~/a.js', 'other'))).status).toBe(201);
    expect(await store.filesByUrl(2, 'one/by/one', ['~/a.js'])).toMatchObject([{ dist: null }, { dist: 'web' }]);
  });

  it('are listed, looked at and deleted', async () => {
    const { body } = await app.get(files);
    const [{ id }] = body as [{ id: string }];
    expect((await app.get(`${files}${id}/`)).body).toMatchObject({ id, name: '~/a.js' });
    expect((await app.get(`${PROJECT}/releases/other/files/${id}/`)).status).toBe(404);
    expect((await app.get(`${files}x/`)).status).toBe(404);
    expect((await app.ask('DELETE', `${files}${id}/`)).status).toBe(204);
    expect((await app.get(`${files}${id}/`)).status).toBe(404);
  });

  it('are not taken out of what was uploaded together', async () => {
    await upload(bundle([file('c.js'), file('d.js')]), { version: 'one/by/one' });
    const { body } = await app.get(files);
    const { id } = (body as { id: string; name: string }[]).find(({ name }) => name === '~/c.js') ?? { id: '' };
    const answer = await app.ask('DELETE', `${files}${id}/`);
    expect(detail(answer)).toEqual({ status: 409, text: expect.stringContaining('Delete the upload') });
  });

  it('are refused when they are too large, or not there', async () => {
    const large = await post(files, fields('~/large.js', 'x'.repeat(1001 + 256 * 1024)));
    expect(detail(large)).toEqual({ status: 413, text: expect.stringContaining('artifacts.max-file-bytes') });
    const over = await post(files, fields('~/over.js', 'x'.repeat(1001)));
    expect(detail(over)).toEqual({ status: 413, text: expect.stringContaining('artifacts.max-file-bytes') });
    expect((await post(files, [{ field: 'name', content: '~/x.js' }])).status).toBe(400);
    const nowhere = await post(`${ORGANIZATION}/releases/nobody/files/`, fields('~/x.js', 'x'));
    expect(detail(nowhere)).toEqual({ status: 404, text: expect.stringContaining('releases new') });
  });
});

describe('releases', () => {
  const releases = `${ORGANIZATION}/releases/`;

  it('are of the projects that are named, and of one that its path names', async () => {
    const made = await app.ask('POST', releases, { version: 'r@1', projects: ['default', '1'] });
    expect(made).toMatchObject({
      status: 201,
      body: { shortVersion: '1', projects: [{ slug: 'default' }, { slug: 'internal' }] },
    });
    expect((await app.ask('POST', releases, { version: 'r@1', projects: ['default'] })).status).toBe(208);
    const one = await app.ask('POST', '/projects/stackmend/internal/releases/', { version: 'r@2' });
    expect(one).toMatchObject({ status: 201, body: { projects: [{ slug: 'internal' }] } });
    expect((await app.get(`${PROJECT}/releases/r@2/`)).status).toBe(404);
    const added = await app.ask('PUT', `${releases}r@2/`, { projects: ['default'] });
    expect(added.body).toMatchObject({ projects: [{ slug: 'default' }, { slug: 'internal' }] });
  });

  it('have the first of the commits, and say nothing that they do not keep', async () => {
    const commits = ['ABCDEF0123', '0123456789'].map((id) => ({ id, message: 'x', repository: 'y' }));
    const put = await app.ask('PUT', `${releases}r@1/`, { commits });
    expect(put).toMatchObject({ status: 200, body: { lastCommit: { id: 'abcdef0123' } } });
    const refs = [{ repository: 'acme/shop', commit: 'fedcba9876543' }];
    expect((await app.ask('PUT', `${releases}r@1/`, { refs })).body).toMatchObject({
      lastCommit: { id: 'fedcba9876543' },
    });
    for (const body of [
      { refs: [{ repository: 'x', commit: '--upload-pack=x' }] },
      { refs: [{ repository: 'x', commit: 'main' }] },
      { dateReleased: 'soon' },
      { status: 'archived' },
    ]) {
      expect(await app.ask('PUT', `${releases}r@1/`, body), JSON.stringify(body)).toMatchObject({ status: 400 });
    }
    expect((await app.ask('PUT', `${releases}none/`, {})).status).toBe(404);
  });

  it.each([
    [{ version: '', projects: ['default'] }],
    [{ version: 'latest', projects: ['default'] }],
    [{ version: '..', projects: ['default'] }],
    [{ version: 'a\nb', projects: ['default'] }],
    [{ version: 'x'.repeat(251), projects: ['default'] }],
    [{ version: 'x', projects: [] }],
    [{ version: 'x', projects: ['nowhere'] }],
  ])('are not made of %j', async (body) => {
    expect((await app.ask('POST', releases, body)).status).toBe(400);
  });

  it('take what was uploaded for them along when they are deleted', async () => {
    await upload(bundle([file('r.js')]), { version: 'r@1' });
    await app.ask('POST', `${releases}r@1/deploys/`, { environment: 'production' });
    expect((await app.ask('DELETE', `${releases}r@1/`)).status).toBe(204);
    expect((await list('?query=r@1')).bundles).toEqual([]);
    expect((await app.get(`${releases}r@1/deploys/`)).status).toBe(404);
    await app.ask('POST', releases, { version: 'r@1', projects: ['default'] });
    expect((await app.get(`${releases}r@1/deploys/`)).body).toEqual([]);
  });
});

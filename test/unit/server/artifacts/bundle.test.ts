import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type AssembleJob, assembleHere } from '../../../../server/artifacts/assemble.ts';
import { createAssembleInThread } from '../../../../server/artifacts/assemble-in-thread.ts';
import { createArtifactStore } from '../../../../server/storage/artifacts.ts';
import { temporaryDatabase } from '../../../integration/api/seed.ts';
import { bundle, HEADER, zip } from './zip.ts';

const LIMITS = { maxUploadBytes: 4_000_000, maxFileBytes: 3_000_000 };
const DEBUG_ID = '5a2c1f00-0000-4000-8000-000000000001';
const PROJECT = { id: 2, slug: 'default' };

let database: Awaited<ReturnType<typeof temporaryDatabase>>;
let store: ReturnType<typeof createArtifactStore>;
beforeEach(async () => {
  database = await temporaryDatabase();
  store = createArtifactStore(database.db);
});
afterEach(() => database.close());

const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');

/** Stores the chunks of an upload. */
async function send(bytes: Buffer, chunkSize = 1000): Promise<AssembleJob> {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += chunkSize) {
    const chunk = bytes.subarray(at, at + chunkSize);
    chunks.push(sha1(chunk));
    await store.addChunk(sha1(chunk), chunk);
  }
  return { checksum: sha1(bytes), chunks, projects: [PROJECT], release: 'v1', dist: null };
}
const assemble = async (bytes: Buffer, rest: Partial<AssembleJob> = {}, limits = LIMITS) =>
  assembleHere(store, limits, { ...(await send(bytes)), ...rest });
const stored = async (release = 'v1') => {
  const rows = await store.releaseFiles([1, 2], release, { limit: 100 });
  return Promise.all(
    rows.map(async ({ url, checksum }) => [url, Buffer.from((await store.read(checksum)) ?? []).toString('latin1')]),
  );
};
const nothing = async () => {
  for (const table of ['artifactBlob', 'artifactFile', 'artifactBundle'] as const) {
    expect(await database.db.selectFrom(table).selectAll().execute()).toEqual([]);
  }
};

describe('a bundle', () => {
  it('is stored with what its manifest says of each file', async () => {
    const headers = { 'debug-id': DEBUG_ID.toUpperCase().replaceAll('-', ''), SourceMap: 'a.js.map' };
    const job = await send(
      bundle(
        [
          { name: 'a.js', content: 'code', headers },
          { name: 'a.js.map', content: '{}', type: 'source_map', headers: { 'debug-id': DEBUG_ID } },
        ],
        { debug_id: '0739B7C0-97DE-5BAA-976D-0180CA7CF8A5' },
      ),
    );
    await assembleHere(store, LIMITS, job);
    expect(await store.filesByDebugId(2, [DEBUG_ID])).toMatchObject([
      { url: '~/a.js', type: 'minified_source', sourceMapUrl: 'a.js.map', debugId: DEBUG_ID, release: 'v1' },
      { url: '~/a.js.map', type: 'source_map', sourceMapUrl: null, bundleId: '0739b7c0-97de-5baa-976d-0180ca7cf8a5' },
    ]);
    expect((await store.chunkSizes(job.chunks)).size).toBe(0);
  });

  it.each([
    ['whose offsets count from its header', bundle([{ name: 'a.js', content: 'x' }])],
    ['whose offsets count from the zip', bundle([{ name: 'a.js', content: 'x' }], {}, { isShifted: true })],
    [
      'without a header',
      zip([
        { name: 'a.js', content: 'x' },
        { name: 'manifest.json', content: '{"files":{"a.js":{"url":"~/a.js","type":"source"}}}' },
      ]),
    ],
  ])('is read %s', async (_, bytes) => {
    await assemble(bytes);
    expect(await stored()).toEqual([['~/a.js', 'x']]);
  });

  it('is read over the borders of its chunks, large and empty files alike', async () => {
    const noise = randomBytes(500_000).toString('latin1');
    await assemble(
      bundle([
        { name: 'a.js', content: Buffer.from(noise, 'latin1') },
        { name: 'b.js', content: '' },
      ]),
    );
    expect(await stored()).toEqual([
      ['~/a.js', noise],
      ['~/b.js', ''],
    ]);
  });

  it('goes to each project that is named, and its content is stored once', async () => {
    const projects = [PROJECT, { id: 1, slug: 'internal' }];
    await assemble(bundle([{ name: 'a.js', content: 'x' }]), { projects });
    expect(await stored()).toHaveLength(2);
    expect(await database.db.selectFrom('artifactBlob').select('checksum').execute()).toHaveLength(1);
  });

  it('names its project, release and dist, where the request does not', async () => {
    const projects = [PROJECT, { id: 1, slug: 'internal' }];
    const bytes = bundle([{ name: 'a.js', content: 'x' }], { project: 'internal', release: 'v9', dist: 'web' });
    await assemble(bytes, { projects, release: null });
    expect(await store.releaseFiles([1, 2], 'v9', { limit: 10 })).toMatchObject([{ url: '~/a.js', dist: 'web' }]);
    expect(await store.uploads(2)).toMatchObject({ bundles: 0 });
    const elsewhere = bundle([{ name: 'a.js', content: 'x' }], { project: 'nowhere' });
    await expect(assemble(elsewhere, { projects })).rejects.toThrow('There is no project "nowhere"');
  });

  it('of files that nothing would find is refused', async () => {
    const bytes = bundle([{ name: 'a.js', content: 'x' }]);
    await expect(assemble(bytes, { release: null })).rejects.toThrow(/no debug ids, and the upload names no release/);
    await nothing();
  });
});

describe('names in a zip', () => {
  test.each([
    ['../../../etc/passwd'],
    ['/etc/passwd'],
    ['C:\\windows\\system.ini'],
    ['a\\..\\b'],
    ['__proto__x'],
    ['a\0b'],
  ])('are names alone: %j', async (name) => {
    await assemble(bundle([{ name, content: 'x', url: '~/a.js' }]));
    expect(await stored()).toEqual([['~/a.js', 'x']]);
  });

  it('of an object leave objects as they are', async () => {
    const listed =
      '{"files":{"__proto__":{"url":"~/a.js","type":"source"},"constructor":{"url":"~/b.js","type":"source"}}}';
    const entries = ['__proto__', 'constructor'].map((name) => ({ name, content: name }));
    await assemble(zip([...entries, { name: 'manifest.json', content: listed }]));
    expect(await stored()).toEqual(expect.arrayContaining([['~/b.js', 'constructor']]));
    expect(Object.hasOwn(Object.prototype, 'url')).toBe(false);
  });
});

const zeros = (length: number) => Buffer.alloc(length);
const one = { name: 'a.js', content: 'x' };
const manifest = (json: unknown) =>
  zip([one, { name: 'manifest.json', content: typeof json === 'string' ? json : JSON.stringify(json) }]);

describe('an upload that is refused leaves nothing', () => {
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.from('x'), /no artifact bundle/],
    ['noise', randomBytes(5000), /no artifact bundle, or it is damaged/],
    ['a header alone', HEADER, /no artifact bundle/],
    ['a zip that is cut off', bundle([one]).subarray(0, -30), /no artifact bundle/],
    ['a zip without a manifest', zip([one]), /it has no manifest.json/],
    ['a manifest that is no JSON', manifest('{'), /manifest.json that is not one/],
    ['a manifest of something else', manifest({ files: [] }), /manifest.json that is not one|has no files/],
    ['no files', manifest({ files: {} }), /has no files/],
    [
      'a file without an address',
      manifest({ files: { 'a.js': { type: 'source' } } }),
      /"a.js" is described wrongly.*url/,
    ],
    [
      'a file that is not there',
      manifest({ files: { 'b.js': { url: '~/b.js', type: 'source' } } }),
      /"~\/b.js" is in the manifest and not/,
    ],
    [
      'a debug id that is none',
      bundle([{ ...one, headers: { 'debug-id': 'nope' } }]),
      /"~\/a.js" has a debug id that is none: "nope"/,
    ],
    [
      'two files of one address',
      bundle([
        { ...one, url: '~/x' },
        { ...one, name: 'b.js', url: '~/x' },
      ]),
      /Two files have the address "~\/x"/,
    ],
    [
      'a file that is too large',
      bundle([one, { name: 'b.js', content: randomBytes(3_000_001) }]),
      /"~\/b.js" has 2.9 MiB.*artifacts.max-file-bytes/,
    ],
    [
      'an upload that is too large',
      bundle([1, 2].map((n) => ({ name: `${n}.js`, content: randomBytes(2_100_000) }))),
      /artifacts.max-upload-bytes/,
    ],
    ['a bomb', bundle([one, { name: 'b.js', content: zeros(2_900_000) }]), /"~\/b.js" unpacks to more than 250 times/],
    [
      'a bomb that says it is small',
      bundle([one, { name: 'b.js', content: zeros(2_900_000), claimedSize: 10 }]),
      /"~\/b.js" cannot be unpacked/,
    ],
    ['a file that says it is larger', bundle([{ ...one, claimedSize: 10 }]), /"~\/a.js" cannot be unpacked/],
    ['a file that is encrypted', bundle([{ ...one, flags: 1 }]), /"~\/a.js" is encrypted/],
    ['a method that nobody knows', bundle([{ ...one, method: 99 }]), /"~\/a.js" cannot be unpacked/],
  ])('%s', async (_, bytes, words) => {
    await expect(assemble(bytes)).rejects.toMatchObject({
      status: expect.any(Number),
      message: expect.stringMatching(words),
    });
    await nothing();
  });

  it('many files that share their content, which unpack to far more than there is', async () => {
    const shared = Array.from({ length: 100 }, (_, index) => ({ name: `${index}.js`, content: '', sharedWith: 0 }));
    const bytes = bundle([{ name: 'x.js', content: zeros(1_000_000) }, ...shared]);
    await expect(assemble(bytes)).rejects.toThrow(/unpacks to more than 61 MiB/);
    await nothing();
  });

  it('more files than anybody builds', async () => {
    const files = Array.from({ length: 20_001 }, (_, index) => ({ name: `${index}`, content: '', sharedWith: 0 }));
    const many = bundle([{ name: 'x', content: '' }, ...files]);
    await expect(assemble(many)).rejects.toThrow(/20000 are the limit: upload it in parts/);
  });

  it('chunks that do not make what was announced; they are forgotten', async () => {
    const job = await send(bundle([one]));
    const other = { ...job, checksum: sha1(Buffer.from('other')) };
    await expect(assembleHere(store, LIMITS, other)).rejects.toThrow(/do not make what its checksum says/);
    expect((await store.chunkSizes(job.chunks)).size).toBe(0);
    await nothing();
  });
});

it('is assembled in a thread just so', async () => {
  const inThread = createAssembleInThread(database.file, LIMITS);
  await inThread(await send(bundle([one])));
  expect(await stored()).toEqual([['~/a.js', 'x']]);
  await expect(inThread(await send(zip([one])))).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/no manifest.json/),
  });
  await expect(createAssembleInThread(`${database.file}.none`, LIMITS)(await send(bundle([one])))).rejects.toThrow();
});

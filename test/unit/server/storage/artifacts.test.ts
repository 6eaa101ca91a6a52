import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArtifactStore, createArtifactStore, type NewArtifactFile } from '../../../../server/storage/artifacts.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import type { Database } from '../../../../server/storage/tables.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DEBUG_ID = '5a2c1f00-0000-4000-8000-000000000001';

let directory: string;
let db: Database;
let store: ArtifactStore;
let time: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stackmend-artifacts-'));
  db = openDatabase(join(directory, 'test.db'));
  await migrate(db);
  time = Date.UTC(2026, 0, 1);
  store = createArtifactStore(db, { now: () => time });
});
afterEach(async () => {
  await db.destroy();
  rmSync(directory, { recursive: true, force: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');
const file = (url: string, text = url, rest: Partial<NewArtifactFile> = {}): NewArtifactFile => ({
  url,
  type: url.endsWith('.map') ? 'source_map' : 'minified_source',
  debugId: null,
  sourceMapUrl: null,
  bytes: bytes(text),
  ...rest,
});
const upload = (
  bundleId: string,
  files: NewArtifactFile[],
  rest: { release?: string; dist?: string; projectId?: number } = {},
) =>
  store.addBundle({
    projectId: rest.projectId ?? 2,
    bundleId,
    checksum: sha1(bytes(bundleId)),
    release: rest.release ?? null,
    dist: rest.dist ?? null,
    files,
  });
const count = async (table: 'artifactBlob' | 'artifactFile' | 'artifactBundle' | 'artifactChunk') =>
  (
    await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
  ).rows;

describe('chunks', () => {
  it('gives back what was stored, and counts it', async () => {
    await store.addChunk('a'.repeat(40), bytes('one'));
    await store.addChunk('b'.repeat(40), bytes('three'));
    expect(Buffer.from((await store.readChunk('b'.repeat(40))) ?? []).toString()).toBe('three');
    expect(await store.readChunk('c'.repeat(40))).toBeNull();
    expect(await store.chunkBytes()).toBe(8);
    expect([...(await store.chunkSizes(['a'.repeat(40), 'c'.repeat(40)]))]).toEqual([['a'.repeat(40), 3]]);
  });

  it('forgets those that wait too long, unless they came again', async () => {
    for (const digit of 'abcdef') await store.addChunk(digit.repeat(40), bytes(digit));
    time += 20 * HOUR;
    await store.addChunk('a'.repeat(40), bytes('a'));
    time += 5 * HOUR;
    await store.deleteChunksBefore(time - DAY);
    expect((await store.chunkSizes(['a'.repeat(40)])).size).toBe(1);
    expect(await count('artifactChunk')).toBe(1);
  });
});

describe('bundles', () => {
  it('stores each content once, for whichever release, project and address', async () => {
    await upload('one', [file('~/a.js', 'same'), file('~/b.js', 'same')], { release: 'v1' });
    await upload('one', [file('~/a.js', 'same'), file('~/b.js', 'same')], { release: 'v2' });
    await upload('two', [file('~/c.js', 'same')], { projectId: 1 });
    expect(await count('artifactFile')).toBe(5);
    expect(await count('artifactBlob')).toBe(1);
  });

  it('replaces what was uploaded before under the same id, release and dist', async () => {
    await upload('one', [file('~/a.js', 'old')], { release: 'v1' });
    await upload('one', [file('~/a.js', 'new')], { release: 'v1' });
    expect(await count('artifactBundle')).toBe(1);
    expect(await count('artifactBlob')).toBe(1);
    const [row] = await store.filesByUrl(2, 'v1', ['~/a.js']);
    expect(Buffer.from((await store.read(row?.checksum ?? '')) ?? []).toString()).toBe('new');
  });

  it('shows nothing of a bundle that cannot be read to its end, and leaves nothing of it', async () => {
    async function* broken() {
      for (let number = 0; number < 150; number += 1) yield file(`~/${number}.js`);
      expect(await store.filesByUrl(2, 'v1', ['~/0.js'])).toEqual([]);
      expect(await store.bundles(2, { limit: 10 })).toEqual([]);
      expect(await count('artifactFile')).toBe(100);
      throw new Error('broken');
    }
    const adding = store.addBundle({
      projectId: 2,
      bundleId: 'x',
      checksum: 'x',
      release: 'v1',
      dist: null,
      files: broken(),
    });
    await expect(adding).rejects.toThrow('broken');
    for (const table of ['artifactBlob', 'artifactFile', 'artifactBundle'] as const) expect(await count(table)).toBe(0);
  });

  it('deletes what a server left when it ended in the middle', async () => {
    await upload('one', [file('~/a.js')]);
    await db.updateTable('artifactBundle').set({ isComplete: 0 }).execute();
    await store.deleteOlderThan(0);
    expect(await count('artifactBundle')).toBe(1);
    time += 2 * HOUR;
    await store.deleteOlderThan(0);
    for (const table of ['artifactBlob', 'artifactFile', 'artifactBundle'] as const) expect(await count(table)).toBe(0);
  });

  it('deletes by bundle and by release, with the content that nobody else has', async () => {
    const files = Array.from({ length: 60 }, (_, number) => file(`~/${number}.js`));
    await upload('one', [...files, file('~/own.js')], { release: 'v1' });
    await upload('one', [...files, file('~/own.js')], { release: 'v1', dist: 'web' });
    await upload('two', files, { release: 'v2' });
    expect(await store.removeBundle(1, 'one')).toBe(0);
    expect(await store.removeBundle(2, 'one')).toBe(2);
    expect(await count('artifactBlob')).toBe(60);
    expect(await store.removeRelease(2, 'v1')).toBe(0);
    expect(await store.removeRelease(2, 'v2')).toBe(1);
    for (const table of ['artifactBlob', 'artifactFile', 'artifactBundle'] as const) expect(await count(table)).toBe(0);
  });

  it('keeps what is uploaded again, or maps frames, and deletes the rest by age', async () => {
    await upload('idle', [file('~/idle.js')], { release: 'v1' });
    await upload('again', [file('~/again.js')], { release: 'v1' });
    const used = await upload('used', [file('~/used.js')], { release: 'v1' });
    time += 50 * DAY;
    const again = { projectId: 2, checksum: sha1(bytes('again')), release: 'v1', dist: null };
    expect(await store.renew(again)).toBe(true);
    expect(await store.renew({ ...again, release: 'v2' })).toBe(false);
    expect(await store.renew({ ...again, projectId: 1 })).toBe(false);
    await store.markUsed([used]);
    time += 50 * DAY;
    await store.deleteOlderThan(time - 90 * DAY);
    expect((await store.bundles(2, { limit: 10 })).map(({ bundleId }) => bundleId)).toEqual(['used', 'again']);
  });

  it('lists a bundle once, with every release that it was uploaded for', async () => {
    await upload('one', [file('~/a.js', 'abc')], { release: 'v1' });
    await upload('two', [file('~/b_1.js', 'b', { debugId: DEBUG_ID })]);
    await upload('one', [file('~/a.js', 'abc')], { release: 'v2', dist: 'web' });
    const ids = async (query?: string) =>
      (await store.bundles(2, { limit: 10, ...(query === undefined ? {} : { query }) })).map(
        ({ bundleId }) => bundleId,
      );
    expect(await store.bundles(2, { limit: 1 })).toEqual([
      {
        bundleId: 'one',
        associations: [
          { release: 'v2', dist: 'web' },
          { release: 'v1', dist: null },
        ],
        dateCreated: time,
        fileCount: 1,
        size: 3,
      },
    ]);
    expect(await ids()).toEqual(['one', 'two']);
    expect(await ids('V2')).toEqual(['one']);
    expect(await ids('web')).toEqual(['one']);
    expect(await ids('B_1.js')).toEqual(['two']);
    expect(await ids('_')).toEqual(['two']);
    expect(await ids('%')).toEqual([]);
    expect(await ids(DEBUG_ID.slice(0, 8))).toEqual(['two']);
    expect(await store.bundles(1, { limit: 10 })).toEqual([]);
    expect((await store.bundles(2, { limit: 1, offset: 1 })).map(({ bundleId }) => bundleId)).toEqual(['two']);
    expect(await store.bundle(2, 'two')).toMatchObject({ bundleId: 'two', fileCount: 1 });
    expect(await store.bundle(1, 'two')).toBeNull();
    expect(await store.bundleFiles(2, 'one', { limit: 10 })).toMatchObject([{ url: '~/a.js', size: 3, release: 'v2' }]);
    expect(await store.releaseFiles([2], 'v1', { limit: 10, dist: null })).toMatchObject([{ url: '~/a.js' }]);
    expect(await store.releaseFiles([2], 'v1', { limit: 10, dist: 'web' })).toEqual([]);
  });
});

describe('what frames ask for', () => {
  it('finds both files of a debug id in the newest upload, within the project', async () => {
    const pair = [file('~/a.js', 'a', { debugId: DEBUG_ID }), file('~/a.js.map', 'm', { debugId: DEBUG_ID })];
    await upload('old', pair, { release: 'v1' });
    const newest = await upload('new', pair, { release: 'v2' });
    await upload('foreign', pair, { projectId: 1 });
    const found = await store.filesByDebugId(2, [DEBUG_ID, 'other']);
    expect(found).toMatchObject([
      { bundle: newest, bundleId: 'new', projectId: 2, release: 'v2', url: '~/a.js', type: 'minified_source' },
      { bundle: newest, bundleId: 'new', type: 'source_map', debugId: DEBUG_ID, size: 1, dateCreated: time },
    ]);
    expect(await store.filesByDebugId(2, [])).toEqual([]);
  });

  it('finds the files of an address in a release, of each dist the newest', async () => {
    await upload('old', [file('~/a.js', 'old')], { release: 'v1', dist: 'web' });
    await upload('new', [file('~/a.js', 'new', { sourceMapUrl: 'a.js.map' })], { release: 'v1', dist: 'web' });
    await upload('none', [file('~/a.js', 'none')], { release: 'v1' });
    await upload('other', [file('~/a.js', 'other')], { release: 'v2' });
    const found = await store.filesByUrl(2, 'v1', ['~/a.js', 'https://a.example/a.js']);
    expect(found.map(({ bundleId, dist }) => [bundleId, dist])).toEqual([
      ['none', null],
      ['new', 'web'],
    ]);
    expect(found[1]).toMatchObject({ sourceMapUrl: 'a.js.map' });
  });

  it('tells whether there is anything, and the nearest release that has a file', async () => {
    expect(await store.uploads(2)).toEqual({ bundles: 0, newest: null });
    const places: [string, string | undefined][] = [
      ['v1', 'web'],
      ['v1', undefined],
      ['v2', undefined],
      ['v3', undefined],
    ];
    for (const [release, dist] of places) {
      time += HOUR;
      await upload(`${release}${dist}`, [file('~/a.js'), file('~/a.js.map', '{}', { debugId: DEBUG_ID })], {
        release,
        ...(dist === undefined ? {} : { dist }),
      });
    }
    expect(await store.uploads(2)).toEqual({ bundles: 4, newest: time });
    expect(await store.uploads(2, 'v1')).toMatchObject({ bundles: 2 });
    const names = async (of: Parameters<typeof store.nearestFor>[1]) =>
      (await store.nearestFor(2, of)).map(({ release, dist }) => [release, dist]);
    expect(await names({ urls: ['~/a.js'], release: 'v1' })).toEqual([
      ['v1', null],
      ['v1', 'web'],
      ['v3', null],
    ]);
    expect(await names({ debugIds: [DEBUG_ID] })).toEqual([
      ['v3', null],
      ['v2', null],
      ['v1', null],
    ]);
    expect(await names({ urls: ['~/none.js'], debugIds: ['none'] })).toEqual([]);
    expect(await names({})).toEqual([]);
  });

  it('reads back any content, an empty one and one that does not compress included', async () => {
    const random = randomBytes(5_000_000);
    await upload('one', [file('~/empty.js', ''), file('~/random.js', '', { bytes: random })]);
    const read = async (url: string) => {
      const found = (await store.bundleFiles(2, 'one', { limit: 10 })).find((each) => each.url === url);
      return Buffer.from((await store.read(found?.checksum ?? '')) ?? []);
    };
    expect((await read('~/empty.js')).byteLength).toBe(0);
    expect((await read('~/random.js')).equals(random)).toBe(true);
    expect(await store.read('f'.repeat(40))).toBeNull();
  });
});

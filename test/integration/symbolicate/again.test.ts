/** Mapping stored events again, over a real database: what it writes, and what it leaves alone. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAssets } from '../../../server/artifacts/symbolicate/assets.ts';
import { createSymbolicate } from '../../../server/artifacts/symbolicate/symbolicate.ts';
import { explainGrouping } from '../../../server/digest/explain-grouping.ts';
import { createSymbolicateBatch } from '../../../server/digest/symbolicate.ts';
import { createSymbolicateAgain } from '../../../server/digest/symbolicate-again.ts';
import type { JsonObject, StoredEvent } from '../../../server/protocol/event.ts';
import { createArtifactStore } from '../../../server/storage/artifacts.ts';
import { corpusRoot, reportMissingCorpus } from '../../corpus.ts';
import { mapOf, URL } from '../../unit/server/artifacts/symbolicate/store.ts';
import { eventItem, openDigest } from '../digest/harness.ts';
import { browserEvent } from './harness.ts';

let digest: Awaited<ReturnType<typeof openDigest>>;
let artifacts: ReturnType<typeof createArtifactStore>;
let again: ReturnType<typeof createSymbolicateAgain>;
let uploads = 0;

beforeEach(async () => {
  digest = await openDigest();
  const { db, services } = digest;
  artifacts = createArtifactStore(db);
  const symbolicate = createSymbolicate({
    store: artifacts,
    assets: createAssets({ read: artifacts.read, maxBytes: 1_000_000 }),
    now: Date.now,
    version: async () => uploads,
    limitMs: 60_000,
  });
  services.symbolicate = createSymbolicateBatch({ artifacts, symbolicate, now: Date.now });
  again = createSymbolicateAgain({ ...services, artifacts, symbolicate, now: Date.now });
});
afterEach(() => digest.close());

async function upload(release: string, files: Record<string, string> = { '~/assets/index.js.map': mapOf('found') }) {
  uploads += 1;
  await artifacts.addBundle({
    projectId: 2,
    bundleId: crypto.randomUUID(),
    checksum: crypto.randomUUID(),
    release,
    dist: null,
    files: Object.entries(files).map(([url, text]) => ({
      url,
      type: url.endsWith('.map') ? 'source_map' : 'minified_source',
      debugId: null,
      sourceMapUrl: null,
      bytes: Buffer.from(text),
    })),
  });
}

const FRAMES = [{ url: URL, line: 1, column: 1, function: 'tt' }];
const sent = (release: string, more: object = {}) => browserEvent({ frames: FRAMES, release, ...more });
async function accept(event: object): Promise<string> {
  const id = digest.accept([eventItem(event)]);
  await digest.digest();
  return id;
}
const bodyOf = async (id: string): Promise<StoredEvent> => {
  const body = await digest.stored(id);
  if (!body) throw new Error(`There is no event ${id}.`);
  return body;
};

it('changes the event, its row and its issue, and says how it was grouped', async () => {
  const id = await accept(sent('1'));
  await upload('1');
  expect(await again.event(2, id)).toEqual({ frames: 1, mapped: 1, mappedBefore: 0 });
  const body = await bodyOf(id);
  expect(body).toMatchObject({ culprit: '?(src/found)', location: '../src/found.ts', errors: null });
  expect(explainGrouping(body).every(({ parts }) => parts.length > 0)).toBe(true);
  expect(await digest.events()).toMatchObject([{ culprit: '?(src/found)', richness: expect.any(Number) }]);
  expect(await digest.issues()).toMatchObject([{ culprit: '?(src/found)', timesSeen: 1 }]);
});

it('keeps the culprit and the tags that the SDK sent', async () => {
  const id = await accept(sent('1', { culprit: 'my/culprit', tags: { a: 'b' } }));
  const { tags } = await bodyOf(id);
  await upload('1');
  await again.event(2, id);
  expect(await bodyOf(id)).toMatchObject({ culprit: 'my/culprit', tags });
});

it('leaves the event in its issue when another has the hash, and adds none of it', async () => {
  const minified = await accept(sent('1'));
  await upload('1');
  const mapped = await accept(sent('1'));
  const [first, second] = await digest.issues();
  expect(second).toBeDefined();
  await again.event(2, minified);
  const rows = await digest.events();
  expect(rows.find(({ eventId }) => eventId === minified)?.issueId).toBe(first?.id);
  expect(rows.find(({ eventId }) => eventId === mapped)?.issueId).toBe(second?.id);
  const hashes = await digest.db.selectFrom('issueHash').selectAll().execute();
  expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(hashes.length);
});

it('lets the next event, mapped when it comes, land in the same issue', async () => {
  const id = await accept(sent('1'));
  await upload('1');
  await again.event(2, id);
  await accept(sent('1'));
  expect(await digest.issues()).toMatchObject([{ timesSeen: 2 }]);
});

it('takes back what it said of a symbolicator that failed', async () => {
  digest.services.symbolicate = createSymbolicateBatch({
    artifacts,
    symbolicate: () => Promise.reject(new Error('It died.')),
    now: Date.now,
  });
  await upload('1');
  const id = await accept(sent('1'));
  expect(await bodyOf(id)).toMatchObject({ errors: [{ type: 'symbolicator_failed', reason: 'It died.' }] });
  await again.event(2, id);
  expect(await bodyOf(id)).toMatchObject({ errors: null, culprit: '?(src/found)' });
});

it('answers that it cannot now, when the symbolicator fails, and changes nothing', async () => {
  const id = await accept(sent('1'));
  const before = await bodyOf(id);
  const failing = createSymbolicateAgain({
    ...digest.services,
    artifacts,
    symbolicate: () => Promise.reject(new Error('It died.')),
    now: Date.now,
  });
  await expect(failing.event(2, id)).rejects.toMatchObject({ status: 503 });
  expect(await bodyOf(id)).toEqual(before);
});

it('does not bring back an event that is deleted', async () => {
  const id = await accept(sent('1'));
  await upload('1');
  await digest.db.deleteFrom('event').execute();
  expect(await again.event(2, id)).toBeNull();
  expect((await bodyOf(id)).exception?.values[0]?.raw_stacktrace).toBeUndefined();
  expect(await again.event(2, 'f'.repeat(32))).toBeNull();
});

it('and digest at the same time lose nothing of one another', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 20; index += 1) ids.push(await accept(sent('1')));
  await upload('1');
  for (let index = 0; index < 20; index += 1) digest.accept([eventItem(sent('1'))]);
  await Promise.all([digest.digest(3), ...ids.map((id) => again.event(2, id))]);
  const rows = await digest.events();
  expect(rows.length).toBe(40);
  expect(rows.every(({ culprit }) => culprit === '?(src/found)')).toBe(true);
  const issues = await digest.issues();
  expect(issues.reduce((sum, { timesSeen }) => sum + timesSeen, 0)).toBe(40);
});

it('goes through a release some events at a time, the newest first', async () => {
  for (let index = 0; index < 60; index += 1) digest.accept([eventItem(sent('1'))]);
  digest.accept([eventItem(sent('2'))]);
  await digest.digest();
  await upload('1');
  const counts: number[] = [];
  for (let after: number | null = null; ; ) {
    const { events, mapped, next } = await again.release(2, '1', after);
    expect(mapped).toBe(events);
    counts.push(events);
    if (next === null) break;
    after = Number(next);
  }
  expect(counts).toEqual([25, 25, 10]);
});

const WANTED = [
  'javascript/debugid_minified.json',
  'javascript/symbolicated_raw_stacktrace.json',
  'react-native/bundle_symbolicated.json',
];
reportMissingCorpus('JavaScript events with debug ids, or mapped by somebody else', WANTED.length);

const payloadOf = (name: string): JsonObject => JSON.parse(readFileSync(join(corpusRoot ?? '', name), 'utf8'));

it.runIf(corpusRoot)('maps the frames of a real event with debug ids by its bundle', async () => {
  const id = await accept(payloadOf('javascript/debugid_minified.json'));
  expect((await bodyOf(id)).exception?.values[0]?.raw_stacktrace).toBeUndefined();
  uploads += 1;
  await artifacts.addBundle({
    projectId: 2,
    bundleId: 'x',
    checksum: 'x',
    release: null,
    dist: null,
    files: [
      {
        url: '~/bundled.min.js.map',
        type: 'source_map',
        debugId: 'd0f3f72c-bf28-5e17-849e-e8e22d6f1fe6',
        sourceMapUrl: null,
        bytes: Buffer.from(mapOf('bar', { mappings: ';;AAEI' })),
      },
    ],
  });
  expect(await again.event(2, id)).toEqual({ frames: 4, mapped: 3, mappedBefore: 0 });
  const [exception] = (await bodyOf(id)).exception?.values ?? [];
  expect(exception?.stacktrace?.frames?.map(({ lineno }) => lineno)).toEqual([1, 3, 3, 3]);
});

it.runIf(corpusRoot).each(WANTED.slice(1))('leaves %s as somebody else mapped it', async (name) => {
  await upload('678e58f7fba703cae83404ceb1538665b4c875db');
  const id = await accept(payloadOf(name));
  const before = await bodyOf(id);
  expect(before.exception?.values.some(({ raw_stacktrace: raw }) => raw?.frames?.length)).toBe(true);
  await again.event(2, id);
  expect(await bodyOf(id)).toEqual(before);
});

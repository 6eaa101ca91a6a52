import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createCoverage, type FrameQuery } from '../../../../server/coverage/line-coverage.ts';
import { createReadReportInThread, readReportHere } from '../../../../server/coverage/read-report.ts';
import { BadRequestError, StatusError } from '../../../../server/protocol/errors.ts';
import { commitInRelease, isSameCommit, isSurelyCommit } from '../../../../server/source/commit.ts';
import { createCoverageStore } from '../../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { createReleaseStore } from '../../../../server/storage/releases.ts';

const SHA = '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const OTHER = '0000000c9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
const db = openDatabase(join(folder, 'test.db'));
await migrate(db);
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const store = createCoverageStore(db);
const coverage = createCoverage({ store, releases: createReleaseStore(db), readReport: readReportHere });
const lcov = (...files: string[]) =>
  Buffer.from(files.map((path) => `SF:${path}\nDA:4,1\nDA:5,0\nend_of_record\n`).join(''));
const add = (of: { release?: string; commit?: string }, bytes: Uint8Array = lcov('src/billing.py'), projectId = 2) =>
  coverage.add({ projectId, bytes, name: 'lcov.info', ...of });
const ask = (query: Partial<FrameQuery>) =>
  coverage.forFrame({ projectId: 2, release: 'shop@1.4.0', filename: 'src/billing.py', ...query });
const recordRelease = (version: string, commitSha: string) =>
  db.insertInto('release').values({ projectId: 2, version, commitSha, dateCreated: 0 }).execute();

beforeEach(async () => {
  await db.deleteFrom('coverageReport').execute();
  await db.deleteFrom('release').execute();
});

const LINES = [
  [4, 0],
  [5, 1],
];

describe('a report applies', () => {
  test.each<[string, { release?: string; commit?: string }, Partial<FrameQuery>]>([
    ['by the release', { release: 'shop@1.4.0' }, {}],
    ['by the commit asked for', { commit: SHA }, { commit: SHA }],
    ['by a shortened commit', { commit: SHA.slice(0, 7).toUpperCase() }, { commit: SHA }],
    ['by a longer commit', { commit: SHA }, { commit: SHA.slice(0, 12) }],
    ['by a release that is a commit', { commit: SHA }, { release: SHA }],
    ['by a release that ends in a commit', { commit: SHA }, { release: `shop@1.4.0+${SHA.slice(0, 10)}` }],
    ['by commit, under another release', { release: 'nightly', commit: SHA }, { release: `shop@${SHA}` }],
    ['by a build number that happens to be one', { commit: '20261122' }, { release: 'shop@1.0+20261122' }],
  ])('%s', async (_, report, query) => {
    await add(report);
    expect(await ask(query)).toMatchObject({ status: 200, lineCoverage: LINES, path: 'src/billing.py' });
  });

  it('by the commit of the release record', async () => {
    await recordRelease('shop@1.4.0', SHA);
    await add({ commit: SHA });
    expect(await ask({})).toMatchObject({ status: 200, commit: SHA, release: null });
  });

  it('by the commit that another report gives the release', async () => {
    await add({ release: 'shop@1.4.0', commit: SHA }, lcov('src/other.py'));
    await add({ commit: SHA.slice(0, 9) });
    expect(await ask({})).toMatchObject({ status: 200, commit: SHA.slice(0, 9) });
  });
});

describe('why there is none', () => {
  it('404 for a project without any report, also when another project has one', async () => {
    await add({ release: 'shop@1.4.0' }, lcov('src/billing.py'), 1);
    expect(await ask({})).toEqual({ status: 404, reason: 'no_report', detail: expect.stringContaining('no coverage') });
  });

  it('none for this release', async () => {
    await add({ release: 'shop@1.3.0' });
    expect(await ask({})).toMatchObject({ status: 400, reason: 'no_report_for_release', release: 'shop@1.3.0' });
    expect(await ask({ release: null })).toMatchObject({ status: 400, reason: 'no_report_for_release' });
  });

  it('another commit, though the release has the same name: the build was made again', async () => {
    await recordRelease('shop@1.4.0', SHA);
    await add({ release: 'shop@1.4.0', commit: OTHER });
    const answer = await ask({});
    expect(answer).toMatchObject({ status: 400, reason: 'commit_differs', commit: OTHER });
    expect(answer.detail).toContain(`commit ${SHA.slice(0, 12)}, the coverage report of ${OTHER.slice(0, 12)}`);
    expect(answer.lineCoverage).toBeUndefined();
  });

  it('a build number rules no commit out', async () => {
    await add({ release: 'shop@1.0+20261122', commit: OTHER });
    expect(await ask({ release: 'shop@1.0+20261122' })).toMatchObject({ status: 200 });
  });

  it('no file matches, naming the nearest three', async () => {
    await add({ release: 'shop@1.4.0' }, lcov('src/biling.py', 'src/models.py', 'src/bill.py', 'src/views.py'));
    expect(await ask({})).toMatchObject({
      status: 400,
      reason: 'no_file_matches',
      detail: 'No file of the coverage report ends in src/billing.py.',
      candidates: ['src/biling.py', 'src/bill.py', expect.any(String)],
    });
    expect(await ask({ filename: null })).toMatchObject({
      reason: 'no_file_matches',
      detail: 'The frame names no file.',
    });
  });

  it('two match, naming both', async () => {
    await add({ release: 'shop@1.4.0' }, lcov('a/src/billing.py', 'b/src/billing.py'));
    expect(await ask({})).toMatchObject({
      status: 400,
      reason: 'two_files_match',
      candidates: ['a/src/billing.py', 'b/src/billing.py'],
    });
  });
});

it('merges the reports that apply, and forgets one that was deleted', async () => {
  await add({ release: 'shop@1.4.0' });
  const second = await add({ commit: SHA }, Buffer.from('SF:/ci/shop/src/billing.py\nDA:5,2\nDA:9,0\nend_of_record\n'));
  const query = { commit: SHA };
  const merged = [
    [4, 0],
    [5, 0],
    [9, 1],
  ];
  expect((await ask(query)).lineCoverage).toEqual(merged);
  expect(await coverage.remove(1, second.id)).toBe(false);
  expect((await ask(query)).lineCoverage).toEqual(merged);
  expect(await coverage.remove(2, second.id)).toBe(true);
  expect((await ask(query)).lineCoverage).toEqual(LINES);
});

it('lists reports newest first, with their files', async () => {
  await add({ release: 'shop@1.4.0' });
  await add({ commit: SHA }, lcov(...Array.from({ length: 1201 }, (_, n) => `src/${n}.py`)));
  expect(await coverage.list(2)).toMatchObject([
    { commitSha: SHA, release: null, files: 1201, format: 'lcov' },
    { commitSha: null, release: 'shop@1.4.0', files: 1, name: 'lcov.info' },
  ]);
  expect(await coverage.list(1)).toEqual([]);
});

test.each([
  ['neither release nor commit', { release: '  ' }, /a release, a commit, or both/],
  ['a commit that is none', { commit: 'main' }, /"main" is no commit: it should be 7 to 64 hex digits/],
])('refuses %s', async (_, of, message) => {
  await expect(add(of)).rejects.toThrow(message);
  await expect(add(of)).rejects.toThrow(BadRequestError);
});

test('a thread reads as this one does, and hands on what is wrong', async () => {
  const read = createReadReportInThread();
  const bytes = lcov('src/a.py', 'src/b.py');
  const [good, bad] = await Promise.allSettled([read(bytes, 'a.info'), read(Buffer.from('SF:a\nDA:x'), 'b.info')]);
  expect(good).toEqual({ status: 'fulfilled', value: await readReportHere(bytes, 'a.info') });
  expect(bad).toMatchObject({
    status: 'rejected',
    reason: { status: 400, message: expect.stringContaining('b.info, line 2') },
  });
  if (bad.status === 'rejected') expect(bad.reason).toBeInstanceOf(StatusError);
});

test.each([
  [SHA, SHA],
  [`shop@${SHA}`, SHA],
  ['shop@1.0+4f2b8c1', '4f2b8c1'],
  ['1.4.0-3-g4F2B8C1', '4f2b8c1'],
  ['shop@1.4.0', null],
  ['shop@4f2b8c', null],
  ['v4f2b8c1d', null],
])('the commit in release %j is %j', (release, commit) => expect(commitInRelease(release)).toBe(commit));

test('two commits are the same when one begins with the other, from seven digits on', () => {
  expect(isSameCommit(SHA, SHA.slice(0, 7))).toBe(true);
  expect(isSameCommit(SHA.slice(0, 6), SHA)).toBe(false);
  expect(isSameCommit(SHA, OTHER)).toBe(false);
  expect([isSurelyCommit('20261122'), isSurelyCommit('4f2b8c1'), isSurelyCommit('1'.repeat(40))]).toEqual([
    false,
    true,
    true,
  ]);
});

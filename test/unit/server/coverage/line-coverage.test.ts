import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { FrameQuery } from '../../../../server/coverage/line-coverage.ts';
import { createReadReportInThread, readReportHere } from '../../../../server/coverage/read-report.ts';
import { BadRequestError, StatusError } from '../../../../server/protocol/errors.ts';
import { commitInRelease, isSameCommit, isSurelyCommit } from '../../../../server/source/commit.ts';

import { coverageOver, temporaryDatabase } from './harness.ts';

const SHA = '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const OTHER = '0000000c9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const opened = await temporaryDatabase();
const { db } = opened;
afterAll(() => opened[Symbol.asyncDispose]());

const coverage = coverageOver(db);
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

it('a build number rules no commit out', async () => {
  await add({ release: 'shop@1.0+20261122', commit: OTHER });
  expect(await ask({ release: 'shop@1.0+20261122' })).toMatchObject({ status: 200 });
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
    { commitSha: SHA, release: null, fileCount: 1201, lineCount: 2402, format: 'lcov' },
    { commitSha: null, release: 'shop@1.4.0', fileCount: 1, name: 'lcov.info', size: 14 + '[[4,0,1],[5,1,0]]'.length },
  ]);
  expect(await coverage.list(1)).toEqual([]);
});

it('takes the same upload once: a job that runs again does not double the hits', async () => {
  const bytes = Buffer.from('SF:src/billing.py\nDA:4,3\nend_of_record\n');
  const first = await add({ commit: SHA }, bytes);
  const again = await add({ commit: SHA }, bytes);
  expect(again.id).toBe(first.id);
  expect((await ask({ commit: SHA })).lineHits).toEqual([[4, 3]]);
  const ofRelease = await add({ commit: SHA, release: 'shop@1.4.0' }, bytes);
  expect(ofRelease.id).not.toBe(first.id);
});

describe('hits', () => {
  const counting = (hits: number) => Buffer.from(`SF:src/billing.py\nDA:4,${hits}\nDA:5,0\nend_of_record\n`);
  const python = Buffer.from(
    JSON.stringify({ meta: {}, files: { 'src/billing.py': { executed_lines: [4], missing_lines: [5] } } }),
  );
  it('add up over the reports of a commit', async () => {
    await add({ commit: SHA }, counting(3));
    await add({ commit: SHA }, counting(4));
    expect((await ask({ commit: SHA })).lineHits).toEqual([
      [4, 7],
      [5, 0],
    ]);
  });
  it('are null where the tool does not count', async () => {
    await add({ commit: SHA }, python);
    expect(await ask({ commit: SHA })).toMatchObject({ status: 200, lineCoverage: LINES, lineHits: null });
  });
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

import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { FrameQuery } from '../../../../server/coverage/line-coverage.ts';
import type { CoverageReason } from '../../../../server/protocol/contract.ts';
import { coverageOver, temporaryDatabase } from './harness.ts';

const SHA = '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const OTHER = '0000000c9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
const opened = await temporaryDatabase();
const { db } = opened;
afterAll(() => opened[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.deleteFrom('coverageReport').execute();
  await db.deleteFrom('release').execute();
});

const coverage = coverageOver(db);
const lcov = (...files: string[]) =>
  Buffer.from(files.map((path) => `SF:${path}\nDA:4,1\nDA:5,0\nend_of_record\n`).join(''));
const FILE = lcov('src/billing.py');
type Of = { release?: string; commit?: string; projectId?: number };
const add = ({ projectId = 2, ...of }: Of, bytes: Uint8Array = FILE) =>
  coverage.add({ projectId, bytes, name: 'lcov.info', ...of });
const ask = (query: Partial<FrameQuery>) =>
  coverage.forFrame({ projectId: 2, release: 'shop@1.4.0', filename: 'src/billing.py', lineNo: 5, ...query });
const RELEASE = { release: 'shop@1.4.0' };
const UPLOAD = '`stackmend coverage upload <report> --project default';

type Case = [CoverageReason, string, [Of, Uint8Array?][], Partial<FrameQuery>, object, string[]];
test.each<Case>([
  [
    'no_report',
    'another project has the only one',
    [[{ ...RELEASE, projectId: 1 }]],
    {},
    { status: 404 },
    ['No coverage report was uploaded for this project', `${UPLOAD} --release shop@1.4.0\``],
  ],
  [
    'no_release',
    'the event names none',
    [[RELEASE]],
    { release: null },
    { status: 400, release: 'shop@1.4.0' },
    ['The event names no release', 'Set the release in the options of the SDK', `${UPLOAD} --release <release>\``],
  ],
  [
    'no_report_for_release',
    'the newest is of another',
    [[{ release: 'shop@1.3.0' }]],
    {},
    { status: 400, release: 'shop@1.3.0' },
    ['for release shop@1.4.0; the newest is of release shop@1.3.0', `${UPLOAD} --release shop@1.4.0\``],
  ],
  [
    'several_commits',
    'the release was built twice',
    [[{ ...RELEASE, commit: SHA }], [{ ...RELEASE, commit: OTHER }]],
    {},
    { status: 400, release: 'shop@1.4.0' },
    ['several commits (0000000c9e0a, 4f2b8c1d9e0a)', 'Give each build a release of its own'],
  ],
  [
    'commit_differs',
    'the release has the same name, and was built again',
    [[{ ...RELEASE, commit: OTHER }]],
    { commit: SHA },
    { status: 400, commit: OTHER, eventCommit: SHA },
    [
      'The event is of commit 4f2b8c1d9e0a, the coverage report of 0000000c9e0a.',
      'With a code mapping to a checkout',
      `${UPLOAD} --commit ${SHA}\``,
    ],
  ],
  [
    'no_file_matches',
    'the file is called otherwise',
    [[RELEASE, lcov('src/biling.py', 'src/models.py', 'src/bill.py', 'src/views.py')]],
    {},
    { status: 400, candidates: ['src/biling.py', 'src/bill.py', expect.any(String)] },
    ['No file of the coverage report ends in src/billing.py.', `${UPLOAD} --release shop@1.4.0\``, 'code mapping'],
  ],
  [
    'no_file_matches',
    'a bundler wrote it',
    [[RELEASE]],
    { filename: 'https://shop.example/assets/index-BQ3xZk9_.js' },
    { status: 400 },
    ['upload its source maps'],
  ],
  [
    'two_files_match',
    'both end alike',
    [[RELEASE, lcov('a/src/billing.py', 'b/src/billing.py')]],
    {},
    { status: 400, candidates: ['a/src/billing.py', 'b/src/billing.py'] },
    ['2 files of the coverage report end in src/billing.py', 'A code mapping in the settings'],
  ],
  [
    'file_without_lines',
    'the tool left it out',
    [[RELEASE, Buffer.from('SF:src/billing.py\nend_of_record\nSF:src/b.py\nDA:1,1\nend_of_record\n')]],
    {},
    { status: 400, path: 'src/billing.py' },
    ['names src/billing.py and no line of it', `${UPLOAD} --release shop@1.4.0\``],
  ],
  [
    'line_not_in_report',
    'no statement begins there',
    [[RELEASE]],
    { lineNo: 6 },
    {
      status: 200,
      lineCoverage: [
        [4, 0],
        [5, 1],
      ],
    },
    ['says nothing about line 6 of src/billing.py', 'the first has the mark'],
  ],
  [
    'no_position',
    'the frame names no file',
    [[RELEASE]],
    { filename: null },
    { status: 400 },
    ['The frame names no file', 'upload its source maps'],
  ],
])('%s: %s', async (reason, _, reports, query, expected, words) => {
  for (const [of, bytes] of reports) await add(of, bytes);
  const answer = await ask(query);
  expect(answer).toMatchObject({ reason, ...expected });
  for (const part of words) expect(answer.detail).toContain(part);
  if (answer.status !== 200) expect(answer.lineCoverage).toBeUndefined();
});

it('a line that is in the report has no reason', async () => {
  await add(RELEASE);
  expect((await ask({})).reason).toBeUndefined();
  expect((await ask({ lineNo: null })).reason).toBeUndefined();
});

describe('a command to copy', () => {
  it.each(["x'; rm -rf ~; '", '$(id)', '-rf', 'a b', '`id`', 'a\nb'])('never holds the release %j', async (release) => {
    const { detail } = await ask({ release });
    expect(detail).toContain('--release <release>`');
    expect(detail).not.toContain(release);
  });
  it('holds no commit that is none', async () => {
    await add({ commit: SHA });
    expect((await ask({ release: null, commit: 'main; id' })).detail).not.toContain('id;');
    expect((await ask({ release: null, commit: 'main; id' })).reason).toBe('no_release');
  });
});

it('a stack of which nothing matches lists the nearest files of its first frames alone', async () => {
  await add(RELEASE, lcov(...Array.from({ length: 50 }, (_, n) => `src/file${n}.py`)));
  const frames = Array.from({ length: 30 }, (_, n) => ({ filename: `lib/other${n}.py`, lineNo: 4 }));
  const lines = await coverage.forLines({ projectId: 2, ...RELEASE }, frames);
  expect(lines.map((line) => line.coverage.reason)).toEqual(frames.map(() => 'no_file_matches'));
  expect(lines.filter((line) => line.coverage.candidates?.length === 3)).toHaveLength(20);
});

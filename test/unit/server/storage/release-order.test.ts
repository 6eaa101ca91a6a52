import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { compareReleases, newestRelease } from '../../../../server/storage/release-order.ts';
import type { Database } from '../../../../server/storage/tables.ts';
import { temporaryDatabase } from '../../../integration/api/seed.ts';

/** Each is newer than the one before, in both directions. */
test.each<[string, ...[string, number][]]>([
  ['plain names, by when they were first seen', ['b', 1], ['a', 2], ['c', 3], ['d', Number.POSITIVE_INFINITY]],
  ['plain names seen at once, by name', ['a', 1], ['b', 1], ['c', 1]],
  ['versions of a package, whenever they were seen', ['shop@1.9.0', 3], ['shop@1.10.0', 2], ['shop@2.0.0', 1]],
  ['a fix of an old branch', ['shop@1.0.1', 9], ['shop@2.0.0', 1]],
  ['versions of two packages, by when they were first seen', ['web@9.0.0', 1], ['shop@1.0.0', 2]],
  ['a version and a later name, by when they were first seen', ['shop@9.0.0', 1], ['8a6f3b2', 2]],
  ['a name and a later version, by when they were first seen', ['8a6f3b2', 2], ['shop@1.0.0', 3]],
  ['two numbers, which are no such version', ['shop@2.0', 1], ['shop@1.0', 2]],
  ['a version without a package', ['2.0.0', 1], ['1.0.0', 2]],
  ['a scoped package', ['@acme/shop@1.2.3', 2], ['@acme/shop@1.2.4', 1]],
  [
    'what comes before a release, as Semantic Versioning has it',
    ['a@1.0.0-alpha', 9],
    ['a@1.0.0-alpha.1', 8],
    ['a@1.0.0-alpha.beta', 7],
    ['a@1.0.0-beta', 6],
    ['a@1.0.0-beta.2', 5],
    ['a@1.0.0-beta.11', 4],
    ['a@1.0.0-rc.1', 3],
    ['a@1.0.0', 2],
  ],
  ['builds of one version, by when they were first seen', ['a@1.0.0+9', 1], ['a@1.0.0+10', 2]],
  ['numbers that no number holds', [`a@1.0.${'9'.repeat(40)}`, 2], [`a@1.0.1${'0'.repeat(40)}`, 1]],
  ['leading zeros', ['a@1.0.007', 2], ['a@1.0.8', 1]],
])('orders %s', (_, ...releases) => {
  const seen = releases.map(([version, dateCreated]) => ({ version, dateCreated }));
  for (const [index, one] of seen.entries()) {
    expect(compareReleases(one, one)).toBe(0);
    for (const other of seen.slice(index + 1)) {
      expect([one.version, other.version, Math.sign(compareReleases(one, other))]).toEqual([
        one.version,
        other.version,
        -1,
      ]);
      expect(compareReleases(other, one)).toBeGreaterThan(0);
    }
  }
});

it('takes no longer for a name that was made to take long', () => {
  const version = `a@1.0.0-${'1.'.repeat(50_000)}!`;
  const start = performance.now();
  compareReleases({ version, dateCreated: 1 }, { version: `${version}!`, dateCreated: 1 });
  expect(performance.now() - start).toBeLessThan(200);
});

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await temporaryDatabase());
});
afterAll(() => close());

test.each<[string, [string, number][], string | null]>([
  ['there is none', [], null],
  [
    'the last',
    [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ],
    'b',
  ],
  [
    'the highest version, though an old one was fixed since',
    [
      ['shop@2.0.0', 1],
      ['shop@1.0.1', 2],
    ],
    'shop@2.0.0',
  ],
  [
    'the highest version of the package that came last',
    [
      ['shop@9.0.0', 1],
      ['shop-api@1.0.0', 3],
      ['shop-api@1.1.0', 2],
    ],
    'shop-api@1.1.0',
  ],
  [
    'a name, when that came last',
    [
      ['shop@2.0.0', 1],
      ['8a6f3b2', 2],
    ],
    '8a6f3b2',
  ],
  [
    'a version beside names of the same package',
    [
      ['shop@next', 1],
      ['shop@1.0.0', 2],
      ['shopA', 1],
    ],
    'shop@1.0.0',
  ],
])('the newest release of a project: %s', async (_, releases, expected) => {
  await db.deleteFrom('release').execute();
  for (const [version, dateCreated] of releases) {
    await db.insertInto('release').values({ projectId: 2, version, commitSha: null, dateCreated }).execute();
  }
  await db.insertInto('release').values({ projectId: 1, version: 'other', commitSha: null, dateCreated: 99 }).execute();
  expect(await newestRelease(db, 2)).toBe(expected);
});

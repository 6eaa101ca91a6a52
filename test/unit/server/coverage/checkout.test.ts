import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FrameQuery } from '../../../../server/coverage/line-coverage.ts';
import type { CodeMappingRow } from '../../../../server/storage/code-mappings.ts';
import { commitAll, git, makeRepository, mapping, sourceOf, temporaryFolder, writeFiles } from '../source/checkout.ts';
import { coverageOver, temporaryDatabase } from './harness.ts';

const opened = await temporaryDatabase();
const { db } = opened;
afterAll(() => opened[Symbol.asyncDispose]());

const BILLING = 'def charge(amount):\n    if amount <= 0:\n        raise ValueError\n    return amount\n';
const LCOV = Buffer.from('SF:app/billing.py\nDA:1,1\nDA:2,4\nDA:3,0\nDA:4,4\nend_of_record\n');
const LINES = [
  [1, 0],
  [2, 0],
  [3, 1],
  [4, 0],
];

let place: ReturnType<typeof temporaryFolder>;
let repository: string;
/** Two commits: the second changes `app/billing.py` and leaves `app/cart.py` as it is. */
let commits: { first: string; second: string };
beforeEach(async () => {
  await db.deleteFrom('coverageReport').execute();
  await db.deleteFrom('release').execute();
  place = temporaryFolder();
  repository = join(place.root, 'shop');
  const { commit: first } = makeRepository(repository, { 'app/billing.py': BILLING, 'app/cart.py': 'cart = []\n' });
  writeFiles(repository, { 'app/billing.py': `import decimal\n\n${BILLING}` });
  commits = { first, second: commitAll(repository, 'second') };
});
afterEach(() => place[Symbol.dispose]());

async function withCoverage<T>(
  work: (coverage: ReturnType<typeof coverageOver>) => Promise<T>,
  mappings: CodeMappingRow[] = [mapping(repository, { stackRoot: '/srv/shop/' })],
): Promise<T> {
  using source = sourceOf(mappings, { roots: [place.root] });
  return await work(coverageOver(db, source));
}
type Coverage = ReturnType<typeof coverageOver>;
const add = (coverage: Coverage, commit: string, bytes: Uint8Array = LCOV) =>
  coverage.add({ projectId: 2, bytes, name: 'lcov.info', commit });
const ask = (coverage: Coverage, query: Partial<FrameQuery>) =>
  coverage.forFrame({ projectId: 2, filename: '/srv/shop/app/billing.py', lineNo: 3, ...query });

describe('a report of another commit', () => {
  it('is not shown for a file that changed in between, and both commits are told', async () => {
    await withCoverage(async (coverage) => {
      await add(coverage, commits.first);
      const answer = await ask(coverage, { commit: commits.second });
      expect(answer).toMatchObject({
        status: 400,
        reason: 'commit_differs',
        commit: commits.first,
        eventCommit: commits.second,
      });
      expect(answer.lineCoverage).toBeUndefined();
      expect(answer.detail).toContain(commits.first.slice(0, 12));
      expect(answer.detail).toContain(commits.second.slice(0, 12));
      expect(answer.detail).toContain('app/billing.py is another at each of them');
    });
  });

  it('is shown for a file that did not change, and says of which commit it is', async () => {
    writeFiles(repository, { 'app/cart.py': 'cart = [1]\n' });
    const third = commitAll(repository, 'third');
    await withCoverage(async (coverage) => {
      await add(coverage, commits.second);
      expect(await ask(coverage, { commit: third })).toMatchObject({
        status: 200,
        lineCoverage: LINES,
        commit: commits.second,
        sameContentAs: third,
        eventCommit: third,
      });
    });
  });

  it('is shown again when the file is changed back', async () => {
    writeFiles(repository, { 'app/billing.py': BILLING });
    const third = commitAll(repository, 'back');
    await withCoverage(async (coverage) => {
      await add(coverage, commits.first);
      await add(coverage, commits.second, Buffer.from('SF:app/billing.py\nDA:1,9\nend_of_record\n'));
      const answer = await ask(coverage, { commit: third });
      expect(answer).toMatchObject({ status: 200, lineCoverage: LINES, commit: commits.first, sameContentAs: third });
    });
  });

  it('adds nothing to one of the same commit', async () => {
    await withCoverage(async (coverage) => {
      await add(coverage, commits.second, Buffer.from('SF:app/billing.py\nDA:4,1\nend_of_record\n'));
      await add(coverage, commits.first);
      const answer = await ask(coverage, { commit: commits.second, lineNo: 4 });
      expect(answer).toMatchObject({
        status: 200,
        lineCoverage: [[4, 0]],
        commit: commits.second,
        sameContentAs: null,
      });
    });
  });

  it('stands in for a file that the report of the same commit lacks', async () => {
    writeFiles(repository, { 'app/cart.py': 'cart = [1]\n' });
    const third = commitAll(repository, 'third');
    await withCoverage(async (coverage) => {
      await add(coverage, third, Buffer.from('SF:app/cart.py\nDA:1,1\nend_of_record\n'));
      await add(coverage, commits.second);
      expect(await ask(coverage, { commit: third })).toMatchObject({ status: 200, commit: commits.second });
    });
  });

  it('is not shown where a commit is not in the checkout, and git fetch is the next step', async () => {
    await withCoverage(async (coverage) => {
      await add(coverage, commits.first);
      const unknown = '1234567890abcdef1234567890abcdef12345678';
      const answer = await ask(coverage, { commit: unknown });
      expect(answer).toMatchObject({ status: 400, reason: 'commit_differs', eventCommit: unknown });
      expect(answer.detail).toContain('git fetch');
    });
  });

  it('is not shown without a code mapping, though the paths match', async () => {
    await withCoverage(async (coverage) => {
      await add(coverage, commits.first);
      const answer = await ask(coverage, { commit: commits.second, filename: 'app/billing.py' });
      expect(answer).toMatchObject({ status: 400, reason: 'commit_differs' });
      expect(answer.detail).toContain('With a code mapping to a checkout');
    }, []);
  });

  it('that names only its release counts by the commit that the release is recorded with', async () => {
    const release = { projectId: 2, version: 'shop@1.3.0', commitSha: commits.second, dateCreated: 0 };
    await db.insertInto('release').values(release).execute();
    writeFiles(repository, { 'app/cart.py': 'cart = [1]\n' });
    const third = commitAll(repository, 'third');
    await withCoverage(async (coverage) => {
      await coverage.add({ projectId: 2, bytes: LCOV, name: 'lcov.info', release: 'shop@1.3.0' });
      const answer = await ask(coverage, { commit: third, release: 'shop@1.4.0' });
      expect(answer).toMatchObject({ status: 200, release: 'shop@1.3.0', commit: null, sameContentAs: third });
    });
  });
});

it('takes the commit of a tag that is named like the release', async () => {
  git(repository, 'tag', 'v1.4.0', commits.second);
  await withCoverage(async (coverage) => {
    await add(coverage, commits.second);
    const answer = await ask(coverage, { release: 'v1.4.0' });
    expect(answer).toMatchObject({ status: 200, eventCommit: commits.second, sameContentAs: null });
  });
});

it('shows a release of several commits where the file is the same at each', async () => {
  const ofRelease = (coverage: Coverage, commit: string, text: string) =>
    coverage.add({ projectId: 2, bytes: Buffer.from(text), name: 'lcov.info', release: 'nightly', commit });
  await withCoverage(async (coverage) => {
    for (const commit of [commits.first, commits.second]) {
      const text = 'SF:app/billing.py\nDA:1,1\nend_of_record\nSF:app/cart.py\nDA:1,2\nend_of_record\n';
      await ofRelease(coverage, commit, `TN:${commit}\n${text}`);
    }
    const cart = await ask(coverage, { release: 'nightly', filename: '/srv/shop/app/cart.py', lineNo: 1 });
    expect(cart).toMatchObject({ status: 200, lineHits: [[1, 4]] });
    expect(await ask(coverage, { release: 'nightly' })).toMatchObject({ status: 400, reason: 'several_commits' });
  });
});

describe('a code mapping', () => {
  const two = Buffer.from(
    ['packages/cart', 'packages/shop'].map((folder) => `SF:${folder}/src/a.py\nDA:1,1\nend_of_record\n`).join(''),
  );
  const files = { 'packages/cart/src/a.py': 'a = 1\n', 'packages/shop/src/a.py': 'b = 2\n' };
  const frame = { filename: 'src/a.py', lineNo: 1 };

  it('tells which of two files that end alike is meant', async () => {
    writeFiles(repository, files);
    const commit = commitAll(repository);
    const rows = [mapping(repository, { stackRoot: 'src/', sourceRoot: 'packages/shop/src/' })];
    await withCoverage(async (coverage) => {
      await add(coverage, commit, two);
      expect(await ask(coverage, { commit, ...frame })).toMatchObject({ status: 200, path: 'packages/shop/src/a.py' });
    }, rows);
    await withCoverage(async (coverage) => {
      expect(await ask(coverage, { commit, ...frame })).toMatchObject({ status: 400, reason: 'two_files_match' });
    }, []);
  });

  it('keeps a namesake of a file that the report lacks from being taken for it', async () => {
    writeFiles(repository, files);
    const commit = commitAll(repository);
    const rows = [mapping(repository, { stackRoot: 'src/', sourceRoot: 'packages/shop/src/' })];
    await withCoverage(async (coverage) => {
      await add(coverage, commit, Buffer.from('SF:packages/cart/src/a.py\nDA:1,1\nend_of_record\n'));
      const answer = await ask(coverage, { commit, ...frame });
      expect(answer).toMatchObject({
        status: 400,
        reason: 'no_file_matches',
        candidates: ['packages/cart/src/a.py'],
      });
      expect(answer.detail).toContain('packages/shop/src/a.py, which is what the code mapping makes of src/a.py');
    }, rows);
  });

  it('that leads to no file that git tracks is not followed: the ends of the paths decide', async () => {
    const rows = [mapping(repository, { stackRoot: '/srv/shop/', sourceRoot: 'lib/' })];
    await withCoverage(async (coverage) => {
      await add(coverage, commits.first);
      expect(await ask(coverage, { commit: commits.first })).toMatchObject({ status: 200, path: 'app/billing.py' });
    }, rows);
  });

  it("finds a file at the top among those below it: Go's module name, or where the CI had its checkout", async () => {
    writeFiles(repository, { 'a.go': 'package a\n', 'sub/a.go': 'package sub\n' });
    const commit = commitAll(repository);
    const profile = 'mode: count\nexample.com/shop/a.go:3.1,4.2 1 2\nexample.com/shop/sub/a.go:9.1,9.2 1 0\n';
    await withCoverage(async (coverage) => {
      await add(coverage, commit, Buffer.from(profile));
      const top = await ask(coverage, { commit, filename: '/srv/shop/a.go' });
      expect(top).toMatchObject({ status: 200, path: 'example.com/shop/a.go' });
      const sub = await ask(coverage, { commit, filename: '/srv/shop/sub/a.go' });
      expect(sub).toMatchObject({ status: 200, path: 'example.com/shop/sub/a.go' });
    });
  });

  describe('in a repository of packages, whose reports begin at each', () => {
    const packages = {
      'packages/cart/src/index.ts': 'a\n',
      'packages/cart/src/cart.ts': 'b\n',
      'packages/shop/src/index.ts': 'c\n',
      'packages/shop/src/shop.ts': 'd\n',
    };
    const report = (hits: number, ...paths: string[]) =>
      Buffer.from(paths.map((path) => `SF:${path}\nDA:1,${hits}\nend_of_record\n`).join(''));
    const cart = report(2, 'src/index.ts', 'src/cart.ts');
    const shop = report(9, 'src/index.ts', 'src/shop.ts');
    const rows = () => [mapping(repository, { stackRoot: '/app/' })];
    const frameOf = (folder: string) => ({ filename: `/app/packages/${folder}/src/index.ts`, lineNo: 1 });

    it('takes no report of the next package', async () => {
      writeFiles(repository, packages);
      const commit = commitAll(repository);
      await withCoverage(async (coverage) => {
        await add(coverage, commit, cart);
        expect(await ask(coverage, { commit, ...frameOf('cart') })).toMatchObject({ status: 200, lineHits: [[1, 2]] });
        expect(await ask(coverage, { commit, ...frameOf('shop') })).toMatchObject({
          status: 400,
          reason: 'no_file_matches',
          candidates: ['src/index.ts'],
        });
        await add(coverage, commit, shop);
        expect((await ask(coverage, { commit, ...frameOf('cart') })).lineHits).toEqual([[1, 2]]);
        expect((await ask(coverage, { commit, ...frameOf('shop') })).lineHits).toEqual([[1, 9]]);
      }, rows());
    });

    it('takes none of the file at the top for one of a package', async () => {
      writeFiles(repository, { ...packages, 'src/index.ts': 'top\n', 'src/cart.ts': 'top\n' });
      const commit = commitAll(repository);
      await withCoverage(async (coverage) => {
        await add(coverage, commit, cart);
        const top = await ask(coverage, { commit, filename: '/app/src/index.ts', lineNo: 1 });
        expect(top).toMatchObject({ status: 200, lineHits: [[1, 2]] });
        expect(await ask(coverage, { commit, ...frameOf('cart') })).toMatchObject({ reason: 'no_file_matches' });
      }, rows());
    });

    it('is told by the root of the upload, with or without a checkout', async () => {
      writeFiles(repository, packages);
      const commit = commitAll(repository);
      for (const mappings of [rows(), []]) {
        await withCoverage(async (coverage) => {
          const of = { projectId: 2, name: 'lcov.info', commit };
          await coverage.add({ ...of, bytes: cart, root: './packages/cart/' });
          await coverage.add({ ...of, bytes: shop, root: 'packages/shop' });
          const answer = await ask(coverage, { commit, ...frameOf('shop') });
          expect(answer).toMatchObject({ status: 200, path: 'packages/shop/src/index.ts', lineHits: [[1, 9]] });
          // A frame that does not say which is answered with neither.
          const vague = await ask(coverage, { commit, filename: 'src/index.ts', lineNo: 1 });
          const candidates = ['packages/cart/src/index.ts', 'packages/shop/src/index.ts'];
          expect(vague).toMatchObject(mappings.length > 0 ? {} : { reason: 'two_files_match', candidates });
          expect(vague.status).toBe(400);
        }, mappings);
      }
    });
  });

  it('joins the reports of machines whose checkouts lie elsewhere', async () => {
    const at = (folder: string, hits: number) =>
      Buffer.from(
        `SF:${folder}/app/billing.py\nDA:1,${hits}\nend_of_record\nSF:${folder}/app/cart.py\nDA:1,1\nend_of_record\n`,
      );
    await withCoverage(async (coverage) => {
      await add(coverage, commits.second, at('/ci/1/shop', 2));
      await add(coverage, commits.second, at('/ci/2/shop', 3));
      await add(coverage, commits.second, Buffer.from('SF:app/billing.py\nDA:1,5\nend_of_record\n'));
      expect((await ask(coverage, { commit: commits.second })).lineHits).toEqual([[1, 10]]);
    });
  });
});

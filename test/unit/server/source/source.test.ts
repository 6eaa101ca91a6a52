import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRepository, mapping, numbered, sourceOf, temporaryFolder } from './checkout.ts';

it('reads the lines around one at the commit of the release', async () => {
  using here = temporaryFolder();
  const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'src/billing.py': numbered(20) });
  using source = sourceOf([mapping(folder, { stackRoot: '/srv/app', sourceRoot: 'src' })], {
    roots: [here.root],
    commits: { 'shop@1.4.0': commit },
  });
  const file = await source.fileOf({ projectId: 2, release: 'shop@1.4.0', absPath: '/srv/app/billing.py' });
  expect(file).toMatchObject({
    reason: null,
    path: 'src/billing.py',
    absPath: join(folder, 'src/billing.py'),
    commit,
    commitFrom: 'release',
  });
  if (file.reason !== null) return;
  const lines = await source.linesOf(file, 9);
  expect(lines).toEqual({
    reason: null,
    context: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((line) => [line, `line ${line}`]),
  });
});

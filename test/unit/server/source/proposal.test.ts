import { join } from 'node:path';
import { afterAll, expect, it, test } from 'vitest';
import { makeRepository, mapping, sourceOf, temporaryFolder } from './checkout.ts';

const here = temporaryFolder();
const { folder, commit } = makeRepository(join(here.root, 'shop'), {
  'src/app/billing.py': 'x\n',
  'examples/deep/app/billing.py': 'x\n',
  'web/src/cart.ts': 'x\n',
  'jvm/src/main/java/com/acme/Pay.java': 'x\n',
  'net/Shop/Cart.cs': 'x\n',
  'manage.py': 'x\n',
  'linked.ts': { link: 'web/src/cart.ts' },
});
const source = sourceOf([], { roots: [here.root] });
afterAll(() => {
  source.close();
  here[Symbol.dispose]();
});

test.each<[string, string, string, string, { module?: string; platform?: string }]>([
  ['/srv/code/src/app/billing.py', '/srv/code/', '', 'src/app/billing.py', {}],
  ['/opt/app/billing.py', '/opt/', 'src', 'src/app/billing.py', {}],
  ['app/billing.py', '', 'src', 'src/app/billing.py', {}],
  ['/usr/manage.py', '/usr/', '', 'manage.py', {}],
  ['webpack://shop/./src/cart.ts?b1f2', 'webpack://shop/./', 'web', 'web/src/cart.ts', {}],
  ['app:///src/cart.ts', 'app:///', 'web', 'web/src/cart.ts', {}],
  ['D:\\a\\1\\Shop\\Cart.cs', 'D:\\a\\1\\', 'net', 'net/Shop/Cart.cs', {}],
  [
    'Pay.java',
    '',
    'jvm/src/main/java',
    'jvm/src/main/java/com/acme/Pay.java',
    { module: 'com.acme.Pay$1', platform: 'java' },
  ],
])('proposes the roots for %j, and they lead to the file', async (absPath, stackRoot, sourceRoot, path, more) => {
  const proposed = await source.proposeMapping(folder, { absPath, ...more });
  expect(proposed).toMatchObject({ stackRoot, sourceRoot, path });
  using mapped = sourceOf([mapping(folder, { stackRoot, sourceRoot })], { roots: [here.root] });
  expect(await mapped.fileOf({ projectId: 2, commit, absPath, ...more })).toMatchObject({ reason: null, path });
});

it('lists all files that end alike, that nearest to the top first', async () => {
  const { candidates } = (await source.proposeMapping(folder, { absPath: '/x/app/billing.py' })) ?? {};
  expect(candidates).toEqual(['src/app/billing.py', 'examples/deep/app/billing.py']);
});

it('proposes nothing for what git does not track, or is a link', async () => {
  for (const absPath of ['/srv/unknown.py', '/srv/linked.ts', '/srv/illing.py', '', '/']) {
    expect(await source.proposeMapping(folder, { absPath })).toBeNull();
  }
});

it('checks the folder of a mapping', async () => {
  const check = (sourceRoot: string) => source.checkMapping({ repositoryPath: folder, sourceRoot });
  for (const root of ['', 'src', 'src/app', 'web/src/']) await expect(check(root)).resolves.toBeUndefined();
  for (const root of ['sr', 'src/ap', 'manage.py', '../shop', 'src/../..']) {
    await expect(check(root)).rejects.toThrow(/has no folder .* At its top it has .*src/);
  }
});

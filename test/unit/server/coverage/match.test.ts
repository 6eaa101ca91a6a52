import { describe, expect, it, test } from 'vitest';
import { editDistance, indexReport, matchFile } from '../../../../server/coverage/match.ts';
import { type FrameFile, segmentsOf } from '../../../../server/source/paths.ts';

const match = (paths: string[], frame: FrameFile) => matchFile(indexReport(paths), frame);
const REPO = ['src/app/billing.py', 'src/app/models.py', 'tests/billing.py', 'manage.py'];

test.each<[string, string[], FrameFile, string]>([
  ['the same path', REPO, { filename: 'src/app/billing.py' }, 'src/app/billing.py'],
  ['a frame with a longer root', REPO, { absPath: '/srv/shop/src/app/billing.py' }, 'src/app/billing.py'],
  ['a frame with a shorter path', REPO, { filename: 'app/billing.py' }, 'src/app/billing.py'],
  ['the longest common end', REPO, { absPath: '/srv/tests/billing.py', filename: 'billing.py' }, 'tests/billing.py'],
  ['a file at the top', REPO, { absPath: '/srv/manage.py', filename: 'manage.py' }, 'manage.py'],
  [
    'an absolute report',
    ['/ci/w/shop/src/a.ts', '/ci/w/shop/lib/b.ts'],
    { filename: 'src/a.ts' },
    '/ci/w/shop/src/a.ts',
  ],
  [
    'two absolute paths that differ in the root alone',
    ['/ci/w/shop/src/a.ts', '/ci/w/shop/lib/b.ts'],
    { absPath: '/srv/app/src/a.ts', filename: '/srv/app/src/a.ts' },
    '/ci/w/shop/src/a.ts',
  ],
  ['a Windows frame', ['src/Shop/Cart.cs'], { absPath: 'D:\\a\\1\\s\\src\\Shop\\Cart.cs' }, 'src/Shop/Cart.cs'],
  ['a Windows report', ['C:/agent/src/Shop/Cart.cs'], { filename: 'src\\Shop\\Cart.cs' }, 'C:/agent/src/Shop/Cart.cs'],
  ['letter case, when nothing else fits', ['src/shop/cart.cs'], { filename: 'Shop\\Cart.cs' }, 'src/shop/cart.cs'],
  ['letter case, when it decides', ['a/File.c', 'a/file.c'], { filename: 'a/file.c' }, 'a/file.c'],
  ['webpack', ['src/cart.ts'], { absPath: 'webpack:///./src/cart.ts?1f2e' }, 'src/cart.ts'],
  ['webpack with a project', ['src/cart.ts'], { absPath: 'webpack://shop/./src/cart.ts' }, 'src/cart.ts'],
  ['Next.js', ['src/cart.ts'], { absPath: 'webpack-internal:///(app-pages-browser)/./src/cart.ts' }, 'src/cart.ts'],
  ['app:///', ['dist/main.js'], { absPath: 'app:///dist/main.js' }, 'dist/main.js'],
  ['a URL', ['static/main.js'], { absPath: 'https://shop.example/static/main.js?v=3#x' }, 'static/main.js'],
  ['~/', ['static/main.js'], { filename: '~/static/main.js' }, 'static/main.js'],
  ['./', ['src/a.js'], { filename: './src/a.js' }, 'src/a.js'],
  ['file:///', ['src/a.js'], { absPath: 'file:///C:/w/src/a.js' }, 'src/a.js'],
  [
    'a Java class by its package',
    ['com/acme/pay/Billing.java', 'com/acme/web/Billing.java'],
    { filename: 'Billing.java', module: 'com.acme.pay.Billing$Charge', platform: 'java' },
    'com/acme/pay/Billing.java',
  ],
  [
    'a Go file by its package',
    ['github.com/acme/shop/db/open.go', 'github.com/acme/shop/web/open.go'],
    { absPath: '/build/db/open.go', module: 'github.com/acme/shop/db', platform: 'go' },
    'github.com/acme/shop/db/open.go',
  ],
  [
    'a library that the report covers itself',
    ['node_modules/left-pad/index.js', 'index.js'],
    { absPath: '/srv/node_modules/left-pad/index.js' },
    'node_modules/left-pad/index.js',
  ],
])('finds %s', (_, paths, frame, path) => expect(match(paths, frame)).toEqual({ kind: 'one', path }));

test.each<[string, string[], FrameFile, string[]]>([
  ['a bare name that two have', REPO, { filename: 'billing.py' }, ['src/app/billing.py', 'tests/billing.py']],
  ['a common end of two', ['a/x/i.ts', 'b/x/i.ts', 'i.ts'], { filename: 'x/i.ts' }, ['a/x/i.ts', 'b/x/i.ts']],
])('reports a draw: %s', (_, paths, frame, several) =>
  expect(match(paths, frame)).toEqual({ kind: 'several', paths: several }),
);

test.each<[string, string[], FrameFile, string[]]>([
  ['segments count whole', ['pp/billing.py'], { filename: 'app/billing.py' }, ['pp/billing.py']],
  [
    'the nearest name',
    REPO,
    { filename: 'src/app/biling.py' },
    ['src/app/billing.py', 'tests/billing.py', 'src/app/models.py'],
  ],
  [
    'a library frame is not the file of that name',
    ['utils.py'],
    { absPath: '/v/site-packages/django/utils.py' },
    ['utils.py'],
  ],
  [
    'a folder below the root that differs',
    ['/ci/packages/web/src/i.ts', '/ci/packages/lib/src/x.ts'],
    { absPath: '/srv/packages/api/src/i.ts' },
    ['/ci/packages/web/src/i.ts', '/ci/packages/lib/src/x.ts'],
  ],
  [
    'a Java class of another package',
    ['com/acme/web/Billing.java'],
    { filename: 'Billing.java', module: 'com.acme.pay.Billing', platform: 'java' },
    ['com/acme/web/Billing.java'],
  ],
])('finds none and names the nearest: %s', (_, paths, frame, nearest) => {
  expect(match(paths, frame)).toEqual({ kind: 'none', nearest });
});

it('says of a frame without a file that none matches', () => {
  expect(match(REPO, { filename: null, absPath: '' }).kind).toBe('none');
});

describe('a report of 10,000 files', () => {
  const paths = Array.from({ length: 10_000 }, (_, n) => `/ci/repo/packages/p${n % 50}/src/module-${n}/part-${n}.tsx`);
  const index = indexReport(paths);
  it('is searched in well under a frame of the page', () => {
    const started = performance.now();
    for (let n = 0; n < 1000; n += 1) {
      const path = `/srv/packages/p${n % 50}/src/module-${n}/part-${n}.tsx`;
      expect(matchFile(index, { absPath: path })).toMatchObject({ kind: 'one', path: paths[n] });
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
  it('gives the nearest names, also for a path made to be slow', () => {
    const started = performance.now();
    expect(matchFile(index, { filename: 'src/module-777/prt-777.tsx' })).toMatchObject({
      kind: 'none',
      nearest: [paths[777], expect.any(String), expect.any(String)],
    });
    expect(matchFile(index, { filename: '?/'.repeat(300_000), absPath: `${'x'.repeat(500_000)}?` }).kind).toBe('none');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('a path leaves neither its own root', () => {
  expect(segmentsOf('webpack:///../../shared/util.ts')).toEqual(['shared', 'util.ts']);
  expect(segmentsOf('/a/b/../c.ts')).toEqual(['a', 'c.ts']);
});

test.each([
  ['', '', 0],
  ['kitten', 'sitting', 3],
  ['billing.py', 'biling.py', 1],
  ['a', '', 1],
])('edit distance of %j and %j is %i', (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

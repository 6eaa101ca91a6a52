import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { FrameFile } from '../../../../server/source/paths.ts';
import {
  commitAll,
  git,
  makeRepository,
  mapping,
  numbered,
  sourceOf,
  temporaryFolder,
  writeFiles,
} from './checkout.ts';

const P = { projectId: 2 };

it('reads the lines around one at the commit of the release, whatever is checked out', async () => {
  using here = temporaryFolder();
  const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'src/billing.py': numbered(20) });
  writeFiles(folder, { 'src/billing.py': 'another\n' });
  commitAll(folder);
  writeFiles(folder, { 'src/billing.py': 'not committed\n' });
  using source = sourceOf([mapping(folder, { stackRoot: '/srv/app', sourceRoot: 'src' })], {
    roots: [here.root],
    commits: { 'shop@1.4.0': commit },
  });
  const file = await source.fileOf({ ...P, release: 'shop@1.4.0', absPath: '/srv/app/billing.py' });
  const absPath = join(folder, 'src/billing.py');
  expect(file).toMatchObject({ reason: null, path: 'src/billing.py', absPath, commit, commitFrom: 'release' });
  if (file.reason !== null) return;
  const lines = (from: number, to: number) =>
    numbered(to, from)
      .trim()
      .split('\n')
      .map((text, index) => [from + index, text]);
  expect(await source.linesOf(file, 9)).toEqual({ reason: null, context: lines(4, 14) });
  expect(await source.linesOf(file, 1)).toEqual({ reason: null, context: lines(1, 6) });
  expect(await source.linesOf(file, 20)).toEqual({ reason: null, context: lines(15, 20) });
  expect(await source.linesOf(file, 9, { around: 100 })).toEqual({ reason: null, context: lines(1, 20) });
  expect(await source.linesOf(file, 9, { around: 0 })).toEqual({ reason: null, context: lines(9, 9) });
  for (const line of [0, 21]) {
    expect(await source.linesOf(file, line)).toMatchObject({
      reason: 'line_not_found',
      detail: expect.stringContaining(`line ${line} `),
    });
  }
});

describe('a frame', () => {
  const FILES = [
    'src/app/billing.py',
    'web/src/cart.ts',
    'web/src/café.ts',
    'web/src/100%.ts',
    'jvm/com/acme/pay/Billing.java',
    'net/Shop/Cart.cs',
    'go/db/open.go',
  ];
  test.each<[string, string, string, FrameFile, string]>([
    ['by its name', '', '', { filename: 'src/app/billing.py' }, 'src/app/billing.py'],
    ['by the path of the machine', '/usr/src', 'src', { absPath: '/usr/src/app/billing.py' }, 'src/app/billing.py'],
    ['by a root with a slash', '/usr/src/', 'src/', { absPath: '/usr/src/app/billing.py' }, 'src/app/billing.py'],
    [
      'by a relative root',
      'app',
      'src/app',
      { filename: 'app/billing.py', absPath: '/x/app/billing.py' },
      'src/app/billing.py',
    ],
    [
      'of webpack',
      'webpack://shop/./src',
      'web/src',
      { absPath: 'webpack://shop/./src/cart.ts?b1f2' },
      'web/src/cart.ts',
    ],
    ['of webpack, with .', './', 'web', { filename: './src/cart.ts' }, 'web/src/cart.ts'],
    [
      'of webpack, from above',
      'webpack://shop/../lib',
      'web',
      { absPath: 'webpack://shop/../lib/src/cart.ts' },
      'web/src/cart.ts',
    ],
    ['of app://', 'app:///', 'web', { filename: 'app:///src/cart.ts' }, 'web/src/cart.ts'],
    [
      'of a page',
      'https://shop.example/static',
      'web',
      { absPath: 'https://shop.example/static/src/cart.ts#x' },
      'web/src/cart.ts',
    ],
    ['of file://', 'file:///srv/web', 'web', { absPath: 'file:///srv/web/src/cart.ts' }, 'web/src/cart.ts'],
    [
      'of file://, encoded',
      '/srv/my web',
      'web',
      { absPath: 'file:///srv/my%20web/src/caf%C3%A9.ts' },
      'web/src/café.ts',
    ],
    [
      'of file:// of Windows, encoded',
      'file:///D:/my%20web',
      'web',
      { absPath: 'file:///D%3A/my%20web/src/cart.ts' },
      'web/src/cart.ts',
    ],
    [
      'of a name that only looks encoded',
      'file:///srv',
      'web',
      { absPath: 'file:///srv/src/100%.ts' },
      'web/src/100%.ts',
    ],
    ['of Windows', 'D:\\a\\1\\s', 'net', { absPath: 'D:\\a\\1\\s\\Shop\\Cart.cs' }, 'net/Shop/Cart.cs'],
    ['of Windows, in other letters', 'd:/A/1/s', 'net', { absPath: 'D:\\a\\1\\s\\shop\\cart.cs' }, 'net/Shop/Cart.cs'],
    [
      'of Java, by its package',
      'com/acme',
      'jvm/com/acme',
      { filename: 'Billing.java', module: 'com.acme.pay.Billing$1', platform: 'java' },
      'jvm/com/acme/pay/Billing.java',
    ],
    [
      'of Go, by its package',
      'github.com/acme/shop',
      'go',
      { absPath: '/build/db/open.go', module: 'github.com/acme/shop/db', platform: 'go' },
      'go/db/open.go',
    ],
  ])('is found %s', async (_, stackRoot, sourceRoot, frame, path) => {
    using here = temporaryFolder();
    const files = Object.fromEntries(FILES.map((name) => [name, 'x\n']));
    const { folder, commit } = makeRepository(join(here.root, 'shop'), files);
    using source = sourceOf([mapping(folder, { stackRoot, sourceRoot })], { roots: [here.root] });
    expect(await source.fileOf({ ...P, commit, ...frame })).toMatchObject({ reason: null, path });
  });

  test.each<[string, string, FrameFile]>([
    ['half of a segment', '/srv/app', { absPath: '/srv/app2/billing.py' }],
    ['another host', 'https://shop.example', { absPath: 'https://cdn.example/billing.py' }],
    ['another scheme', 'app:///', { absPath: '/billing.py' }],
    ['another case', '/srv/App', { absPath: '/srv/app/billing.py' }],
    ['the root itself', '/srv/app', { absPath: '/srv/app' }],
    ['no file', '', {}],
  ])('of %s is not below the stack root', async (_, stackRoot, frame) => {
    using source = sourceOf([mapping('/nowhere', { stackRoot })]);
    expect(await source.fileOf({ ...P, ...frame })).toMatchObject({
      reason: 'stack_root_mismatch',
      detail: expect.any(String),
    });
  });

  it('is looked for by the longest stack root, and by all that are alike', async () => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.root, 'shop'), {
      'a/x.py': 'a\n',
      'b/x.py': 'b\n',
      'c/y.py': 'c\n',
    });
    const of = (id: number, stackRoot: string, sourceRoot: string) => mapping(folder, { id, stackRoot, sourceRoot });
    const mappings = [of(1, '/srv', 'a'), of(2, '/srv/app', 'b'), of(3, '/srv/app', 'c')];
    using source = sourceOf(mappings, { roots: [here.root] });
    const pathOf = async (absPath: string) => {
      const { reason, path } = await source.fileOf({ ...P, commit, absPath });
      return [reason, path];
    };
    expect(await pathOf('/srv/x.py')).toEqual([null, 'a/x.py']);
    expect(await pathOf('/srv/app/x.py')).toEqual([null, 'b/x.py']);
    expect(await pathOf('/srv/app/y.py')).toEqual([null, 'c/y.py']);
    expect(await pathOf('/srv/app/z.py')).toEqual(['file_not_found', 'b/z.py']);
  });
});

describe('the commit', () => {
  it('comes from whoever asks, the record, the name, a tag, the surest first', async () => {
    using here = temporaryFolder();
    const { folder, commit: first } = makeRepository(join(here.root, 'shop'), { 'a.py': '1\n' });
    git(folder, 'tag', '-a', 'v1.4.0', '-m', 'annotated');
    git(folder, 'tag', 'shop@1.5.0');
    writeFiles(folder, { 'a.py': '2\n' });
    const second = commitAll(folder);
    git(folder, 'tag', '1.6.0');
    using source = sourceOf([mapping(folder)], {
      roots: [here.root],
      commits: { recorded: second.slice(0, 9), 'shop@1.4.0': second },
    });
    const found = async (release: string | null, commit?: string) => {
      const file = await source.fileOf({ ...P, release, commit, filename: 'a.py' });
      return [file.reason, file.commit, file.commitFrom];
    };
    expect(await found('recorded')).toEqual([null, second, 'release']);
    expect(await found('recorded', first)).toEqual([null, first, 'query']);
    expect(await found('recorded', second.slice(0, 9))).toEqual([null, second, 'release']);
    expect(await found(first)).toEqual([null, first, 'release_name']);
    expect(await found(`shop@2.0+${first.slice(0, 12)}`)).toEqual([null, first, 'release_name']);
    expect(await found('shop@1.4.0')).toEqual([null, second, 'release']);
    expect(await found('1.4.0')).toEqual([null, first, 'tag']);
    expect(await found('v1.4.0')).toEqual([null, first, 'tag']);
    expect(await found('other@1.4.0')).toEqual([null, first, 'tag']);
    expect(await found('shop@1.5.0')).toEqual([null, first, 'tag']);
    expect(await found('1.6.0')).toEqual([null, second, 'tag']);
    // Digits that may be a date: no commit is called so, and it may be a tag all the same.
    expect(await found('shop@20261122')).toEqual(['no_commit', undefined, undefined]);
    expect(await found('9.9.9')).toEqual(['no_commit', undefined, undefined]);
    expect(await found('other@1.4.0', 'f'.repeat(40))).toEqual(['commit_unknown', 'f'.repeat(40), 'query']);
  });

  it('that is not known leaves the file to the editor, and says what to do', async () => {
    using here = temporaryFolder();
    const { folder } = makeRepository(join(here.root, 'shop'), { 'a.py': '1\n', 'token.key': 'x' });
    using source = sourceOf([mapping(folder)], { roots: [here.root] });
    const unnamed = await source.fileOf({ ...P, filename: 'a.py' });
    expect(unnamed).toMatchObject({
      reason: 'no_commit',
      absPath: join(folder, 'a.py'),
      detail: expect.stringContaining('no release'),
    });
    const named = await source.fileOf({ ...P, release: '1.0', filename: 'a.py' });
    expect(named).toMatchObject({
      reason: 'no_commit',
      detail: expect.stringMatching(/sentry-cli releases set-commits.*--commit/),
    });
    expect(await source.fileOf({ ...P, release: '1.0', filename: 'gone.py' })).toMatchObject({
      reason: 'no_commit',
      absPath: null,
    });
    expect(await source.fileOf({ ...P, release: '1.0', filename: 'token.key' })).toMatchObject({
      reason: 'file_refused',
    });
  });

  it('of a shallow clone may be missing', async () => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.folder, 'origin'), { 'a.py': '1\n' });
    writeFiles(folder, { 'a.py': '2\n' });
    const head = commitAll(folder);
    git(here.root, 'clone', '-q', '--depth', '1', `file://${folder}`, 'shop');
    using source = sourceOf([mapping(join(here.root, 'shop'))], { roots: [here.root] });
    expect(await source.fileOf({ ...P, commit, filename: 'a.py' })).toMatchObject({
      reason: 'commit_unknown',
      detail: expect.stringContaining('git fetch --unshallow'),
    });
    expect(await source.fileOf({ ...P, commit: head, filename: 'a.py' })).toMatchObject({ reason: null });
    // What is fetched meanwhile is found.
    git(join(here.root, 'shop'), 'fetch', '-q', '--unshallow');
    expect(await source.fileOf({ ...P, commit, filename: 'a.py' })).toMatchObject({ reason: null, commit });
  });
});

describe('a repository', () => {
  it('may be bare, or one of several working trees', async () => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'a.py': 'x\n' });
    git(here.root, 'clone', '-q', '--bare', folder, 'bare.git');
    git(folder, 'worktree', 'add', '-q', join(here.root, 'tree'), '-b', 'other');
    for (const [name, absPath] of [
      ['bare.git', null],
      ['tree', join(here.root, 'tree', 'a.py')],
    ] as const) {
      using source = sourceOf([mapping(join(here.root, name))], { roots: [here.root] });
      const file = await source.fileOf({ ...P, commit, filename: 'a.py' });
      expect(file).toMatchObject({ reason: null, absPath });
      if (file.reason === null) expect(await source.linesOf(file, 1)).toEqual({ reason: null, context: [[1, 'x']] });
    }
  });

  it('may have hashes of SHA-256', async () => {
    using here = temporaryFolder();
    git(here.root, 'init', '-q', '--object-format=sha256', 'long');
    writeFiles(join(here.root, 'long'), { 'a.py': 'x\n' });
    const commit = commitAll(join(here.root, 'long'));
    using source = sourceOf([mapping(join(here.root, 'long'))], { roots: [here.root] });
    const file = await source.fileOf({ ...P, commit, filename: 'a.py' });
    expect(commit).toHaveLength(64);
    if (file.reason === null) expect(await source.linesOf(file, 1)).toEqual({ reason: null, context: [[1, 'x']] });
    expect(file).toMatchObject({ reason: null, commit });
  });

  it('that is gone, empty or broken says so', async () => {
    using here = temporaryFolder();
    mkdirSync(join(here.root, 'plain'));
    git(here.root, 'init', '-q', 'empty');
    const { folder, commit } = makeRepository(join(here.root, 'broken'), { 'a.py': 'x\n' });
    writeFileSync(join(folder, '.git', 'config'), '[core\n');
    const reasonOf = async (name: string) => {
      using source = sourceOf([mapping(join(here.root, name))], { roots: [here.root] });
      const { reason, ...rest } = await source.fileOf({ ...P, commit, filename: 'a.py' });
      return [reason, 'detail' in rest ? rest.detail : ''];
    };
    expect(await reasonOf('gone')).toEqual([
      'repository_unreadable',
      expect.stringContaining('there is no such folder'),
    ]);
    expect(await reasonOf('plain')).toEqual(['repository_unreadable', expect.stringContaining('no git repository')]);
    expect(await reasonOf('empty')).toEqual(['commit_unknown', expect.any(String)]);
    expect(await reasonOf('broken')).toEqual(['repository_unreadable', expect.any(String)]);
    rmSync(join(folder, '.git', 'objects'), { recursive: true });
    expect(await reasonOf('broken')).toEqual(['repository_unreadable', expect.stringContaining('git fsck')]);
  });

  it('cannot be read without git, and says so', async () => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'a.py': 'x\n' });
    // A git that is not on the PATH, in a folder that a relative entry would mean.
    for (const searchPath of [here.folder, '', '.:']) {
      using source = sourceOf([mapping(folder)], { roots: [here.root], searchPath });
      const found = await source.fileOf({ ...P, commit, filename: 'a.py' });
      expect(found).toMatchObject({
        reason: 'repository_unreadable',
        detail: expect.stringContaining('Git is not installed'),
      });
      expect(await source.problemOf(mapping(folder))).toContain('Git is not installed');
      // Where links lead is known all the same, when it is set.
      const withUrl = mapping(folder, { repositoryUrl: 'https://github.com/acme/shop' });
      expect(await source.urlOf(withUrl, 'a.py', commit)).toBe(`https://github.com/acme/shop/blob/${commit}/a.py`);
      expect(await source.urlOf(mapping(folder), 'a.py', commit)).toBeNull();
    }
  });

  it('is not read while no root is named', async () => {
    using source = sourceOf([mapping('/srv/shop')]);
    const found = await source.fileOf({ ...P, commit: 'a'.repeat(40), filename: 'a.py' });
    expect(found).toMatchObject({ reason: 'repository_unreadable', detail: expect.stringContaining('`source.roots`') });
  });

  it('of another project is not looked into', async () => {
    using source = sourceOf([mapping('/srv/shop')]);
    expect(await source.fileOf({ projectId: 3, filename: 'a.py' })).toMatchObject({ reason: 'no_code_mapping' });
  });
});

describe('a file', () => {
  const textOf = async (content: Uint8Array | string) => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'a.py': content });
    using source = sourceOf([mapping(folder)], { roots: [here.root] });
    const file = await source.fileOf({ ...P, commit, filename: 'a.py' });
    if (file.reason !== null) throw new Error(file.detail);
    const lines = await source.linesOf(file, 1, { around: 1 });
    // The next question is answered too, by another process where the last one was ended.
    expect(await source.fileOf({ ...P, commit: commit.slice(0, 10), filename: 'a.py' })).toMatchObject({
      reason: null,
    });
    return lines;
  };
  test.each<[string, Uint8Array | string, [number, string][]]>([
    [
      'UTF-8',
      'größe\nb',
      [
        [1, 'größe'],
        [2, 'b'],
      ],
    ],
    ['UTF-8 with a mark', '\uFEFFa\n', [[1, 'a']]],
    [
      'Windows lines',
      'a\r\nb\r\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['the old Windows characters', Uint8Array.from([0x67, 0xf6, 0x0a]), [[1, 'gö']]],
    ['UTF-16', Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x0a, 0]), [[1, 'a']]],
    ['a very long line', 'x'.repeat(5000), [[1, 'x'.repeat(2000)]]],
    [
      '2 MiB',
      `a\n${'b'.repeat(2 * 1024 * 1024 - 2)}`,
      [
        [1, 'a'],
        [2, 'b'.repeat(2000)],
      ],
    ],
  ])('in %s is read', async (_, content, context) => expect(await textOf(content)).toEqual({ reason: null, context }));

  test.each<[string, Uint8Array | string, RegExp]>([
    ['binary', Uint8Array.from([0x7f, 0x45, 0, 1]), /no text/],
    ['larger than 2 MiB', 'a'.repeat(2 * 1024 * 1024 + 1), /larger than 2 MiB/],
    ['kept elsewhere', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n', /no text/],
  ])('that is %s is not shown', async (_, content, detail) =>
    expect(await textOf(content)).toMatchObject({ reason: 'not_a_source_file', detail: expect.stringMatching(detail) }),
  );

  it('that is empty has no line', async () => expect(await textOf('')).toMatchObject({ reason: 'line_not_found' }));

  it('has the same id where it is the same', async () => {
    using here = temporaryFolder();
    const { folder, commit } = makeRepository(join(here.root, 'shop'), {
      'a.py': '1\n',
      'b.py': '1\n',
      link: { link: 'a.py' },
    });
    writeFiles(folder, { 'b.py': '2\n' });
    const next = commitAll(folder);
    using source = sourceOf([mapping(folder)], { roots: [here.root] });
    const at = (sha: string, path: string) => source.blobAt(mapping(folder), sha, path);
    expect(await at(commit, 'a.py')).toBe(await at(next.slice(0, 8), 'a.py'));
    expect(await at(commit, 'a.py')).toMatch(/^[0-9a-f]{40}$/);
    expect(await at(commit, 'b.py')).not.toBe(await at(next, 'b.py'));
    expect(await at('f'.repeat(40), 'a.py')).toBeNull();
    expect(await at(commit, '../a.py')).toBeNull();
    expect(await source.blobAt(mapping('/elsewhere'), commit, 'a.py')).toBeNull();
  });
});

it('answers fifty frames of a large repository with one list of its files', { timeout: 120_000 }, async () => {
  using here = temporaryFolder();
  const files = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`src/${n % 200}/file-${n}.py`, `line of ${n % 50}\n`]),
  );
  const { folder, commit } = makeRepository(join(here.root, 'large'), files);
  // Counts what is run, in the place of git.
  const bin = join(here.folder, 'bin');
  const log = join(here.folder, 'log');
  const real = (process.env['PATH'] ?? '').split(':').map((path) => join(path, 'git'));
  mkdirSync(bin);
  const body = `#!/bin/sh\nPATH=${process.env['PATH']}\nprintf '%s\\n' "$*" >> ${log}\nfor git in ${real.join(' ')}; do [ -x "$git" ] && exec "$git" "$@"; done\n`;
  writeFileSync(join(bin, 'git'), body, { mode: 0o755 });
  using source = sourceOf([mapping(folder)], { roots: [here.root], searchPath: bin });
  const ask = async (n: number) => {
    const file = await source.fileOf({ ...P, commit, filename: `src/${n % 200}/file-${n}.py` });
    return file.reason === null ? source.linesOf(file, 1) : file;
  };
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n * 397)));
  expect(answers).toEqual(
    Array.from({ length: 50 }, (_, n) => ({ reason: null, context: [[1, `line of ${(n * 397) % 50}`]] })),
  );
  const { readFileSync } = await import('node:fs');
  const runs = readFileSync(log, 'utf8').trim().split('\n');
  expect(runs.filter((run) => run.includes('ls-tree'))).toHaveLength(1);
  expect(runs.filter((run) => run.includes('cat-file'))).toHaveLength(1);
  expect(runs).toHaveLength(2);
});

it('takes of a search that finds no end what was found so far', async () => {
  using here = temporaryFolder();
  const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'a.py': 'line\n' });
  const bin = join(here.folder, 'bin');
  mkdirSync(bin);
  const endless = `BEGIN { while (1) printf "%s:a.py%c1%cline\\n", "${commit}", 0, 0 }`;
  const real = git(folder, '-c', 'alias.where=!command -v git', 'where');
  const body = `#!/bin/sh\nPATH=${process.env['PATH']}\ncase "$*" in *" grep "*) exec awk '${endless}';; esac\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, 'git'), body, { mode: 0o755 });
  using source = sourceOf([mapping(folder)], { roots: [here.root], searchPath: bin });
  const [checkout] = (await source.commitsOf({ ...P, commit })).checkouts;
  const mentions = await checkout?.mentions(['line']);
  expect(mentions?.length).toBeGreaterThan(1000);
  expect(new Set(mentions?.map((mention) => JSON.stringify(mention)))).toEqual(
    new Set([JSON.stringify({ path: 'a.py', line: 1, word: 'line' })]),
  );
});

it('reads on when its process of git was ended by another', async () => {
  using here = temporaryFolder();
  const { folder, commit } = makeRepository(join(here.root, 'shop'), { 'a.py': 'x\n' });
  const bin = join(here.folder, 'bin');
  mkdirSync(bin);
  // Answers once and goes.
  const real = git(folder, '--exec-path');
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh\ncase "$*" in *cat-file*) head -n 1 | ${real}/git "$@";; *) exec ${real}/git "$@";; esac\n`,
    { mode: 0o755 },
  );
  for (const tool of ['head', 'sh'])
    symlinkSync(git(folder, '-c', `alias.where=!command -v ${tool}`, 'where'), join(bin, tool));
  using source = sourceOf([mapping(folder)], { roots: [here.root], searchPath: bin });
  for (let asked = 0; asked < 5; asked += 1) {
    const file = await source.fileOf({ ...P, commit: commit.slice(0, 10 + asked), filename: 'a.py' });
    expect(file).toMatchObject({ reason: null });
    if (file.reason === null) expect(await source.linesOf(file, 1)).toMatchObject({ reason: null });
  }
});

/** Tries at reading what is not the checkout's, or is nobody's business, with a repository that helps as much as it can. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { FrameFile } from '../../../../server/source/paths.ts';
import { findRepository } from '../../../../server/source/repository.ts';
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

const SECRET = 'the secret of the machine';
const here = temporaryFolder();
const folder = join(here.root, 'shop');
/** All that is in the tree, plain or not. */
const WEIRD = ['--output=x', '-x', 'HEAD', 'a\nb.py', 'a\\b.py', 'back\\..\\slash.py', ' ', '$(id).py', 'main:a.py'];
let commit = '';
let source: ReturnType<typeof sourceOf>;

beforeAll(() => {
  writeFileSync(join(here.folder, 'secret.py'), SECRET);
  makeRepository(join(here.folder, 'other'), { 'x.py': SECRET });
  makeRepository(folder, {
    'src/a.py': numbered(20),
    '.env': SECRET,
    'src/.env.local': SECRET,
    'src/linked.py': { link: join(here.folder, 'secret.py') },
    'src/inner.py': { link: 'a.py' },
    'src/outside': { link: here.folder },
    ...Object.fromEntries(WEIRD.map((name) => [name, 'a line\n'])),
  });
  git(folder, 'submodule', 'add', '-q', join(here.folder, 'other'), 'lib');
  commit = commitAll(folder);
  // Not of the commit, but there on the disk.
  writeFiles(folder, { 'src/untracked.py': SECRET, 'src/ignored/key.py': SECRET });
  source = sourceOf([mapping(folder)], { roots: [here.root], commits: { good: commit }, deny: ['*.secret.py'] });
});
afterAll(() => {
  source.close();
  here[Symbol.dispose]();
});

/** What is told of a frame, with its lines: all that could leave the checkout. */
async function tell(frame: FrameFile, release = 'good'): Promise<{ reason: string | null; told: string }> {
  const file = await source.fileOf({ projectId: 2, release, ...frame });
  const lines = file.reason === null ? await source.linesOf(file, 1) : null;
  return { reason: lines?.reason ?? file.reason, told: JSON.stringify([file, lines]) };
}

describe('a path', () => {
  const up = '../'.repeat(12);
  test.each<[string, string, string]>([
    ['above the top', `${up}etc/passwd`, 'stack_root_mismatch'],
    ['above the top and in again', `../shop/src/a.py`, 'stack_root_mismatch'],
    ['within that leaves', `src/../../other/x.py`, 'stack_root_mismatch'],
    ['within that leaves by a file', 'src/a.py/../../../secret.py', 'stack_root_mismatch'],
    ['that comes back to a secret', 'src/../.env', 'file_refused'],
    ['with backslashes', '..\\..\\other\\x.py', 'stack_root_mismatch'],
    ['with both', 'src\\../..\\/other/x.py', 'stack_root_mismatch'],
    ['that is absolute', '/etc/passwd', 'file_not_found'],
    ['of a file', 'file:///etc/passwd', 'file_not_found'],
    ['of a share', '\\\\host\\share\\etc\\passwd', 'file_not_found'],
    ['of a drive', 'C:\\Windows\\win.ini', 'file_not_found'],
    ['that is encoded', '%2e%2e/%2e%2e/other/x.py', 'file_not_found'],
    ['that is encoded twice', '..%252f..%252fother%252fx.py', 'file_not_found'],
    ['of a URL that is encoded', 'file:///%2e%2e/%2E%2E/other/x.py', 'file_not_found'],
    ['of a URL with encoded slashes', 'file:///src%2f..%2f..%2fother%2fx.py', 'file_not_found'],
    ['of a URL with encoded backslashes', 'file:///src%5c..%5c..%5cother%5cx.py', 'file_not_found'],
    ['of a URL with an encoded zero', 'file:///src/a.py%00.txt', 'file_not_found'],
    ['of a URL with an encoded secret', 'file:///%2eenv', 'file_refused'],
    ['in full width', 'src/．．/．．/other/x.py', 'file_not_found'],
    ['with a zero', 'src/a.py\0.txt', 'file_not_found'],
    ['with a zero before the end', '.env\0.py', 'file_not_found'],
    ['with a line break', `src/a.py\n${'HEAD'}`, 'file_not_found'],
    ['of git itself', '.git/config', 'file_not_found'],
    ['of git itself, in capitals', '.GIT/config', 'file_not_found'],
    ['that is not tracked', 'src/untracked.py', 'file_not_found'],
    ['that is ignored', 'src/ignored/key.py', 'file_not_found'],
    ['of a folder', 'src', 'file_not_found'],
    ['of the top', '.', 'stack_root_mismatch'],
    ['of a link to a file outside', 'src/linked.py', 'not_a_source_file'],
    ['of a link to a file inside', 'src/inner.py', 'not_a_source_file'],
    ['of a link to a folder', 'src/outside', 'not_a_source_file'],
    ['through a link to a folder', 'src/outside/secret.py', 'file_not_found'],
    ['of a submodule', 'lib', 'not_a_source_file'],
    ['in a submodule', 'lib/x.py', 'file_not_found'],
    ['of a secret', '.env', 'file_refused'],
    ['of a secret in capitals', '.ENV', 'file_not_found'],
    ['of a secret, as Windows has it', 'src\\.ENV.local', 'file_refused'],
    ['that names a commit', 'HEAD:src/a.py', 'file_not_found'],
    ['that names a wildcard', ':(top,glob)**/*', 'file_not_found'],
    ['that is very long', `${'a/'.repeat(100_000)}src/a.py`, 'stack_root_mismatch'],
    ['of a prototype', '__proto__', 'file_not_found'],
  ])('%s leads nowhere', async (_, filename, reason) => {
    const byName = await tell({ filename });
    const byPath = await tell({ absPath: filename });
    expect([byName.reason, byPath.reason]).toEqual([reason, reason]);
    expect(byName.told + byPath.told).not.toContain(SECRET);
  });

  it('of a Windows frame ignores case, and finds what is tracked alone', async () => {
    expect(await tell({ filename: 'SRC\\A.py' })).toMatchObject({ reason: null });
    expect(await tell({ filename: 'SRC/A.py' })).toMatchObject({ reason: 'file_not_found' });
  });

  test.each(WEIRD.filter((name) => !name.includes('\\') && name.trim() !== ''))(
    'that looks like an option or an order is a name: %j',
    async (filename) => expect(await tell({ filename })).toMatchObject({ reason: null }),
  );

  it('with a backslash in its name is another path', async () => {
    expect(await tell({ filename: 'a\\b.py' })).toMatchObject({ reason: 'file_not_found' });
    expect(await tell({ filename: 'back\\..\\slash.py' })).toMatchObject({ reason: 'file_not_found' });
  });
});

describe('a commit', () => {
  const orders = [
    '--help',
    '-x',
    'HEAD',
    '@{0}',
    'HEAD~0',
    'main',
    'main:.env',
    'refs/heads/main',
    ':/x',
    '^HEAD',
    '..',
  ];
  test.each([
    ...orders,
    'abcdef0\nHEAD',
    'abcdef0 HEAD',
    `${'a'.repeat(40)}^{tree}`,
    '',
    'abc',
    'g'.repeat(40),
    'a'.repeat(65),
  ])('%j is not passed on', async (wanted) => {
    const found = await source.fileOf({ projectId: 2, commit: wanted, filename: 'src/a.py' });
    expect(found).toMatchObject({ reason: 'no_commit', path: 'src/a.py' });
    expect(await source.blobAt(mapping(folder), wanted, 'src/a.py')).toBeNull();
  });

  it('as a release is but a name', async () => {
    for (const release of [...orders, `shop@${orders[0]}`, 'HEAD@{0}', '-x\nHEAD']) {
      expect(await source.fileOf({ projectId: 2, release, filename: 'src/a.py' })).toMatchObject({
        reason: 'no_commit',
      });
    }
  });

  it('that is there is found by its beginning, and by no branch of that name', async () => {
    git(folder, 'branch', '-f', 'deadbee');
    const byStart = await source.fileOf({
      projectId: 2,
      commit: commit.slice(0, 7).toUpperCase(),
      filename: 'src/a.py',
    });
    expect(byStart).toMatchObject({ reason: null, commit, commitFrom: 'query' });
    const byBranch = await source.fileOf({ projectId: 2, commit: 'deadbee', filename: 'src/a.py' });
    expect(byBranch).toMatchObject({ reason: 'commit_unknown', commit: 'deadbee' });
  });

  it('is no other object', async () => {
    const blob = git(folder, 'rev-parse', 'HEAD:src/a.py');
    const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
    for (const wanted of [blob, tree]) {
      const found = await source.fileOf({ projectId: 2, commit: wanted, filename: 'src/a.py' });
      expect(found).toMatchObject({ reason: 'commit_unknown' });
    }
  });
});

it('a tag that looks like an option is a name', async () => {
  writeFileSync(join(folder, '.git', 'refs', 'tags', '-x'), `${commit}\n`);
  using fresh = sourceOf([mapping(folder)], { roots: [here.root] });
  for (const release of ['-x', 'shop@-x']) {
    const found = await fresh.fileOf({ projectId: 2, release, filename: 'src/a.py' });
    expect(found).toMatchObject({ reason: null, commit, commitFrom: 'tag' });
  }
});

it('two commits that begin alike are none', async () => {
  using place = temporaryFolder();
  const { folder } = makeRepository(join(place.root, 'many'), { 'a.py': 'x\n' });
  const ids = [6691, 10_669].map((time) => {
    const input = `tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a <a@example.com> ${time} +0000\ncommitter c <c@example.com> ${time} +0000\n\nx\n`;
    return execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], { cwd: folder, input })
      .toString()
      .trim();
  });
  const [ambiguous = ''] = ids.map((id) => id.slice(0, 7));
  expect(ids.map((id) => id.slice(0, 7))).toEqual([ambiguous, ambiguous]);
  using source = sourceOf([mapping(folder)], { roots: [place.root] });
  const found = await source.fileOf({ projectId: 2, commit: ambiguous, filename: 'a.py' });
  expect(found).toMatchObject({ reason: 'commit_unknown' });
});

describe('a repository', () => {
  const reasonOf = (path: string, roots = [here.root]) =>
    findRepository(path, roots).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );

  it('is read below a root, or as one', async () => {
    expect(await reasonOf(folder)).toBeNull();
    expect(await reasonOf(folder, [folder])).toBeNull();
    expect(await reasonOf(`${folder}/`, [`${here.root}/`])).toBeNull();
  });

  test.each([
    ['outside', () => join(here.folder, 'other')],
    ['outside, by ..', () => `${here.root}/../other`],
    ['beside a root of the same beginning', () => `${here.root}-2`],
    ['of the whole disk', () => '/'],
  ])('%s is refused without a look at it', async (_, path) => {
    expect(await reasonOf(path())).toMatch(/is not below one of the folders in the setting `source.roots`/);
  });

  it('that no root allows, that is relative, or that has a zero in it is refused', async () => {
    expect(await reasonOf(folder, [])).toMatch(/`source.roots`/);
    expect(await reasonOf('shop')).toMatch(/absolute/);
    expect(await reasonOf(`${folder}\0`)).toMatch(/absolute/);
  });

  it('is not looked for above its folder', async () => {
    expect(await reasonOf(join(folder, 'src'))).toMatch(/no git repository/);
  });

  it('that is a link out is refused; a link within is followed', async () => {
    symlinkSync(join(here.folder, 'other'), join(here.root, 'out'));
    symlinkSync(folder, join(here.root, 'in'));
    expect(await reasonOf(join(here.root, 'out'))).toMatch(/out is not below one of the folders in the setting/);
    expect(await reasonOf(join(here.root, 'in'))).toBeNull();
  });

  it('whose parts are elsewhere is refused, however git is told of it', async () => {
    const other = join(here.folder, 'other');
    const make = (name: string) => {
      const made = makeRepository(join(here.root, name), { 'a.py': 'x\n' }).folder;
      return { made, git: join(made, '.git') };
    };
    const pointer = join(here.root, 'pointer');
    mkdirSync(pointer);
    writeFileSync(join(pointer, '.git'), `gitdir: ${other}/.git\n`);
    const link = join(here.root, 'link');
    mkdirSync(link);
    symlinkSync(join(other, '.git'), join(link, '.git'));
    const common = make('common');
    writeFileSync(join(common.git, 'commondir'), `${other}/.git\n`);
    const objects = make('objects');
    renameSync(join(objects.git, 'objects'), join(objects.git, 'objects-was'));
    symlinkSync(join(other, '.git', 'objects'), join(objects.git, 'objects'));
    const borrowing = make('borrowing');
    writeFileSync(join(borrowing.git, 'objects', 'info', 'alternates'), `../../../../../other/.git/objects\n`);
    const throughAnother = make('through-another');
    writeFileSync(join(throughAnother.git, 'objects', 'info', 'alternates'), `${borrowing.git}/objects\n`);
    for (const path of [pointer, link, common.made, objects.made, borrowing.made, throughAnother.made]) {
      expect([path, await reasonOf(path)]).toEqual([path, expect.stringContaining('not below one of those')]);
    }
    const quoted = make('quoted');
    writeFileSync(join(quoted.git, 'objects', 'info', 'alternates'), `"${other}/.git/objects"\n`);
    expect(await reasonOf(quoted.made)).toMatch(/no whole git repository/);
  });

  it('that was changed for a link after it was read is read no more', async () => {
    using place = temporaryFolder();
    const { folder, commit } = makeRepository(join(place.root, 'shop'), { 'x.py': 'mine\n' });
    const { commit: foreign } = makeRepository(join(place.folder, 'foreign'), { 'x.py': SECRET });
    using source = sourceOf([mapping(folder)], { roots: [place.root] });
    const file = await source.fileOf({ projectId: 2, commit, filename: 'x.py' });
    expect(file).toMatchObject({ reason: null });
    if (file.reason !== null) return;
    renameSync(folder, join(place.root, 'was'));
    symlinkSync(join(place.folder, 'foreign'), folder);
    expect(await source.linesOf(file, 1)).toMatchObject({ reason: 'repository_unreadable' });
    expect(await source.fileOf({ projectId: 2, commit: foreign, filename: 'x.py' })).toMatchObject({
      reason: 'repository_unreadable',
    });
    expect(await source.blobAt(mapping(folder), foreign, 'x.py')).toBeNull();
  });
});

it('what a repository configures to be run is not run, and what the server has in its environment is not used', async () => {
  using place = temporaryFolder();
  const { folder, commit } = makeRepository(join(place.root, 'shop'), {
    'x.py': 'mine\n',
    '.gitattributes': '* filter=f diff=f\n',
  });
  const ran = join(place.folder, 'ran');
  for (const setting of [
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'diff.f.textconv',
    'filter.f.smudge',
    'core.alternateRefsCommand',
    'uploadpack.packObjectsHook',
    'credential.helper',
    'alias.cat-file',
    'alias.ls-tree',
  ]) {
    git(folder, 'config', setting, `!touch ${ran}; touch ${ran}`);
  }
  const before = { ...process.env };
  Object.assign(process.env, {
    GIT_DIR: join(here.folder, 'other', '.git'),
    GIT_TRACE: ran,
    GIT_EXTERNAL_DIFF: `touch ${ran}`,
  });
  try {
    using source = sourceOf([mapping(folder)], { roots: [place.root] });
    const file = await source.fileOf({ projectId: 2, commit, release: '1.0', filename: 'x.py' });
    expect(file).toMatchObject({ reason: null });
    if (file.reason === null) expect(await source.linesOf(file, 1)).toEqual({ reason: null, context: [[1, 'mine']] });
    await source.urlOf(mapping(folder), 'x.py', commit);
    await source.fileOf({ projectId: 2, release: '1.0', filename: 'x.py' });
  } finally {
    for (const name of ['GIT_DIR', 'GIT_TRACE', 'GIT_EXTERNAL_DIFF']) delete process.env[name];
    Object.assign(process.env, before);
  }
  expect(existsSync(ran)).toBe(false);
});

it('what a partial clone lacks is not fetched', async () => {
  using place = temporaryFolder();
  const { folder, commit } = makeRepository(join(place.root, 'origin'), { 'a.py': 'x\n' });
  git(folder, 'config', 'uploadpack.allowFilter', 'true');
  git(place.root, 'clone', '-q', '--no-checkout', '--filter=blob:none', `file://${folder}`, 'partial');
  const partial = join(place.root, 'partial');
  const missing = () => git(partial, 'rev-list', '--objects', '--missing=print', 'HEAD').match(/^\?/gm) ?? [];
  expect(missing()).toHaveLength(1);
  using source = sourceOf([mapping(partial)], { roots: [place.root] });
  const file = await source.fileOf({ projectId: 2, commit, filename: 'a.py' });
  expect(file).toMatchObject({ reason: null });
  if (file.reason !== null) return;
  const unread = { reason: 'repository_unreadable', detail: expect.stringContaining('partial clone') };
  expect(await source.linesOf(file, 1)).toMatchObject(unread);
  expect(missing()).toHaveLength(1);
});

describe('words that are looked for', () => {
  const mentions = async (...words: string[]) => {
    const [checkout] = (await source.commitsOf({ projectId: 2, release: 'good' })).checkouts;
    return checkout?.mentions(words);
  };

  it('are found in what may be read of the commit alone', async () => {
    expect(await mentions('secret', 'machine')).toEqual([]);
    expect(await mentions('nowhere_at_all')).toEqual([]);
    expect(await mentions('line')).toContainEqual({ path: 'src/a.py', line: 20, word: 'line' });
    expect((await mentions('line'))?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['--output=x', '-x', 'HEAD', ' ', '$(id).py', 'main:a.py']),
    );
  });

  it.each(['--open-files-in-pager=id', '-O', 'line\n-e x', '.*', 'a b', ''])(
    'are words: %j is refused',
    async (word) => {
      await expect(mentions('line', word)).rejects.toThrow('Only words');
    },
  );
});

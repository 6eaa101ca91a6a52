/** `stackmend code-mappings` as a process, on data and a checkout of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from '../../server.ts';
import { git, makeRepository, temporaryFolder } from '../../unit/server/source/checkout.ts';

const cli = join('server', 'cli.ts');

it('adds, lists and removes mappings, and says what is wrong', { timeout: 120_000 }, async () => {
  using here = temporaryFolder();
  const { folder } = makeRepository(join(here.root, 'shop'), { 'src/billing.py': 'pass\n', 'README.md': 'x\n' });
  git(folder, 'remote', 'add', 'origin', 'https://token:secret@github.com/acme/shop.git');
  const conf = join(here.folder, 'conf');
  mkdirSync(conf);
  const config = (roots: string) =>
    writeFileSync(join(conf, 'config.yml'), `system.secret-key: x\nsource.roots: ${roots}\n`);
  const run = (...args: string[]) => runCommand([cli, 'code-mappings', ...args], { STACKMEND_CONF: conf });
  const add = (...args: string[]) => run('add', '--project', 'default', '--repository', folder, ...args);

  config('[]');
  expect(await add('--stack-root', '/srv/app')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`source.roots`'),
  });

  expect(await run('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('STACKMEND_SOURCE_ROOTS') });

  config(`[${JSON.stringify(here.root)}]`);
  expect(await run('list')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(new RegExp(`^There are none.* below ${here.root}\\.\n$`)),
  });
  expect(await add()).toMatchObject({ code: 2, stderr: expect.stringContaining('--stack-root') });
  expect(await add('--stack-root', '/srv/app', '--source-root', 'lib')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/has no folder lib at HEAD. At its top it has src./),
  });
  expect(await run('add', '--project', 'nowhere', '--repository', folder, '--stack-root', '/')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There are: '),
  });
  const added = await add('--stack-path', '/srv/app/code/src/billing.py', '--json');
  expect(added.stderr).toBe('');
  const { id } = JSON.parse(added.stdout) as { id: string };
  expect(JSON.parse(added.stdout)).toMatchObject({
    projectSlug: 'default',
    stackRoot: '/srv/app/code/',
    sourceRoot: '',
    repositoryPath: folder,
    repositoryUrl: 'https://github.com/acme/shop',
    repoName: 'acme/shop',
    provider: { key: 'github', name: 'GitHub' },
    problem: null,
  });
  expect(await add('--stack-path', '/srv/app/code/src/billing.py')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('already'),
  });
  const listed = await run('list', '--project', 'default');
  expect(listed.stdout).toContain(`/srv/app/code/ -> ${folder}`);
  expect(listed.stdout).not.toContain('secret');
  config('[]');
  expect((await run('list')).stdout).toContain('`source.roots`');
  expect(await run('remove', '99')).toMatchObject({ code: 2, stderr: expect.stringContaining('no code mapping 99') });
  expect(await run('remove', id)).toMatchObject({ code: 0, stdout: `Removed code mapping ${id}.\n` });
  expect((await run('list', '--json')).stdout.trim()).toBe('[]');
});

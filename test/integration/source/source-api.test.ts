/** Code mappings and `stacktrace-link` over a real checkout: real routes, SQLite and git; who may is in the matrix. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { codeMappingRoutes } from '../../../server/api/code-mappings.ts';
import { createScope } from '../../../server/api/scope.ts';
import { stacktraceLinkRoutes } from '../../../server/api/stacktrace-link.ts';
import { errorHandler } from '../../../server/http/errors.ts';
import { type CodeMapping, stacktraceLinkSchema } from '../../../server/protocol/contract.ts';
import {
  codeMappingSchema,
  codeMappingsSchema,
  repoPathParsingSchema,
} from '../../../server/protocol/contract-source.ts';
import { createSource } from '../../../server/source/source.ts';
import { createCodeMappingStore } from '../../../server/storage/code-mappings.ts';
import { createEventStore } from '../../../server/storage/events.ts';
import { createReleaseStore } from '../../../server/storage/releases.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { git, makeRepository, numbered, temporaryFolder } from '../../unit/server/source/checkout.ts';
import { asLocalUser } from '../api/as-local-user.ts';
import { seedEvent, seedIssue, temporaryDatabase } from '../api/seed.ts';

const ORGANIZATION = '/organizations/stackmend';
const here = temporaryFolder();
const { folder, commit } = makeRepository(join(here.root, 'shop'), {
  'src/billing.py': numbered(30),
  '.env': 'SECRET=1\n',
  'src/link.py': { link: '/etc/passwd' },
});
git(folder, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git');

let db: Database;
let closeDb: () => Promise<void>;
let server: Server;
let source: ReturnType<typeof createSource>;
const logged: unknown[] = [];

beforeAll(async () => {
  ({ db, close: closeDb } = await temporaryDatabase());
  const mappings = createCodeMappingStore(db);
  const releases = createReleaseStore(db);
  const searchPath = process.env['PATH'] ?? '';
  source = createSource({ mappings, releases, roots: [here.root], deny: ['*.sql'], searchPath, now: Date.now });
  const scope = createScope(db);
  const coverage = { forFrame: async () => ({ status: 404 }) };
  const app = express();
  app.set('query parser', 'simple');
  app.use(asLocalUser);
  app.use('/api/0', codeMappingRoutes({ scope, mappings, source }));
  app.use('/api/0', stacktraceLinkRoutes({ scope, coverage, events: createEventStore(db), source }));
  app.use(errorHandler((_, error) => logged.push(error)));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
beforeEach(() => db.deleteFrom('codeMapping').execute());
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  source.close();
  await closeDb();
  here[Symbol.dispose]();
  expect(logged).toEqual([]);
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/0${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}
const MAPPING = { projectId: '2', stackRoot: '/srv/app', sourceRoot: 'src/', repositoryPath: `${folder}/` };
async function add(more: object = {}): Promise<CodeMapping> {
  const { status, body } = await ask('POST', `${ORGANIZATION}/code-mappings/`, { ...MAPPING, ...more });
  expect({ status, body }).toMatchObject({ status: 201 });
  return codeMappingSchema.parse(body);
}
async function link(query: Record<string, string>, project = 'default') {
  const search = new URLSearchParams(query);
  const { status, body } = await ask('GET', `/projects/stackmend/${project}/stacktrace-link/?${search}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return stacktraceLinkSchema.parse(body);
}

describe('code mappings', () => {
  it('are added, listed by project, changed and removed', async () => {
    const added = await add();
    expect(added).toEqual({
      id: expect.stringMatching(/^\d+$/),
      projectId: '2',
      projectSlug: 'default',
      stackRoot: '/srv/app',
      sourceRoot: 'src',
      repositoryPath: folder,
      defaultBranch: null,
      repoName: 'acme/shop',
      provider: { key: 'github', name: 'GitHub' },
      repositoryUrl: 'https://github.com/acme/shop',
      problem: null,
    });
    const list = async (query = '') =>
      codeMappingsSchema.parse((await ask('GET', `${ORGANIZATION}/code-mappings/${query}`)).body);
    expect(await list()).toEqual([added]);
    for (const query of ['?project=2', '?project=default', '?project=-1', '?project=1&project=2'])
      expect(await list(query)).toEqual([added]);
    for (const query of ['?project=1', '?project=nowhere']) expect(await list(query)).toEqual([]);

    const change = {
      stackRoot: '/app',
      sourceRoot: '',
      repositoryPath: folder,
      repositoryUrl: 'https://me:pw@git.example.com/acme/shop.git',
      provider: 'gitlab',
      defaultBranch: 'main',
    };
    const path = `${ORGANIZATION}/code-mappings/${added.id}/`;
    expect(await ask('PUT', path, change)).toEqual({
      status: 200,
      body: {
        ...added,
        ...change,
        repositoryUrl: 'https://git.example.com/acme/shop',
        provider: { key: 'gitlab', name: 'GitLab' },
      },
    });
    expect(await ask('DELETE', path)).toEqual({ status: 204, body: null });
    expect(await ask('DELETE', path)).toMatchObject({ status: 404 });
    expect(await ask('PUT', path, change)).toMatchObject({ status: 404 });
    expect(await list()).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['no project', { projectId: undefined }, /projectId: say which/],
    ['a project that is not there', { projectId: '77' }, /no project "77"/],
    ['no stack root', { stackRoot: undefined }, /stackRoot/],
    ['a relative repository', { repositoryPath: 'shop' }, /absolute path/],
    ['a repository elsewhere', { repositoryPath: here.folder }, /`source.roots`/],
    ['a repository that climbs out', { repositoryPath: `${here.root}/../../etc` }, /`source.roots`/],
    ['a folder that is not there', { repositoryPath: join(here.root, 'gone') }, /there is no such folder/],
    ['a folder that is no repository', { repositoryPath: join(folder, 'src') }, /no git repository/],
    ['a source root that is not there', { sourceRoot: 'lib' }, /no folder lib at HEAD.*src/],
    ['a source root that climbs', { sourceRoot: 'src/../..' }, /within the repository/],
    ['a source root of the machine', { sourceRoot: '/etc' }, /within the repository/],
    ['a source root of Windows', { sourceRoot: 'C:\\' }, /within the repository/],
    ['two lines', { stackRoot: 'a\nb' }, /one line/],
    ['a page that is none', { repositoryUrl: 'javascript:alert(1)' }, /repositoryUrl/],
    ['a page of neither', { repositoryUrl: 'https://git.example.com/a/b' }, /"github" or a "gitlab"/],
    ['another provider', { provider: 'cvs' }, /provider/],
    ['a branch that is an option', { defaultBranch: '--output=x' }, /defaultBranch/],
  ])('are refused with %s', async (_, more, detail) => {
    const { status, body } = await ask('POST', `${ORGANIZATION}/code-mappings/`, { ...MAPPING, ...more });
    expect({ status, body }).toEqual({ status: 400, body: { detail: expect.stringMatching(detail) } });
  });

  it('are not made twice', async () => {
    await add();
    const other = await add({ stackRoot: '/other' });
    expect(await ask('POST', `${ORGANIZATION}/code-mappings/`, MAPPING)).toMatchObject({ status: 409 });
    expect(await ask('PUT', `${ORGANIZATION}/code-mappings/${other.id}/`, MAPPING)).toMatchObject({ status: 409 });
    await add({ projectId: '1' });
  });

  it('say when their repository cannot be read any more', async () => {
    await db
      .insertInto('codeMapping')
      .values({
        projectId: 2,
        stackRoot: '/',
        sourceRoot: '',
        repositoryPath: join(here.folder, 'moved'),
        dateCreated: 0,
      })
      .execute();
    expect((await ask('GET', `${ORGANIZATION}/code-mappings/`)).body).toMatchObject([
      { problem: expect.stringContaining('`source.roots`'), repositoryUrl: null, repoName: 'moved' },
    ]);
  });

  it('are of checkouts below folders that are told up front', async () => {
    expect(await ask('GET', `${ORGANIZATION}/source-roots/`)).toEqual({ status: 200, body: { roots: [here.root] } });
    expect(await ask('GET', '/organizations/other/source-roots/')).toMatchObject({ status: 404 });
  });

  it('are proposed by the path of a frame', async () => {
    const path = '/projects/stackmend/default/repo-path-parsing/';
    const { status, body } = await ask('POST', path, { stackPath: '/opt/app/billing.py', repositoryPath: folder });
    expect(status).toBe(200);
    expect(repoPathParsingSchema.parse(body)).toEqual({
      stackRoot: '/opt/app/',
      sourceRoot: 'src',
      path: 'src/billing.py',
      candidates: ['src/billing.py'],
    });
    expect(await ask('POST', path, { stackPath: '/opt/x.py', repositoryPath: folder })).toMatchObject({ status: 400 });
    expect(await ask('POST', path, { stackPath: '/opt/x.py', repositoryPath: '/etc' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('`source.roots`') },
    });
  });
});

describe('stacktrace-link', () => {
  const FRAME = { file: 'app/billing.py', absPath: '/srv/app/billing.py', lineNo: '9', platform: 'python' };

  it('has the lines, the link and the file of the event that it names', async () => {
    const mapping = await add();
    await db.deleteFrom('release').execute();
    await db
      .insertInto('release')
      .values({ projectId: 2, version: 'shop@1.4.0', commitSha: commit, dateCreated: 0 })
      .execute();
    const eventId = 'e'.repeat(32);
    await seedEvent(db, await seedIssue(db), { eventId, release: 'shop@1.4.0' });
    const context = numbered(14, 4)
      .trim()
      .split('\n')
      .map((text, index) => [4 + index, text]);
    const expected = {
      config: { id: mapping.id, stackRoot: '/srv/app', sourceRoot: 'src', repositoryPath: folder },
      sourceUrl: `https://github.com/acme/shop/blob/${commit}/src/billing.py`,
      error: null,
      source: {
        path: 'src/billing.py',
        absPath: join(folder, 'src/billing.py'),
        commit,
        commitFrom: 'release',
        context,
        reason: null,
        detail: null,
      },
    };
    expect(await link({ ...FRAME, eventId })).toMatchObject(expected);
    expect(await link({ ...FRAME, release: 'shop@1.4.0' })).toMatchObject(expected);
    expect(await link({ ...FRAME, commitId: commit })).toMatchObject({
      ...expected,
      source: { context, commitFrom: 'query' },
    });
    const { source } = await link({ ...FRAME, commitId: commit, contextLines: '1' });
    expect(source?.context).toEqual([8, 9, 10].map((line) => [line, `line ${line}`]));
    // Of a project that has no mapping, nothing is told.
    expect(await link({ ...FRAME, commitId: commit }, 'internal')).toMatchObject({
      config: null,
      sourceUrl: null,
      source: { reason: 'no_code_mapping', path: null, context: null },
    });
  });

  test.each<[string, Record<string, string>, object]>([
    ['no line', { lineNo: '' }, { error: null, source: { context: null } }],
    [
      'a line that is not there',
      { lineNo: '31' },
      { error: null, source: { reason: 'line_not_found', path: 'src/billing.py', context: null } },
    ],
    [
      'a path that no root begins',
      { absPath: '/other/billing.py' },
      { error: 'stack_root_mismatch', sourceUrl: null, source: { reason: 'stack_root_mismatch' } },
    ],
    [
      'a file that is not there',
      { absPath: '/srv/app/gone.py' },
      { error: 'file_not_found', sourceUrl: null, source: { reason: 'file_not_found', absPath: null } },
    ],
    [
      'a link',
      { absPath: '/srv/app/link.py' },
      { error: null, source: { reason: 'not_a_source_file', absPath: null, context: null } },
    ],
    ['a path that climbs', { absPath: '/srv/app/../../.env' }, { error: 'stack_root_mismatch', sourceUrl: null }],
    [
      'an unknown commit',
      { commitId: 'f'.repeat(40) },
      {
        sourceUrl: `https://github.com/acme/shop/blob/${'f'.repeat(40)}/src/billing.py`,
        source: { reason: 'commit_unknown', absPath: join(folder, 'src/billing.py'), context: null },
      },
    ],
    [
      'no commit',
      { commitId: 'HEAD' },
      {
        sourceUrl: 'https://github.com/acme/shop/blob/HEAD/src/billing.py',
        source: { reason: 'no_commit', commit: null, context: null },
      },
    ],
  ])('says why of %s', async (_, more, expected) => {
    await add();
    const query = Object.entries({ ...FRAME, commitId: commit, file: '', ...more }).filter(([, value]) => value !== '');
    expect(await link(Object.fromEntries(query))).toMatchObject(expected);
  });

  it('shows no secret, however it is asked for', async () => {
    await add({ stackRoot: '', sourceRoot: '' });
    for (const file of ['.env', './.env', 'src/../.env', 'app:///.env', '.env?x']) {
      const answer = await link({ file, lineNo: '1', commitId: commit });
      expect(answer).toMatchObject({
        sourceUrl: null,
        source: { reason: 'file_refused', context: null, absPath: null },
      });
      expect(JSON.stringify(answer)).not.toContain('SECRET');
    }
  });

  test.each(['-1', 'x', '1.5'])('refuses a line %j', async (lineNo) => {
    const search = new URLSearchParams({ ...FRAME, lineNo });
    expect(await ask('GET', `/projects/stackmend/default/stacktrace-link/?${search}`)).toMatchObject({ status: 400 });
  });
});

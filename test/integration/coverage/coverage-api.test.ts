import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { coverageRoutes } from '../../../server/api/coverage.ts';
import { createScope } from '../../../server/api/scope.ts';
import { stacktraceLinkRoutes } from '../../../server/api/stacktrace-link.ts';
import { createCoverage } from '../../../server/coverage/line-coverage.ts';
import { createReadReportInThread } from '../../../server/coverage/read-report.ts';
import { stacktraceLinkSchema } from '../../../server/protocol/contract.ts';
import { StatusError } from '../../../server/protocol/errors.ts';
import { createSource } from '../../../server/source/source.ts';
import { createCodeMappingStore } from '../../../server/storage/code-mappings.ts';
import { createCoverageStore } from '../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import { createEventStore } from '../../../server/storage/events.ts';
import { createReleaseStore } from '../../../server/storage/releases.ts';
import { asLocalUser } from '../api/as-local-user.ts';

const folder = mkdtempSync(join(tmpdir(), 'coverage-api-'));
const db = openDatabase(join(folder, 'test.db'));
let server: Server;
let base: string;

beforeAll(async () => {
  await migrate(db);
  const store = createCoverageStore(db);
  const releases = createReleaseStore(db);
  const coverage = createCoverage({ store, releases, readReport: createReadReportInThread() });
  const mappings = createCodeMappingStore(db);
  const source = createSource({ mappings, releases, roots: [], deny: [], searchPath: '', now: Date.now });
  const scope = createScope(db);
  const app = express();
  app.use(asLocalUser);
  app.use('/api/0', coverageRoutes({ scope, coverage }), express.json());
  app.use('/api/0', stacktraceLinkRoutes({ scope, coverage, events: createEventStore(db), source }));
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    if (error instanceof StatusError) return void res.status(error.status).json({ detail: error.message });
    res.status(500).json({ detail: String(error) });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/0/projects/stackmend/default`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await db.deleteFrom('coverageReport').execute();
});

const LCOV = 'SF:src/billing.py\nDA:4,1\nDA:5,0\nDA:900,1\nend_of_record\n';
const upload = (query: string, body: string | Uint8Array = LCOV, headers: Record<string, string> = {}) =>
  fetch(`${base}/coverage/?${query}`, { method: 'POST', body: Buffer.from(body), headers });
const ask = async (query: Record<string, string>) => {
  const response = await fetch(`${base}/stacktrace-link/?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return stacktraceLinkSchema.parse(await response.json());
};

describe('a report', () => {
  it.each([
    ['plain text', {}, LCOV],
    ['JSON by its type, which no JSON parser may take', { 'content-type': 'application/json' }, LCOV],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(LCOV)],
  ])('goes in as %s, is listed, and can be deleted', async (_, headers, body) => {
    const response = await upload('release=shop@1.4.0&commit=4F2B8C1&name=lcov.info', body, headers);
    expect(response.status).toBe(201);
    const report = (await response.json()) as { id: string };
    expect(report).toMatchObject({ format: 'lcov', files: 1, lines: 3, release: 'shop@1.4.0', commit: '4f2b8c1' });

    const listed = await (await fetch(`${base}/coverage/`)).json();
    expect(listed).toEqual([expect.objectContaining({ id: report.id, name: 'lcov.info', files: 1 })]);
    const other = base.replace(/default$/, 'internal');
    expect(await (await fetch(`${other}/coverage/`)).json()).toEqual([]);
    expect((await fetch(`${other}/coverage/${report.id}/`, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(`${base}/coverage/${report.id}/`, { method: 'DELETE' })).status).toBe(204);
    expect(await (await fetch(`${base}/coverage/`)).json()).toEqual([]);
  });

  test.each([
    ['is malformed', 'release=1', 'SF:a\nDA:x,1', {}, 400, 'lcov.info, line 2'],
    ['is of nothing', '', LCOV, {}, 400, 'a release, a commit, or both'],
    ['is empty', 'release=1', '', {}, 400, 'empty'],
    ['is no gzip though it says so', 'release=1', 'SF:a', { 'content-encoding': 'gzip' }, 400, 'could not be read'],
    ['is in an encoding that is not known', 'release=1', 'SF:a', { 'content-encoding': 'x' }, 415, 'gzip'],
    [
      'unpacks to more than 64 MiB',
      'release=1',
      gzipSync(Buffer.alloc(65 << 20)),
      { 'content-encoding': 'gzip' },
      413,
      '64 MiB',
    ],
  ])('is refused when it %s', async (_, query, body, headers, status, words) => {
    const response = await upload(`${query}&name=lcov.info`, body, headers);
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      status,
      expect.stringContaining(words),
    ]);
    expect(await (await fetch(`${base}/coverage/`)).json()).toEqual([]);
  });

  it('of a project or organization that is not there is a 404', async () => {
    for (const path of ['projects/stackmend/nope', 'projects/other/default']) {
      const url = base.replace('projects/stackmend/default', path);
      expect((await fetch(`${url}/coverage/?release=1`, { method: 'POST', body: LCOV })).status).toBe(404);
      expect((await fetch(`${url}/stacktrace-link/?file=a`)).status).toBe(404);
    }
  });
});

describe('stacktrace-link', () => {
  it('answers in the shape that Sentry has, with what its page sends', async () => {
    const query = {
      file: 'src/billing.py',
      lineNo: '5',
      platform: 'python',
      sdkName: 'x',
      absPath: '/srv/src/billing.py',
    };
    expect((await ask(query)).codecov).toMatchObject({ status: 404, reason: 'no_report' });
    await upload('commit=4f2b8c1d');
    expect((await ask(query)).codecov).toMatchObject({ status: 400, reason: 'no_report_for_release' });
    expect(await ask({ ...query, commitId: '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c' })).toEqual({
      config: null,
      sourceUrl: null,
      integrations: [],
      codecov: {
        status: 200,
        lineCoverage: [
          [4, 0],
          [5, 1],
          [900, 0],
        ],
        path: 'src/billing.py',
        commit: '4f2b8c1d',
        release: null,
      },
    });
  });

  it('takes the release of a named event', async () => {
    await upload('release=shop@1.4.0');
    const eventId = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
    await insertEvent(eventId, 'shop@1.4.0');
    expect((await ask({ file: 'billing.py', eventId })).codecov).toMatchObject({ status: 200 });
    expect((await ask({ file: 'billing.py', eventId: 'f'.repeat(32) })).codecov).toMatchObject({ status: 400 });
  });

  it('refuses a line that is no number', async () => {
    expect((await fetch(`${base}/stacktrace-link/?lineNo=first`)).status).toBe(400);
  });
});

async function insertEvent(eventId: string, release: string): Promise<void> {
  const common = { projectId: 2, title: 'x', culprit: '', level: 'error', platform: 'python' };
  const times = { firstSeen: 0, lastSeen: 0, timesSeen: 1 };
  const { id: issueId } = await db
    .insertInto('issue')
    .values({
      ...common,
      ...times,
      number: 1,
      type: 'error',
      metadata: '{}',
      status: 'unresolved',
      primaryHash: 'x',
      groupingConfig: 'v1',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('event')
    .values({ ...common, eventId, issueId, timestamp: 0, receivedAt: 0, release, richness: 0, tags: '[]' })
    .execute();
}

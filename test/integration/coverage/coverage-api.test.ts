import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { coverageRoutes } from '../../../server/api/coverage.ts';
import { createNewestEvents, eventCoverageRoutes } from '../../../server/api/event-coverage.ts';
import { createScope } from '../../../server/api/scope.ts';
import { stacktraceLinkRoutes } from '../../../server/api/stacktrace-link.ts';
import { createSqlNodestore, nodeId } from '../../../server/backends/nodestore.ts';
import { createSqlSearch } from '../../../server/backends/search.ts';
import { createCoverage } from '../../../server/coverage/line-coverage.ts';
import { createReadReportInThread } from '../../../server/coverage/read-report.ts';
import { stacktraceLinkSchema } from '../../../server/protocol/contract.ts';
import {
  coverageMatchesSchema,
  coverageReportsSchema,
  eventCoverageSchema,
} from '../../../server/protocol/contract-source.ts';
import { StatusError } from '../../../server/protocol/errors.ts';
import type { StoredEvent, StoredFrame } from '../../../server/protocol/event.ts';
import { newEventId } from '../../../server/protocol/event-id.ts';
import { createSource } from '../../../server/source/source.ts';
import { createCodeMappingStore } from '../../../server/storage/code-mappings.ts';
import { createCoverageStore } from '../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import { createEventStore } from '../../../server/storage/events.ts';
import { createProjectStore } from '../../../server/storage/projects.ts';
import { createReleaseStore } from '../../../server/storage/releases.ts';
import { asLocalUser } from '../api/as-local-user.ts';
import { storedEvent } from '../api/harness.ts';
import { seedEvent, seedIssue } from '../api/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'coverage-api-'));
const db = openDatabase(join(folder, 'test.db'));
let server: Server;
let base: string;

beforeAll(async () => {
  await migrate(db);
  const store = createCoverageStore(db);
  const releases = createReleaseStore(db);
  const mappings = createCodeMappingStore(db);
  const source = createSource({ mappings, releases, roots: [], deny: [], searchPath: '', now: Date.now });
  const projects = createProjectStore(db);
  const coverage = createCoverage({ store, releases, projects, source, readReport: createReadReportInThread() });
  const scope = createScope(db);
  const nodestore = createSqlNodestore(db);
  const newestEvents = createNewestEvents({ db, nodestore });
  const app = express();
  app.use(asLocalUser);
  app.use('/api/0', coverageRoutes({ scope, coverage, releases, newestEvents }), express.json());
  app.use('/api/0', eventCoverageRoutes({ scope, coverage, db, nodestore, search: createSqlSearch(db) }));
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
  await db.deleteFrom('release').execute();
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

    const listed = coverageReportsSchema.parse(await (await fetch(`${base}/coverage/`)).json());
    expect(listed).toEqual([
      expect.objectContaining({ id: report.id, name: 'lcov.info', files: 1, lines: 3, size: 41 }),
    ]);
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
    expect((await ask(query)).codecov).toMatchObject({ status: 400, reason: 'no_release' });
    const link = await ask({ ...query, commitId: '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c' });
    expect(link).toMatchObject({ config: null, sourceUrl: null, integrations: [] });
    expect(link.codecov).toEqual({
      status: 200,
      lineCoverage: [
        [4, 0],
        [5, 1],
        [900, 0],
      ],
      // Nothing ran twice: its hits may only say that it ran.
      lineHits: null,
      path: 'src/billing.py',
      commit: '4f2b8c1d',
      release: null,
      sameContentAs: null,
      eventCommit: '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c',
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

describe('the coverage of an event', () => {
  const frame = (lineno: number | null, more: StoredFrame = {}): StoredFrame => ({
    filename: 'src/billing.py',
    lineno,
    in_app: true,
    ...more,
  });
  const stack = (...frames: StoredFrame[]) => ({ stacktrace: { frames } });
  const ask = async (id: string) => {
    const response = await fetch(`${base}/events/${id}/coverage/`);
    expect(response.status).toBe(200);
    return eventCoverageSchema.parse(await response.json());
  };
  const COUNTED = 'SF:src/billing.py\nDA:4,7\nDA:5,0\nend_of_record\n';

  it('says of each in-app frame of every exception and of the crashed thread whether a test reaches its line', async () => {
    await upload('release=shop@1.4.0', COUNTED);
    const id = newEventId();
    await insertEvent(id, 'shop@1.4.0', {
      exception: { values: [stack(frame(4), frame(9, { in_app: false }), frame(5)), {}, stack(frame(6))] },
      threads: {
        values: [
          { id: 1, ...stack(frame(4)) },
          { id: 2, crashed: true, ...stack(frame(null), frame(4, { filename: 'x.py' })) },
        ],
      },
    });
    const { frames, framesOmitted } = await ask(id);
    expect(framesOmitted).toBe(0);
    const [caller, raising, other, nowhere, elsewhere] = frames;
    expect(frames).toHaveLength(5);
    expect(caller).toMatchObject({ exceptionIndex: 0, threadIndex: null, frameIndex: 0, lineNo: 4, code: 0, hits: 7 });
    expect(caller).toMatchObject({ filename: 'src/billing.py', path: 'src/billing.py', reason: null });
    expect(raising).toMatchObject({ exceptionIndex: 0, frameIndex: 2, code: 1, hits: 0, reason: null });
    expect(other).toMatchObject({ exceptionIndex: 2, frameIndex: 0, code: null, reason: 'line_not_in_report' });
    expect(nowhere).toMatchObject({ exceptionIndex: null, threadIndex: 1, frameIndex: 0, reason: 'no_position' });
    expect(elsewhere).toMatchObject({
      threadIndex: 1,
      frameIndex: 1,
      code: null,
      hits: null,
      reason: 'no_file_matches',
    });
    expect(elsewhere?.detail).toContain('stackmend coverage upload');
  });

  it('says why there is none, of each frame', async () => {
    const id = newEventId();
    await insertEvent(id, 'shop@1.4.0', { stacktrace: { frames: [frame(4)] } });
    const place = { exceptionIndex: null, threadIndex: null, frameIndex: 0 };
    expect((await ask(id)).frames).toEqual([expect.objectContaining({ ...place, code: null, reason: 'no_report' })]);
  });

  it('looks at the newest 500 frames of a recursion, and says how many it left out', async () => {
    await upload('release=shop@1.4.0', COUNTED);
    const id = newEventId();
    const frames = [frame(5), ...Array.from({ length: 500 }, () => frame(4))];
    await insertEvent(id, 'shop@1.4.0', { exception: { values: [stack(...frames)] } });
    const answer = await ask(id);
    expect(answer.framesOmitted).toBe(1);
    expect(answer.frames.map(({ code }) => code)).toEqual(Array.from({ length: 500 }, () => 0));
    expect(answer.frames[0]?.frameIndex).toBe(1);
  });

  it('is a 404 for an event of another project, and for none', async () => {
    const id = newEventId();
    await insertEvent(id, 'shop@1.4.0');
    const other = base.replace(/default$/, 'internal');
    expect((await fetch(`${other}/events/${id}/coverage/`)).status).toBe(404);
    expect((await fetch(`${base}/events/${newEventId()}/coverage/`)).status).toBe(404);
  });
});

describe('what a report matches', () => {
  const matches = async (id: string) => {
    const response = await fetch(`${base}/coverage/${id}/matches/`);
    expect(response.status).toBe(200);
    return coverageMatchesSchema.parse(await response.json());
  };
  const SHA = '4f2b8c1d9e0a7b6c5d4e3f2a1b0c9d8e7f6a5b4c';
  const event = (...frames: StoredFrame[]) => ({
    exception: { values: [{ stacktrace: { frames: frames.map((each) => ({ in_app: true, ...each })) } }] },
  });

  it('counts in-app frames of the events of its release and commit, and lists the files that it lacks', async () => {
    const { id } = (await (await upload(`commit=${SHA}`)).json()) as { id: string };
    const other = { filename: 'src/biling.py', lineno: 3 };
    await insertEvent(newEventId(), `shop@1.0+${SHA}`, event({ filename: 'src/billing.py', lineno: 4 }, other));
    await insertEvent(newEventId(), `web@${SHA}`, event({ filename: '/ci/src/billing.py', lineno: 77 }, other, other));
    await insertEvent(newEventId(), 'shop@2.0', event({ filename: 'src/billing.py', lineno: 4 }));
    for (const version of [`shop@1.0+${SHA}`, `web@${SHA}`, 'shop@2.0']) {
      await db.insertInto('release').values({ projectId: 2, version, commitSha: null, dateCreated: 0 }).execute();
    }
    expect(await matches(id)).toEqual({
      events: 2,
      frames: 5,
      matchedFrames: 2,
      coveredFrames: 1,
      unmatched: [{ path: 'src/biling.py', frames: 3, nearest: ['src/billing.py'] }],
    });
  });

  it('is nothing where no event is of its release, and a 404 where there is no such report', async () => {
    const { id } = (await (await upload('release=none@1')).json()) as { id: string };
    expect(await matches(id)).toEqual({ events: 0, frames: 0, matchedFrames: 0, coveredFrames: 0, unmatched: [] });
    const other = base.replace(/default$/, 'internal');
    expect((await fetch(`${other}/coverage/${id}/matches/`)).status).toBe(404);
    expect((await fetch(`${base}/coverage/99999/matches/`)).status).toBe(404);
  });

  it('takes no report of another build of the release', async () => {
    const { id } = (await (await upload(`commit=${SHA}&release=shop@3`)).json()) as { id: string };
    const commitSha = '0'.repeat(40);
    await db.insertInto('release').values({ projectId: 2, version: 'shop@3', commitSha, dateCreated: 0 }).execute();
    await insertEvent(newEventId(), 'shop@3', event({ filename: 'src/billing.py', lineno: 4 }));
    expect(await matches(id)).toMatchObject({ events: 0 });
  });
});

/** An event as digest stores it. */
async function insertEvent(eventId: string, release: string, body: Partial<StoredEvent> = {}): Promise<void> {
  const issueId = await seedIssue(db, { tags: { release: [release] } });
  await seedEvent(db, issueId, { eventId, release, tags: [['release', release]] });
  const event = { ...storedEvent(2, { eventId }), release, ...body };
  await createSqlNodestore(db).set([{ id: nodeId(2, eventId), event }]);
}

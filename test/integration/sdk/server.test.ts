/** The real server, of which something fails: who is told of it, how often, and of what. */
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { eventId, getJson, send } from '../server/clients.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';

let server: RunningServer | undefined;
const endpoints: Endpoint[] = [];
afterEach(async () => {
  await server?.stop();
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
  server = undefined;
});

async function endpoint(projectId: number): Promise<Endpoint> {
  const started = await startEndpoint(projectId);
  endpoints.push(started);
  return started;
}

async function start(environment: Record<string, string> = {}): Promise<RunningServer> {
  server = await startServer({ no_proxy: '127.0.0.1', STACKMEND_METRICS_BACKEND: 'prometheus', ...environment });
  return server;
}

const CANARY = 'canary-4f1c';

function inDatabase<T>({ directory }: RunningServer, work: (db: SQLite.Database) => T): T {
  const db = new SQLite(join(directory, 'stackmend.db'), { timeout: 10_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Digest fails at each event for which this holds; the error quotes the event, as errors of SQL may. */
const breakDigest = (running: RunningServer, condition: string) =>
  inDatabase(running, (db) =>
    db.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON event WHEN ${condition} BEGIN SELECT raise(ABORT, 'broken at ' || new.title); END`,
    ),
  );

const letters = (running: RunningServer) =>
  inDatabase(running, (db) =>
    db.prepare<[], { projectId: number }>('SELECT projectId FROM deadLetter ORDER BY id').all(),
  ).map(({ projectId }) => projectId);
const spooled = ({ directory }: RunningServer): number => {
  const db = new SQLite(join(directory, 'spool.db'), { readonly: true });
  const row = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM spool').get();
  db.close();
  return row?.count ?? 0;
};

/** Digested at once or not, of each project that is there: so that nothing more is on its way. */
const settled = (running: RunningServer) => waitFor(() => spooled(running) === 0);

const breakRoute = (running: RunningServer) =>
  inDatabase(running, (db) => db.exec('ALTER TABLE coverageReport RENAME TO elsewhere'));
const BROKEN_ROUTE = '/api/0/projects/stackmend/default/coverage/';

type IssueJson = { id: string; title: string; count: string; metadata: { value?: string } };
const internalIssues = (running: RunningServer) =>
  getJson<IssueJson[]>(running, '/organizations/stackmend/issues/?query=&project=1');
const internalIssuesOnce = (running: RunningServer, count: number) =>
  waitFor(async () => {
    const issues = await internalIssues(running);
    return issues && issues.length >= count ? issues : null;
  });

async function counters({ url }: RunningServer): Promise<Record<string, number>> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  const own = lines.filter((line) => /^stackmend_internal_/.test(line));
  return Object.fromEntries(
    own.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('an answer that fails', () => {
  it('is told to upstream and relay, each by its own request, upstream without a word of it', async () => {
    const [upstream, relay] = [await endpoint(11), await endpoint(12)];
    const running = await start({ STACKMEND_SDK_DSN: upstream.dsn, STACKMEND_SDK_RELAY_DSN: relay.dsn });
    breakRoute(running);
    const { status } = await fetch(`${running.url}${BROKEN_ROUTE}?q=${CANARY}`);
    expect(status).toBe(500);
    await waitFor(() => upstream.events().length === 1 && relay.events().length === 1);

    const [told] = relay.events();
    expect(told).toMatchObject({
      release: expect.stringMatching(/^stackmend@\d+\.\d+\.\d+$/),
      environment: 'production',
      extra: { during: `GET ${BROKEN_ROUTE} failed` },
      exception: { values: [{ type: 'Error', value: 'no such table: coverageReport' }] },
    });
    const [reduced] = upstream.events();
    expect(reduced).toMatchObject({
      event_id: told?.['event_id'],
      release: told?.['release'],
      tags: { 'error.code': 'SQLITE_ERROR' },
      exception: { values: [{ type: 'Error', value: expect.stringContaining('internal project') }] },
    });
    expect(reduced).not.toHaveProperty('extra');
    expect(upstream.text()).not.toMatch(/coverageReport|server_name|"user"|\/home\//);
    expect(await counters(running)).toMatchObject({
      stackmend_internal_captured_events_envelopes_total: 1,
      stackmend_internal_captured_events_upstream_total: 1,
      stackmend_internal_captured_events_relay_total: 1,
      stackmend_internal_sent_requests_upstream_events_total: 1,
      stackmend_internal_sent_requests_relay_events_total: 1,
    });
    expect(await internalIssues(running)).toEqual([]);
  });

  it('is an issue of the internal project where no DSN is set, and stays one however often it comes', async () => {
    const running = await start();
    breakRoute(running);
    for (let count = 0; count < 8; count += 1) await fetch(`${running.url}${BROKEN_ROUTE}`);
    await waitFor(async () => Number((await internalIssues(running))?.[0]?.count) === 5);
    await settled(running);
    expect(await internalIssues(running)).toMatchObject([
      { title: 'Error: no such table: coverageReport', count: '5' },
    ]);
    const counted = await counters(running);
    expect(counted['stackmend_internal_uncaptured_errors_total{reason="repeated"}']).toBe(3);
    expect(counted['stackmend_internal_sent_requests_relay_events_total']).toBe(5);
    expect(counted).not.toHaveProperty('stackmend_internal_captured_events_upstream_total');
  });

  it('is told to nobody where the SDK is off, or when it was foreseen', async () => {
    const running = await start({ STACKMEND_SDK_ENABLED: 'false' });
    breakRoute(running);
    expect((await fetch(`${running.url}${BROKEN_ROUTE}`)).status).toBe(500);
    expect((await fetch(`${running.url}/api/0/projects/stackmend/nowhere/coverage/`)).status).toBe(404);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await internalIssues(running)).toEqual([]);
    expect(await counters(running)).toEqual({});
  });
});

describe('upstream', () => {
  it.each([
    ['refuses', 500],
    ['does not answer', 'never'],
  ] as const)('that %s keeps neither relay nor the end waiting', async (_, answer) => {
    const [upstream, relay] = [await endpoint(11), await endpoint(12)];
    upstream.answer(answer);
    const running = await start({ STACKMEND_SDK_DSN: upstream.dsn, STACKMEND_SDK_RELAY_DSN: relay.dsn });
    breakRoute(running);
    await fetch(`${running.url}${BROKEN_ROUTE}`);
    await waitFor(() => relay.events().length === 1 && upstream.requests() === 1);
    const startedAt = performance.now();
    await running.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    // 1 is what it ends with when it has to be cut off.
    expect(running.process.exitCode).toBe(0);
  });
});

describe('what was captured last', () => {
  it('is in the internal project after the next start', async () => {
    const running = await start();
    breakRoute(running);
    const response = await fetch(`${running.url}${BROKEN_ROUTE}`);
    expect(response.status).toBe(500);
    await running.stop({ keep: true });
    server = await startServer({}, running.directory);
    const issues = await internalIssuesOnce(server, 1);
    expect(issues).toMatchObject([{ title: 'Error: no such table: coverageReport', count: '1' }]);
  });
});

describe('an exception in digest', () => {
  it('shows up once in the internal project, when only another one is broken', async () => {
    const running = await start();
    breakDigest(running, 'new.projectId = 2');
    await send(running.dsn, { event_id: eventId(1, 1), message: CANARY });
    const [issue] = await internalIssuesOnce(running, 1);
    expect(issue).toMatchObject({ title: `SqliteError: broken at ${CANARY}`, count: '1' });
    await stays(running, async () => [letters(running), (await internalIssues(running))?.map(({ count }) => count)]);
    expect(letters(running)).toEqual([2]);
  });

  it('shows up once upstream for each project, and not for ever, when all are broken', async () => {
    const upstream = await endpoint(11);
    const running = await start({ STACKMEND_SDK_DSN: upstream.dsn });
    breakDigest(running, '1');
    await send(running.dsn, { event_id: eventId(1, 1), message: `at ${CANARY}\n    at ${CANARY} (/app/x.ts:1:1)` });
    await waitFor(() => upstream.events().length === 2);
    await stays(running, async () => [letters(running), upstream.requests()]);
    expect(letters(running)).toEqual([2, 1]);
    expect(upstream.events().map(({ tags }) => tags)).toEqual([
      { processing_event_for_project: '2', 'error.code': 'SQLITE_CONSTRAINT_TRIGGER' },
      { processing_event_for_project: '1', 'error.code': 'SQLITE_CONSTRAINT_TRIGGER' },
    ]);
    expect(upstream.text()).not.toContain('canary');
    expect(upstream.text()).not.toContain('broken');
    expect(await internalIssues(running)).toEqual([]);
    expect(await counters(running)).toMatchObject({
      stackmend_internal_captured_events_relay_total: 1,
      'stackmend_internal_uncaptured_events_relay_total{reason="unsafe"}': 1,
    });
  });

  it('does not come of what a sender got wrong', async () => {
    const running = await start();
    const { dsn } = running;
    const { protocol, host, username, pathname } = new URL(dsn);
    const url = `${protocol}//${host}/api${pathname}/envelope/?sentry_key=${username}`;
    for (const payload of ['{"broken', '[1]', '"text"']) {
      await fetch(url, { method: 'POST', body: `{"event_id":"${eventId(1, 1)}"}\n{"type":"event"}\n${payload}\n` });
    }
    await waitFor(() => letters(running).length === 3);
    await stays(running, () => internalIssues(running));
    expect(await internalIssues(running)).toEqual([]);
  });
});

/** Nothing of this changes while the server has nothing else to do. */
async function stays(running: RunningServer, look: () => Promise<unknown>): Promise<void> {
  await settled(running);
  const before = await look();
  const until = Date.now() + 3000;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect([await look(), spooled(running)]).toEqual([before, 0]);
  }
}

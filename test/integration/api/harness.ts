import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiServices, createApi } from '../../../server/api/api.ts';
import { createImport } from '../../../server/api/import.ts';
import { type Auth, createAuth } from '../../../server/auth/auth.ts';
import { createSqlEventstream } from '../../../server/backends/eventstream.ts';
import { createSqlNodestore, nodeId } from '../../../server/backends/nodestore.ts';
import { createSqlSearch } from '../../../server/backends/search.ts';
import { createSqlTagstore } from '../../../server/backends/tagstore.ts';
import { createSqlTsdb } from '../../../server/backends/tsdb.ts';
import { createApp } from '../../../server/http/app.ts';
import { createSessionCookie } from '../../../server/http/session-cookie.ts';
import type { StoredEvent } from '../../../server/protocol/event.ts';
import { loadSamples } from '../../../server/samples/samples.ts';
import { openDatabaseInThread } from '../../../server/storage/database-in-thread.ts';
import { createProjectStore } from '../../../server/storage/projects.ts';
import type { NewEnvelope } from '../../../server/storage/spool.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { DAY, NOW, type SeedEvent, seedEvent, temporaryDatabase } from './seed.ts';

export type TestAnswer = { status: number; headers: Headers; body: never; text: string };
export type TestApp = {
  db: Database;
  auth: Auth;
  /** Stands still; a test moves it. */
  clock: { now: number };
  /** What went to the spool. */
  spooled: NewEnvelope[];
  /** What the log was told of. */
  logged: unknown[];
  /** As nobody, or, while there is no user, as the local one; `headers` say otherwise. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<TestAnswer>;
  seedEventWithBody(issueId: number, event: SeedEvent, body?: Partial<StoredEvent>): Promise<number>;
  close(): Promise<void>;
};

/** Where clients reach the server, as it is told; the port is another. */
const URL = 'http://127.0.0.1:8765';

/** What a browser sends with a session. A change says from which page it comes. */
export const withCookie = (cookie: string) => ({ cookie: `stackmend_sid=${cookie}`, origin: URL });
export const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

/** The secret that an answer puts into the session's cookie: empty where it takes it away, null where it says nothing. */
export function cookieOf({ headers }: { headers: Headers }): string | null {
  const [cookie] = headers.getSetCookie();
  return cookie === undefined ? null : (/^stackmend_sid=([^;]*)/.exec(cookie)?.[1] ?? null);
}

/** The real app over a real database in its thread, on a temporary file; only the clock stands still. */
export async function startApp(overrides: Partial<ApiServices> = {}): Promise<TestApp> {
  const { db, file, close } = await temporaryDatabase();
  // As in the server: what crosses a thread changes on its way (a Buffer becomes a Uint8Array).
  const threadDb = openDatabaseInThread(file);
  const clock = { now: NOW };
  const auth = createAuth({
    db: threadDb,
    now: () => clock.now,
    sessionIdleMs: 7 * DAY,
    sessionLifeMs: 30 * DAY,
  });
  const sessionCookie = createSessionCookie({ isHttps: false, lifeMs: 30 * DAY });
  const spooled: NewEnvelope[] = [];
  const logged: unknown[] = [];
  const nodestore = createSqlNodestore(db);
  const importEvents = createImport({
    projects: createProjectStore(threadDb),
    append: async (envelope) => void spooled.push(envelope),
    now: () => NOW,
  });
  const noCoverage = { list: async () => [], add: async () => undefined };
  const services: ApiServices = {
    db: threadDb,
    nodestore: createSqlNodestore(threadDb),
    eventstream: createSqlEventstream(threadDb),
    search: createSqlSearch(threadDb, { now: () => NOW }),
    tagstore: createSqlTagstore(threadDb),
    tsdb: createSqlTsdb(threadDb, { now: () => NOW }),
    importEvents,
    loadSamples: (project, name) => loadSamples(project, { importEvents, coverage: noCoverage, now: () => NOW }, name),
    refused: (projectId) => [
      {
        dateReceived: new Date(NOW).toISOString(),
        method: 'POST',
        path: `/api/${projectId}/store/`,
        status: 401,
        detail: 'No key.',
        client: null,
      },
    ],
    counts: () => [{ itemType: 'session', outcome: 'dropped', quantity: 3 }],
    url: URL,
    maxImportBytes: 1024 * 1024,
    auth,
    sessionCookie,
    setupLink: null,
    browserSdk: { release: 'stackmend@1.2.3', environment: 'test' },
    extra: [],
    now: () => NOW,
    ...overrides,
  };
  const app = createApp({
    api: createApi(services),
    distDir: '/nonexistent',
    access: {
      auth,
      sessionCookie,
      isLoopback: services.setupLink === null,
      url: services.url,
      isSetupOpen: () => services.setupLink !== null,
      trustedProxies: [],
    },
    log: (_, error) => logged.push(error),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const ask: TestApp['ask'] = async (method, path, body, headers = {}) => {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`http://127.0.0.1:${port}/api/0${path}`, {
      method,
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
      headers: { 'content-type': isText ? 'application/octet-stream' : 'application/json', ...headers },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : null) as never,
    };
  };
  return {
    db,
    auth,
    clock,
    spooled,
    logged,
    ask,
    get: (path, headers) => ask('GET', path, undefined, headers),
    async seedEventWithBody(issueId, event, body) {
      const projectId = event.projectId ?? 2;
      const stored = { ...storedEvent(projectId, event), ...body };
      await nodestore.set([{ id: nodeId(projectId, event.eventId), event: stored }]);
      return seedEvent(db, issueId, event);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await threadDb.destroy();
      await close();
    },
  };
}

export function storedEvent(projectId: number, { eventId, timestamp = NOW }: SeedEvent): StoredEvent {
  return {
    event_id: eventId,
    project: String(projectId),
    type: 'error',
    platform: 'python',
    level: 'error',
    timestamp: timestamp / 1000,
    received: NOW / 1000,
    tags: [],
    title: 'ValueError: amount must be positive',
    culprit: 'charge in app/billing.py',
    location: null,
    metadata: { type: 'ValueError' },
    hashes: ['h'],
    grouping_config: { id: 'v1' },
    exception: { values: [{ type: 'ValueError', value: 'amount must be positive' }] },
  };
}

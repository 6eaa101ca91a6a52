import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import express from 'express';
import type { EndpointSettings } from '../../../server/ai/endpoint.ts';
import { createEndpoints } from '../../../server/ai/endpoints.ts';
import { createSuggester, type LoadedEvent, type SuggesterDeps } from '../../../server/ai/suggest.ts';
import { aiCallRoutes } from '../../../server/api/ai-calls.ts';
import { suggestRoutes } from '../../../server/api/ai-fix-suggest.ts';
import { aiSettingsRoutes } from '../../../server/api/ai-settings.ts';
import { createScope } from '../../../server/api/scope.ts';
import { errorHandler } from '../../../server/http/errors.ts';
import { createRateLimit } from '../../../server/limits/rate-limit.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import type { StoredEvent } from '../../../server/protocol/event.ts';
import { createAiStore } from '../../../server/storage/ai.ts';
import { createAiCallStore } from '../../../server/storage/ai-calls.ts';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { storedEvent } from '../../unit/server/ai/sample-event.ts';
import { asLocalUser } from '../api/as-local-user.ts';

export const FIRST = 'a'.repeat(32);
export const SECOND = 'c'.repeat(32);
const HASH = 'b'.repeat(32);

export type Answer = { status: number; data: never; text: string; headers: Headers };
export type Sent = { event: string; data: Record<string, never> };
export type FlowOptions = {
  policy?: string;
  /** In place of the two endpoints. */
  endpoints?: Partial<EndpointSettings>[];
} & Partial<Pick<SuggesterDeps, 'evidenceOf' | 'checkAnswer'>>;

/**
 * The routes of suggestions, the ledger and a project's AI settings over a real database, with two endpoints: `near`,
 * which is local, and `far`, which is none by its kind alone. Project 2 (`default`) has issue 1 with events FIRST and
 * SECOND; project 1 (`internal`) has issue 2 with an event of the same id and hash.
 */
export async function openFlow() {
  const near = await startFakeModel();
  const far = await startFakeModel();
  near.answer('Use the absolute amount.');
  far.answer('Refund with a positive amount.');
  const folder = mkdtempSync(join(tmpdir(), 'stackmend-flow-'));
  const db = openDatabase(join(folder, 'stackmend.db'));
  await migrate(db);
  await addIssue(2, 1);
  await addIssue(1, 2);
  const events = new Map<string, StoredEvent>([
    [`default ${FIRST}`, storedEvent({ event_id: FIRST })],
    [`default ${SECOND}`, storedEvent({ event_id: SECOND, release: '2.0' })],
    [`internal ${FIRST}`, storedEvent({ event_id: FIRST })],
  ]);
  const clock = { now: 1_750_000_000_000 };
  const logged: unknown[] = [];
  const calls = createAiCallStore(db);
  let server: Server | undefined;

  async function addIssue(projectId: number, id: number) {
    const texts = { title: 't', culprit: 'c', type: 'error', level: 'error', platform: 'python', metadata: '{}' };
    const seen = { firstSeen: 0, lastSeen: 0, timesSeen: 1, status: 'unresolved' as const };
    const row = { id, projectId, number: id, ...texts, ...seen, primaryHash: HASH, groupingConfig: 'v1' };
    await db.insertInto('issue').values(row).execute();
  }

  function stop() {
    server?.closeAllConnections();
    server?.close();
  }

  /** Starts the routes; a second start is a restart with other settings. */
  async function start({ policy = 'allowed', endpoints: set, ...deps }: FlowOptions = {}) {
    stop();
    const timeouts = { firstMs: 5000, betweenMs: 5000 };
    const common = { setting: 'ai.endpoints.one', model: 'words', apiKey: '', retries: 0, timeouts };
    const given: Partial<EndpointSettings>[] = set ?? [
      { name: 'near', baseUrl: near.baseUrl, price: { input: 2, output: 8 } },
      { name: 'far', baseUrl: far.baseUrl, kind: 'compatible' },
    ];
    const all = given.map((each) => ({ ...common, name: 'near', baseUrl: near.baseUrl, ...each }));
    const endpoints = createEndpoints(all, { metrics: createMetrics(), backoffMs: 20 });
    const store = createAiStore(db);
    const now = () => clock.now;
    const suggester = createSuggester({
      store,
      calls,
      settings: { policy },
      endpoints,
      rateLimit: createRateLimit({ limit: 1000, windowMs: 1000, now }),
      metrics: createMetrics(),
      now,
      ...deps,
    });
    const loadEvent = async (slug: string, eventId: string): Promise<LoadedEvent | null> => {
      const event = events.get(`${slug} ${eventId}`);
      const place = slug === 'default' ? { projectId: 2, issueId: 1 } : { projectId: 1, issueId: 2 };
      return event ? { event, ...place, primaryHash: HASH } : null;
    };
    const log = (...words: unknown[]) => void logged.push(words);
    const scope = createScope(db);
    const app = express()
      .use(asLocalUser)
      .use('/api/0', suggestRoutes({ suggester, loadEvent, log }))
      .use('/api/0', aiCallRoutes({ scope, db, calls }))
      .use('/api/0', aiSettingsRoutes({ scope, answers: store, endpoints }))
      .use(errorHandler(log));
    const listening = await new Promise<Server>((resolve) => {
      const started = app.listen(0, '127.0.0.1', () => resolve(started));
    });
    server = listening;
    const address = listening.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/0`;
    const send = (method: string, path: string, body?: unknown, signal?: AbortSignal) =>
      fetch(base + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        ...(signal && { signal }),
      });
    const request = async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const response = await send(method, path, body);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      const data = (isJson ? JSON.parse(text) : null) as never;
      return { status: response.status, data, text, headers: response.headers };
    };
    const pathOf = (rest = '', { event = FIRST, project = 'default' } = {}) =>
      `/projects/stackmend/${project}/events/${event}/ai-fix-suggest/${rest}`;
    return {
      suggester,
      send,
      request,
      pathOf,
      get: (path: string) => request('GET', path),
      payload: (query = '', place = {}) => request('GET', pathOf(`payload/${query}`, place)),
      /** Pieces of the answer, or what was answered in its stead. */
      ask: async (body: object = {}, place = {}): Promise<{ status: number; sent: Sent[]; refused: never }> => {
        const { status, text, data } = await request('POST', pathOf('', place), body);
        return { status, sent: status === 200 ? eventsOf(text) : [], refused: data };
      },
      settings: (change: object, project = 'default') =>
        request('PUT', `/projects/stackmend/${project}/ai-settings/`, change),
      calls: (query = '') => request('GET', `/organizations/stackmend/ai-calls/${query}`),
    };
  }

  return {
    near,
    far,
    db,
    events,
    clock,
    logged,
    store: calls,
    start,
    async close() {
      stop();
      await Promise.all([near.close(), far.close()]);
      await db.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}
export type Flow = Awaited<ReturnType<typeof openFlow>>;
export type FlowApp = Awaited<ReturnType<Flow['start']>>;

function eventsOf(text: string): Sent[] {
  const sent: Sent[] = [];
  const parser = createParser({ onEvent: ({ event = '', data }) => sent.push({ event, data: JSON.parse(data) }) });
  parser.feed(text);
  return sent;
}

/** The answer as it streamed. */
export const textOf = (sent: Sent[]): string =>
  sent.flatMap(({ event, data }) => (event === 'delta' ? [data['text']] : [])).join('');

export const requestsTo = (...fakes: FakeModel[]): number[] => fakes.map(({ requests }) => requests.length);

import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createSuggester } from '../../../server/ai/suggest.ts';
import { suggestRoutes } from '../../../server/api/ai-fix-suggest.ts';
import { errorHandler } from '../../../server/http/errors.ts';
import { createRateLimit } from '../../../server/limits/rate-limit.ts';
import { createMetrics } from '../../../server/metrics/metrics.ts';
import type { StoredEvent } from '../../../server/protocol/event.ts';
import { createAiStore } from '../../../server/storage/ai.ts';
import { createAiCallStore } from '../../../server/storage/ai-calls.ts';
import { migrate, openDatabase } from '../../../server/storage/database.ts';
import type { Database } from '../../../server/storage/tables.ts';
import { endpointsAt } from '../../fake-endpoints.ts';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { storedEvent } from '../../unit/server/ai/sample-event.ts';
import { asLocalUser } from '../api/as-local-user.ts';

const FIRST = 'a'.repeat(32);
const SECOND = 'c'.repeat(32);
const HASH = 'b'.repeat(32);

let fake: FakeModel;
let folder: string;
let db: Database;
let time: number;
let events: Map<string, StoredEvent>;
let server: Server | undefined;
const logged: unknown[] = [];

beforeEach(async () => {
  fake = await startFakeModel();
  fake.answer('Use the absolute amount.');
  folder = mkdtempSync(join(tmpdir(), 'stackmend-'));
  db = openDatabase(join(folder, 'stackmend.db'));
  await migrate(db);
  await addIssue(2, 1);
  await addIssue(1, 2);
  time = 1_750_000_000_000;
  events = new Map([
    [`default ${FIRST}`, storedEvent({ event_id: FIRST })],
    [`default ${SECOND}`, storedEvent({ event_id: SECOND, release: '2.0' })],
    [`internal ${FIRST}`, storedEvent({ event_id: FIRST })],
  ]);
  logged.length = 0;
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await fake.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});

async function addIssue(projectId: number, id: number) {
  const texts = { title: 't', culprit: 'c', type: 'error', level: 'error', platform: 'python', metadata: '{}' };
  const seen = { firstSeen: 0, lastSeen: 0, timesSeen: 1, status: 'unresolved' as const };
  const row = { id, projectId, number: id, ...texts, ...seen, primaryHash: HASH, groupingConfig: 'v1' };
  await db.insertInto('issue').values(row).execute();
}

type Settings = { baseUrl: string; apiKey: string; model: string; policy: string };

/** Starts the routes, with the model set as given; a second start is a restart with other settings. */
async function start({ policy = 'allowed', ...endpoint }: Partial<Settings> = {}) {
  server?.closeAllConnections();
  server?.close();
  const metrics = createMetrics();
  const now = () => time;
  const suggester = createSuggester({
    store: createAiStore(db),
    calls: createAiCallStore(db),
    settings: { policy },
    endpoints: endpointsAt({ baseUrl: fake.baseUrl, ...endpoint, timeouts: { firstMs: 1000, betweenMs: 200 } }),
    rateLimit: createRateLimit({ limit: 5, windowMs: 1000, now }),
    metrics,
    now,
  });
  const log = (...words: unknown[]) => void logged.push(words);
  const loadEvent = async (slug: string, eventId: string) => {
    const event = events.get(`${slug} ${eventId}`);
    const projectId = slug === 'default' ? 2 : 1;
    return event ? { event, projectId, issueId: slug === 'default' ? 1 : 2, primaryHash: HASH } : null;
  };
  const app = express()
    .use(asLocalUser)
    .use('/api/0', suggestRoutes({ suggester, loadEvent, log }))
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
  const pathOf = (eventId = FIRST, project = 'default') =>
    `/projects/stackmend/${project}/events/${eventId}/ai-fix-suggest/`;
  return {
    metrics,
    send,
    get: async (path: string) => (await send('GET', path)).json(),
    pathOf,
    payload: async (eventId?: string, project?: string) =>
      (await send('GET', `${pathOf(eventId, project)}payload/`)).json(),
    ask: async (eventId?: string, body: object = {}, project?: string) =>
      eventsOf(await send('POST', pathOf(eventId, project), body)),
  };
}

type Sent = { status: number; event: string; data: Record<string, unknown> };

/** Server-sent events, or the error that came instead as one. */
async function eventsOf(response: Response): Promise<Sent[]> {
  const { status } = response;
  if (status !== 200) return [{ status, event: 'status', data: await response.json() }];
  const sent: Sent[] = [];
  const parser = createParser({
    onEvent: ({ event = '', data }) => sent.push({ status, event, data: JSON.parse(data) }),
  });
  parser.feed(await response.text());
  return sent;
}

const textOf = (sent: Sent[]) =>
  sent
    .filter(({ event }) => event === 'delta')
    .map(({ data }) => data['text'])
    .join('');

describe('asking', () => {
  it('streams the answer, stores it, and answers the next one of the issue from there, naming its event', async () => {
    const app = await start();
    expect(await app.get(app.pathOf())).toEqual({ suggestion: null });

    const first = await app.ask();
    expect(textOf(first)).toBe('Use the absolute amount.');
    const suggestion = {
      text: 'Use the absolute amount.',
      eventID: FIRST,
      model: 'words',
      endpoint: new URL(fake.baseUrl).host,
      dateCreated: new Date(time).toISOString(),
    };
    expect(first.at(-1)).toMatchObject({ event: 'done', data: suggestion });
    const stored = first.at(-1)?.data;
    expect(first.length).toBeGreaterThan(3);

    const second = await app.ask(SECOND);
    expect(second.map(({ event }) => event)).toEqual(['delta', 'done']);
    expect(second.at(-1)?.data).toEqual(stored);
    expect(await app.get(app.pathOf(SECOND))).toEqual({ suggestion: stored });
    expect(fake.requests.length).toBe(1);
  });

  it('asks anew when it is told to, and replaces the answer', async () => {
    const app = await start();
    await app.ask();
    fake.answer('Refund with a positive amount.');
    time += 60_000;
    expect(textOf(await app.ask(SECOND, { force: true }))).toBe('Refund with a positive amount.');
    const { suggestion } = await app.get(app.pathOf());
    expect(suggestion).toMatchObject({ text: 'Refund with a positive amount.', eventID: SECOND });
  });

  it('sends exactly what was shown', async () => {
    const app = await start();
    const { payloadId, messages } = await app.payload();
    // The event changes in between (its coverage, say); the button still sends what its reader has seen.
    events.set(`default ${FIRST}`, storedEvent({ event_id: FIRST, release: 'changed' }));
    await app.ask(FIRST, { payloadId });
    expect(fake.requests[0]?.messages).toEqual(messages);
  });

  it('answers as a stream that proxies leave alone', async () => {
    const app = await start();
    const response = await app.send('POST', app.pathOf(), {});
    await response.text();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toContain('no-transform');
  });

  it('sends the first words before the last are known', async () => {
    const app = await start({ model: 'slow' });
    const response = await app.send('POST', app.pathOf(), {});
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('event: delta');
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
    await reader?.cancel();
  });

  it('says that there is no such event, in that project', async () => {
    const app = await start();
    for (const path of [app.pathOf('f'.repeat(32)), app.pathOf(SECOND, 'internal')]) {
      expect((await app.send('GET', path)).status).toBe(404);
      expect((await app.send('POST', path, {})).status).toBe(404);
    }
  });
});

describe('the payload', () => {
  it('says what would be sent, where to, and what is missing', async () => {
    const app = await start({ policy: 'individual_consent' });
    const payload = await app.payload();
    expect(payload).toMatchObject({
      model: 'words',
      endpoint: new URL(fake.baseUrl).host,
      isLocal: true,
      configured: true,
      policy: 'individual_consent',
      consented: false,
      detail: null,
    });
    expect(payload.messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user']);
    expect(payload.tokens).toBeGreaterThan(300);
    expect(fake.requests).toEqual([]);
  });

  it('keeps its id while the content is the same, and has another nonce for another event', async () => {
    const app = await start();
    const first = await app.payload();
    expect(await app.payload()).toEqual(first);
    const other = await app.payload(SECOND);
    expect(other.payloadId).not.toBe(first.payloadId);
    expect(first.messages[1].content).toContain(`nonce="${first.payloadId}"`);
  });

  it('is stale for another event, another model and after a day', async () => {
    const app = await start();
    const { payloadId } = await app.payload();
    const stale = { status: 409, data: { kind: 'stale_payload' } };
    expect((await app.ask(SECOND, { payloadId }))[0]).toMatchObject(stale);
    expect((await app.ask(FIRST, { payloadId }, 'internal'))[0]).toMatchObject(stale);
    expect((await app.ask(FIRST, { payloadId: 'none' }))[0]).toMatchObject(stale);
    expect((await (await start({ model: 'other' })).ask(FIRST, { payloadId }))[0]).toMatchObject(stale);
    const again = await start();
    time += 25 * 3600 * 1000;
    await again.payload(SECOND);
    expect((await again.ask(FIRST, { payloadId }))[0]).toMatchObject(stale);
    expect(fake.requests).toEqual([]);
  });

  it('is there to copy where no model is set', async () => {
    const app = await start({ baseUrl: 'https://api.openai.com/v1' });
    expect(await app.payload()).toMatchObject({ configured: false, isLocal: false });
    expect((await app.payload()).detail).toContain('OPENAI_API_KEY');
    const [refused] = await app.ask();
    expect(refused).toMatchObject({ status: 404, data: { kind: 'not_configured' } });
  });
});

describe('policy', () => {
  test.each([
    ['allowed', false, 200, undefined],
    ['allowed', true, 200, undefined],
    ['individual_consent', false, 403, { kind: 'consent_required', restriction: 'individual_consent' }],
    ['individual_consent', true, 200, undefined],
    ['subprocessor', false, 403, { kind: 'restricted', restriction: 'subprocessor' }],
    ['subprocessor', true, 403, { kind: 'restricted', restriction: 'subprocessor' }],
  ])('%s, consented %s: %i', async (policy, consented, status, body) => {
    const app = await start({ policy });
    await app.send('PUT', '/users/me/ai-consent/', { consented });
    const [first] = await app.ask();
    expect(first?.status).toBe(status);
    if (body) expect(first?.data).toMatchObject(body);
    expect(fake.requests.length).toBe(status === 200 ? 1 : 0);
  });

  it('keeps consent on the server, through a restart, until it is taken back', async () => {
    const app = await start({ policy: 'individual_consent' });
    expect(await app.get('/users/me/ai-consent/')).toEqual({ consented: false });
    await app.send('PUT', '/users/me/ai-consent/', { consented: true });
    const again = await start({ policy: 'individual_consent' });
    expect(await again.get('/users/me/ai-consent/')).toEqual({ consented: true });
    expect(await again.payload()).toMatchObject({ consented: true });
    await again.send('PUT', '/users/me/ai-consent/', { consented: false });
    expect((await again.ask())[0]?.status).toBe(403);
  });

  it('refuses a consent that is no yes or no', async () => {
    const app = await start();
    expect((await app.send('PUT', '/users/me/ai-consent/', { consented: 'yes' })).status).toBe(400);
  });

  it('checks before it answers from what is stored', async () => {
    await (await start()).ask();
    expect((await (await start({ policy: 'subprocessor' })).ask())[0]?.status).toBe(403);
  });

  it('fails closed: an unknown policy stops the start', async () => {
    await expect(start({ policy: 'alowed' })).rejects.toThrow(/ai\.policy.*alowed/);
  });
});

describe('the cache', () => {
  it.each([
    ['model', { model: 'reasoning' }],
    ['endpoint', { path: '/v2' }],
  ])('never answers for another %s', async (_, change) => {
    await (await start()).ask();
    const path = 'path' in change ? change.path : '';
    const app = await start({ ...change, baseUrl: path ? fake.baseUrl.replace('/v1', path) : fake.baseUrl });
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
    await app.ask();
    expect(fake.requests.length).toBe(2);
  });

  it('never answers for another project, though the hash is the same', async () => {
    const app = await start();
    await app.ask();
    expect((await app.get(app.pathOf(FIRST, 'internal'))).suggestion).toBeNull();
  });

  it('never answers for another version of the prompt', async () => {
    const app = await start();
    await app.ask();
    await db.updateTable('aiSuggestion').set({ promptVersion: '0.r0' }).execute();
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
  });
});

describe('failures', () => {
  test.each([
    ['unauthorized', 502, 'unauthorized'],
    ['rate-limited', 429, 'rate_limited'],
    ['refusal', 422, 'refused'],
    ['hang', 504, 'timeout'],
    ['server-error', 502, 'provider_error'],
    ['garbage', 502, 'provider_error'],
  ])('before the first piece, "%s" is the status %i', async (model, status, kind) => {
    const app = await start({ model });
    const [first] = await app.ask();
    expect(first).toMatchObject({ status, event: 'status', data: { kind } });
    expect(first?.data['detail']).toMatch(/\.$/);
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
  });

  it('hands on how long to wait, in the header and in the body', async () => {
    const app = await start({ model: 'rate-limited' });
    const response = await app.send('POST', app.pathOf(), {});
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toMatchObject({ retryAfter: 7 });
  });

  test.each([
    ['cut', 'cut_off'],
    ['ends-early', 'cut_off'],
    ['stall', 'timeout'],
    ['error-midway', 'provider_error'],
    ['length', 'cut_off'],
  ])('midway, "%s" is an event, and nothing half is stored', async (model, kind) => {
    const app = await start({ model });
    const sent = await app.ask();
    expect(textOf(sent)).toBe('The cause is');
    expect(sent.at(-1)).toMatchObject({ status: 200, event: 'error', data: { kind } });
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
    expect(logged.length).toBe(1);
  });

  it('takes five a second, and says when the next may come', async () => {
    const app = await start();
    for (let turn = 0; turn < 5; turn++) expect((await app.ask())[0]?.status).toBe(200);
    const response = await app.send('POST', app.pathOf(), {});
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ kind: 'rate_limited', retryAfter: 1 });
    time += 1001;
    expect((await app.ask())[0]?.status).toBe(200);
  });

  test.each([['{"payloadId": 7}'], ['[]'], ['{']])('refuses the body %s', async (body) => {
    const app = await start();
    const response = await app.send('POST', app.pathOf(), undefined);
    await response.text();
    const url = response.url;
    const refused = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(refused.status).toBe(400);
  });
});

describe('at the same time', () => {
  it('asks the model once for two who ask the same', async () => {
    const app = await start();
    const both = await Promise.all([app.ask(), app.ask(SECOND)]);
    expect(both.map(textOf)).toEqual(['Use the absolute amount.', 'Use the absolute amount.']);
    expect(fake.requests.length).toBe(1);
  });

  it('goes on for the second reader when the first leaves', async () => {
    const long = 'word '.repeat(700);
    fake.answer(long);
    const app = await start();
    const leaving = new AbortController();
    const first = await app.send('POST', app.pathOf(), {}, leaving.signal);
    // Its head comes with the first piece, so the second reads along by then.
    const second = await app.send('POST', app.pathOf(SECOND), {});
    leaving.abort();
    await expect(first.text()).rejects.toThrow();
    expect(textOf(await eventsOf(second))).toBe(long);
    expect(fake.requests.map(({ isAborted }) => isAborted)).toEqual([false]);
    // Made from the first one's event, and stored though its asker has left.
    expect((await app.get(app.pathOf())).suggestion).toMatchObject({ eventID: FIRST });
  });

  it('ends the call to the model when the reader leaves, and asks anew for the next one', async () => {
    const app = await start({ model: 'slow' });
    const leaving = new AbortController();
    const response = await app.send('POST', app.pathOf(), {}, leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    await expect.poll(() => fake.requests[0]?.isAborted).toBe(true);
    expect((await app.get(app.pathOf())).suggestion).toBeNull();
    const again = await start();
    expect(textOf(await again.ask())).toBe('Use the absolute amount.');
  });
});

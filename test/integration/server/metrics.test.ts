/** What the real server counts, as Prometheus reads it and as a statsd receives it. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type FakeModel, startFakeModel } from '../../fake-model.ts';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { envelopeUrl, eventId, issuesOnce, send } from './clients.ts';

let server: RunningServer | undefined;
let fake: FakeModel | undefined;
let receiver: Socket | undefined;
afterEach(async () => {
  await server?.stop();
  await fake?.close();
  receiver?.close();
  server = undefined;
  fake = undefined;
  receiver = undefined;
});

const PROMETHEUS = { STACKMEND_METRICS_BACKEND: 'prometheus' };

async function scrape({ url }: RunningServer): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

it('counts what came in, what digest took, and requests by route', async () => {
  server = await startServer(PROMETHEUS);
  const { url, dsn } = server;
  await send(dsn, { event_id: eventId(1, 1), message: 'one' });
  await send(dsn, { event_id: eventId(1, 2), message: 'two' });
  await send(dsn.replace(/[0-9a-f]{32}/, 'f'.repeat(32)), { event_id: eventId(1, 3), message: 'no' });
  const unreadable = `{"event_id":"${eventId(1, 4)}"}\n{"type":"event"}\n{"broken\n`;
  expect((await fetch(envelopeUrl(dsn), { method: 'POST', body: unreadable })).status).toBe(200);
  await issuesOnce(server, 2);
  for (const slug of ['a', 'b', 'c']) await fetch(`${url}/api/0/projects/stackmend/${slug}/`);
  await fetch(`${url}/some/page/of/a/stranger`);

  const running = server;
  const values = await waitFor(async () => {
    const now = await scrape(running);
    return now.get('stackmend_digest_dead_letters_total') === 1 && now;
  });
  expect(Object.fromEntries(values)).toMatchObject({
    'stackmend_ingest_envelopes_total{outcome="accepted"}': 3,
    'stackmend_ingest_envelopes_total{outcome="refused",status="403",reason="ForbiddenError"}': 1,
    'stackmend_ingest_items_total{itemType="event",outcome="accepted"}': 3,
    stackmend_events_digested_total: 2,
    'stackmend_http_requests_total{method="GET",route="/api/0/projects/:organization/:project/",status="4xx"}': 3,
    'stackmend_http_duration_seconds_count{route="/api/0/projects/:organization/:project/"}': 3,
    stackmend_spool_rows: expect.any(Number),
    stackmend_spool_bytes: expect.any(Number),
    stackmend_spool_age: expect.any(Number),
  });
  for (const step of ['prepare', 'save']) {
    expect(values.get(`stackmend_digest_duration_seconds_count{step="${step}"}`)).toBeGreaterThan(0);
    expect(values.get(`stackmend_digest_duration_seconds_sum{step="${step}"}`)).toBeGreaterThan(0);
  }
  expect([...values.keys()].filter((name) => name.includes('stranger'))).toEqual([]);
});

it('counts what the model was asked, and how long it took', async () => {
  fake = await startFakeModel();
  const ai = { OPENAI_BASE_URL: fake.baseUrl, OPENAI_MODEL: 'words', STACKMEND_AI_POLICY: 'allowed' };
  server = await startServer({ ...PROMETHEUS, ...ai });
  await send(server.dsn, { event_id: eventId(1, 1), message: 'one' });
  await issuesOnce(server, 1);
  const path = `/api/0/projects/stackmend/default/events/${eventId(1, 1)}/ai-fix-suggest/`;
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(await answer.text()).toContain('event: done');
  const values = await scrape(server);
  expect(values.get('stackmend_ai_request_total')).toBe(1);
  expect(values.get('stackmend_ai_tokens_total{direction="sent"}')).toBeGreaterThan(100);
  expect(values.get('stackmend_ai_duration_seconds_count{result="success"}')).toBe(1);
});

it('shows metrics to this machine alone, by a name of ours', async () => {
  server = await startServer(PROMETHEUS);
  const { url } = server;
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403);
  expect(await statusUnder(`${url}/metrics`, 'stackmend.attacker.example')).toBe(403);
});

it('shows metrics to whoever has the token, where one is set', async () => {
  server = await startServer({ ...PROMETHEUS, STACKMEND_METRICS_TOKEN: 'open sesame'.replace(' ', '-') });
  const { url } = server;
  const statusWith = async (authorization?: string) =>
    (await fetch(`${url}/metrics`, { headers: authorization ? { authorization } : {} })).status;
  expect(await statusWith()).toBe(401);
  expect(await statusWith('Bearer open-sesam')).toBe(401);
  expect(await statusWith('Bearer open-sesame')).toBe(200);
});

it('says what to set where metrics are not kept for reading', async () => {
  server = await startServer();
  const response = await fetch(`${server.url}/metrics`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: expect.stringContaining('metrics.backend') });
});

it('sends to a statsd with tags, the last of it before it ends', async () => {
  const socket = createSocket('udp4');
  receiver = socket;
  const lines: string[] = [];
  socket.on('message', (message) => lines.push(...message.toString().split('\n')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server = await startServer({
    STACKMEND_METRICS_BACKEND: 'statsd',
    STACKMEND_METRICS_STATSD_PORT: String(socket.address().port),
    STACKMEND_METRICS_PREFIX: 'shop.',
  });
  await send(server.dsn, { event_id: eventId(1, 1), message: 'one' });
  await server.stop();
  await waitFor(() => lines.includes('shop.ingest.envelopes:1|c|#outcome:accepted'));
  expect(lines).toContain('shop.ingest.items:1|c|#itemType:event,outcome:accepted');
  expect(lines).toContain('shop.spool.rows:0|g');
});

/** `fetch` sets the Host by itself. */
function statusUnder(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

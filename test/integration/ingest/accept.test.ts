import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { parseEnvelope, serializeEnvelope } from '../../../server/protocol/envelope.ts';
import { corpusFiles, corpusRoot, reportMissingCorpus } from '../../corpus.ts';
import { EVENT_ID, eventEnvelope, KEY, post, type Served, serve } from './serve.ts';

let served: Served;
let mark = 0;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  mark = served.spooled(mark).at(-1)?.id ?? mark;
});
const added = (): ReturnType<Served['spooled']> => served.spooled(mark);

const AUTH = `Sentry sentry_version=7, sentry_key=${KEY}, sentry_client=raven-ruby/3.1.2`;
const DSN = `http://${KEY}@127.0.0.1:8765/2`;

describe('an event in an envelope', () => {
  it('is answered with its id once it is on disk, byte for byte', async () => {
    const body = eventEnvelope();
    const response = await post(served, body);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: EVENT_ID });
    const [row, ...more] = added();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ projectId: 2, eventId: EVENT_ID, remoteAddress: '127.0.0.1' });
    expect(row?.body.toString()).toBe(body);
    expect(Math.abs(Date.now() - (row?.receivedAt ?? 0))).toBeLessThan(10_000);
  });

  test.each<[string, string, Record<string, string>]>([
    ['the query', `/api/2/envelope/?sentry_key=${KEY}`, {}],
    ['X-Sentry-Auth', '/api/2/envelope/', { 'X-Sentry-Auth': AUTH }],
    ['Authorization: Sentry', '/api/2/envelope/', { Authorization: AUTH }],
    ['Authorization: Basic', '/api/2/envelope/', { Authorization: `Basic ${btoa(`${KEY}:`)}` }],
  ])('is taken with its key in %s', async (_, path, headers) => {
    expect((await post(served, eventEnvelope(), { path, headers })).status).toBe(200);
    expect(added()).toHaveLength(1);
  });

  it('is taken with its key in the dsn of the envelope alone, as a tunnel sends it', async () => {
    const body = eventEnvelope({}, { event_id: EVENT_ID, dsn: DSN });
    expect((await post(served, body, { path: '/api/2/envelope/' })).status).toBe(200);
    expect(added()).toHaveLength(1);
  });

  it('is taken with a dsn that agrees, or is empty', async () => {
    expect((await post(served, eventEnvelope({}, { dsn: DSN }))).status).toBe(200);
    expect((await post(served, eventEnvelope({}, { dsn: '' }))).status).toBe(200);
  });

  test.each(['/some/prefix/api/2/envelope/', '/api/2/envelope', '/api/2/envelope//', '//api/2/envelope/'])(
    'is taken at %s',
    async (path) => {
      expect((await post(served, eventEnvelope(), { path: `${path}?sentry_key=${KEY}` })).status).toBe(200);
    },
  );

  test.each([
    'text/plain;charset=UTF-8',
    'application/x-sentry-envelope',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
  ])('is taken as %s', async (type) => {
    expect((await post(served, eventEnvelope(), { headers: { 'Content-Type': type } })).status).toBe(200);
    expect(added()).toHaveLength(1);
  });

  it('is taken in chunks, without a type or a length', async () => {
    const body = eventEnvelope({ message: 'x'.repeat(200_000) });
    const status = await new Promise((resolve, reject) => {
      const req = request(`${served.url}/api/2/envelope/?sentry_key=${KEY}`, { method: 'POST' }, (res) => {
        res.resume().on('end', () => resolve(res.statusCode));
      });
      req.on('error', reject);
      for (let at = 0; at < body.length; at += 1_000) req.write(body.slice(at, at + 1_000));
      req.end();
    });
    expect(status).toBe(200);
    expect(added()[0]?.body.toString()).toBe(body);
  });

  test.each<[string, (body: string) => Uint8Array]>([
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['GZIP', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync],
    ['identity', (body) => Buffer.from(body)],
    ['', (body) => Buffer.from(body)],
  ])('is unpacked from %s, small and large', async (encoding, pack) => {
    for (const size of [10, 900_000]) {
      const body = eventEnvelope({ message: Array.from({ length: size }, (_, index) => (index * 7919) % 10).join('') });
      const response = await post(served, pack(body), { headers: { 'Content-Encoding': encoding } });
      expect(response.status).toBe(200);
      expect(added().at(-1)?.body.toString()).toBe(body);
    }
  });

  it('may be too large for the writer to copy', async () => {
    const attachment = Buffer.alloc(3_000_000, 'ab');
    const body = serializeEnvelope({
      headers: { event_id: EVENT_ID },
      items: [{ headers: { type: 'attachment', filename: 'a' }, payload: attachment }],
    });
    expect((await post(served, body)).status).toBe(200);
    expect(added()[0]?.body.equals(body)).toBe(true);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'of the header, which beats that of the event',
      { event_id: 'a'.repeat(32) },
      { event_id: EVENT_ID },
      new RegExp(EVENT_ID),
    ],
    ['of the event', { event_id: EVENT_ID }, {}, new RegExp(EVENT_ID)],
    ['made, where none is given', {}, {}, /^[0-9a-f]{32}$/],
    ['made, where an empty one is given', { event_id: '' }, { event_id: '' }, /^[0-9a-f]{32}$/],
    ['made, where that of the event is none', { event_id: ['x'] }, {}, /^[0-9a-f]{32}$/],
    [
      'without dashes and in small letters',
      {},
      { event_id: '9EC79C33-EC99-42AB-8353-589FCB2E04DC' },
      new RegExp(EVENT_ID),
    ],
  ])('has the id %s', async (_, event, headers, expected) => {
    const { id } = await (await post(served, eventEnvelope(event, headers))).json();
    expect(id).toMatch(expected);
    expect(added()[0]?.eventId).toBe(id);
  });

  it.each<[string, string]>([
    ['is not JSON', '{"a":'],
    ['nests deeply', `{"a":${'['.repeat(400_000)}`],
    [
      'has 10,000 tags',
      JSON.stringify({ tags: Object.fromEntries(Array.from({ length: 10_000 }, (__, index) => [`t${index}`, 'v'])) }),
    ],
  ])('is taken though its payload %s: digest judges that', async (_, payload) => {
    const response = await post(served, `{}\n{"type":"event"}\n${payload}\n`);
    expect(response.status).toBe(200);
    expect(added()).toHaveLength(1);
  });

  it('is taken though its payload is not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{}\n{"type":"event"}\n{"message":"'),
      Buffer.from([0xff, 0xfe, 0xc0]),
      Buffer.from('"}'),
    ]);
    expect((await post(served, body)).status).toBe(200);
    expect(added()[0]?.body.equals(body)).toBe(true);
  });

  it('names its client: by its authorization, its sdk or its program', async () => {
    await post(served, eventEnvelope(), { path: '/api/2/envelope/', headers: { 'X-Sentry-Auth': AUTH } });
    await post(served, eventEnvelope({}, { sdk: { name: 'sentry.go', version: '0.11' } }));
    await post(served, eventEnvelope(), { headers: { 'User-Agent': 'curl/8' } });
    expect(added().map(({ client }) => client)).toEqual(['raven-ruby/3.1.2', 'sentry.go/0.11', 'curl/8']);
  });
});

describe('other envelopes', () => {
  const counted = (itemType: string): number =>
    served.metrics.counts().find(({ key, tags }) => key === 'ingest.items' && tags['itemType'] === itemType)?.value ??
    0;

  it.each<[string, string, object]>([
    ['nothing', '{}', {}],
    ['a session', '{}\n{"type":"session"}\n{}', {}],
    ['a span container', '{}\n{"type":"span","item_count":1}\n{}', {}],
    ['a transaction', `{"event_id":"${EVENT_ID}"}\n{"type":"transaction"}\n{}`, { id: EVENT_ID }],
    ['feedback', `{"event_id":"${EVENT_ID}"}\n{"type":"feedback"}\n{}`, { id: EVENT_ID }],
  ])('%s: taken, and not kept', async (_, body, answer) => {
    const response = await post(served, body);
    expect([response.status, await response.json()]).toEqual([200, answer]);
    expect(added()).toEqual([]);
  });

  it('a transaction of any size: not parsed for its id', async () => {
    const response = await post(
      served,
      `{}\n{"type":"transaction"}\n{"event_id":"${EVENT_ID}","x":"${'x'.repeat(2_000_000)}"}`,
    );
    expect((await response.json()).id).toMatch(/^(?!9ec79c33)[0-9a-f]{32}$/);
    expect(added()).toEqual([]);
  });

  it('counts what it drops, and unknown types as one', async () => {
    const before = [counted('check_in'), counted('unknown')];
    await post(served, '{}\n{"type":"check_in"}\n{}\n{"type":"made-up-1"}\n{}\n{"type":"made-up-2"}\n{}');
    expect([counted('check_in'), counted('unknown')]).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
    expect(served.metrics.counts().some(({ tags }) => tags['itemType']?.startsWith('made-up'))).toBe(false);
  });

  it('an attachment that comes after its event is kept', async () => {
    const response = await post(served, `{"event_id":"${EVENT_ID}"}\n{"type":"attachment","filename":"a"}\nhello`);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(added()[0]?.eventId).toBe(EVENT_ID);
  });

  it('a user report is kept under the event that it is about', async () => {
    const response = await post(
      served,
      `{}\n{"type":"user_report"}\n${JSON.stringify({ event_id: EVENT_ID, comments: 'x' })}`,
    );
    expect(response.status).toBe(200);
    expect(added()[0]?.eventId).toBe(EVENT_ID);
  });
});

describe('/store/', () => {
  const store = (
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    path = '/api/2/store/',
  ): Promise<Response> => post(served, body, { path, headers: { 'X-Sentry-Auth': AUTH, ...headers } });
  const event = JSON.stringify({ event_id: EVENT_ID, message: 'hello €' });
  const payload = (): string =>
    Buffer.from(parseEnvelope(added().at(-1)?.body ?? Buffer.from('{}')).items[0]?.payload ?? []).toString();

  it.each<[string, string | Uint8Array, Record<string, string>]>([
    ['JSON without a type', event, {}],
    [
      'gzip, as Python sends it',
      zlib.gzipSync(event),
      { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
    ],
    [
      'base64 of zlib, as raven for Ruby sends it',
      zlib.deflateSync(event).toString('base64'),
      { 'Content-Type': 'application/octet-stream' },
    ],
  ])('takes %s', async (_, body, headers) => {
    const response = await store(body, headers);
    expect([response.status, await response.json()]).toEqual([200, { id: EVENT_ID }]);
    expect(added()[0]?.eventId).toBe(EVENT_ID);
    expect(payload()).toBe(event);
  });

  it('mends the numbers of old Python SDKs, and leaves texts alone', async () => {
    expect((await store('{"a":NaN,"b":[-Infinity,Infinity],"c":"NaN \\" -Infinity","d":-1}')).status).toBe(200);
    expect(JSON.parse(payload())).toEqual({ a: null, b: [null, null], c: 'NaN " -Infinity', d: -1 });
  });

  it('makes an id where there is none', async () => {
    const { id } = await (await store('{"message":"x"}')).json();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(added()[0]?.eventId).toBe(id);
  });

  it('takes an envelope by its type', async () => {
    expect((await store(eventEnvelope(), { 'Content-Type': 'application/x-sentry-envelope' })).status).toBe(200);
    expect(added()[0]?.body.toString()).toBe(eventEnvelope());
  });

  it('takes the form without a project, which the key names', async () => {
    expect((await store(event, {}, '/api/store/')).status).toBe(200);
    expect(added()[0]?.projectId).toBe(2);
  });

  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['what is not JSON', '{"a":', 400, /not JSON/],
    ['a text that is neither JSON nor packed', 'helloworld', 400, /neither JSON nor base64/],
    ['a list', '[]', 400, /event is a JSON object/],
    ['nothing', '', 400, /not JSON/],
    ['quotes without end, in linear time', `{"a":NaN,"${'\\"'.repeat(500_000)}`, 400, /not JSON/],
    ['more than 1 MiB', JSON.stringify({ a: 'x'.repeat(1_100_000) }), 413, /at most 1048576/],
    ['a bomb in base64', zlib.deflateSync(Buffer.alloc(50_000_000)).toString('base64'), 413, /unpacks to over/],
  ])('refuses %s', async (_, body, status, detail) => {
    const response = await store(body);
    expect([response.status, (await response.json()).detail]).toEqual([status, expect.stringMatching(detail)]);
    expect(added()).toEqual([]);
  });
});

describe('the corpus', () => {
  reportMissingCorpus('sending every file of the corpus');
  const load = (path: string): Buffer => readFileSync(join(corpusRoot ?? '', path));
  /** A file's own dsn names the project that it was first sent to. */
  function withoutDsn(body: Buffer): Uint8Array {
    const { headers, items } = parseEnvelope(body, { allowCut: true });
    const { dsn: _, ...rest } = headers;
    return serializeEnvelope({ headers: rest, items });
  }

  const envelopes = corpusFiles().filter(({ kind, path }) => kind === 'envelope' && !path.startsWith('edge/'));
  it.each(envelopes.map(({ path }) => path))('%s is kept', async (path) => {
    const response = await post(served, withoutDsn(load(path)));
    expect([response.status, await response.json()]).toEqual([200, { id: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    expect(added()).toHaveLength(1);
  });

  const events = corpusFiles().filter(({ kind }) => kind === 'json');
  it.each(events.map(({ path }) => path))('%s is kept by /store/', async (path) => {
    const response = await post(served, load(path), { path: `/api/2/store/?sentry_key=${KEY}` });
    expect([response.status, await response.json()]).toEqual([200, { id: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    expect(added()).toHaveLength(1);
  });

  it.skipIf(!corpusRoot).each<[string, number, number]>([
    ['empty.envelope', 200, 0],
    ['no_length_eof.envelope', 200, 1],
    ['binary_before_event.envelope', 200, 1],
    ['two_items_bom.envelope', 400, 0],
    ['unknown_item_type.envelope', 200, 0],
    ['transaction_only.envelope', 200, 0],
  ])('edge/%s is answered with %i and keeps %i', async (name, status, rows) => {
    const body = load(`edge/${name}`)
      .toString('latin1')
      .replace(/"dsn":"[^"]*",?/, '')
      .replace(',}', '}');
    expect((await post(served, Buffer.from(body, 'latin1'))).status).toBe(status);
    expect(added()).toHaveLength(rows);
  });

  it.skipIf(!corpusRoot)('refuses a capture of another project as it is, since its dsn names that one', async () => {
    const response = await post(served, load('edge/binary_before_event.envelope'));
    expect([response.status, (await response.json()).detail]).toEqual([400, expect.stringMatching(/another|32 hex/)]);
  });
});

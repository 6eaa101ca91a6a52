/** Broken and hostile requests against the real process, through digest to the API. Each format's table is in `ingest`. */
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type RunningServer, startServer, waitFor } from '../../server.ts';
import { envelopeOf, envelopeUrl, eventId, getJson, send } from './clients.ts';

const MEBIBYTE = 1024 * 1024;
/** What ingest may hold in flight (64 MiB), five times over: the garbage of it is not collected at once. */
const MAX_GROWTH_BYTES = 5 * 64 * MEBIBYTE;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Sent = { path?: string; headers?: Record<string, string> };

async function post(body: Uint8Array | string, { path, headers = {} }: Sent = {}): Promise<[number, string]> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const url = path ? server.url + path : envelopeUrl(server.dsn);
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(bytes), headers });
  const { detail }: { detail?: string } = JSON.parse(await response.text());
  return [response.status, detail ?? ''];
}

/** What arrives on a bare connection until the server closes it. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

/** Bytes; null where there is no /proc. */
function memory(field: 'VmRSS' | 'VmHWM'): number | null {
  const path = `/proc/${server.process.pid}/status`;
  if (!existsSync(path)) return null;
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(path, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

/** The process lives, and an event sent now comes out of the API. */
async function stillWorks(event_id: string): Promise<void> {
  expect((await send(server.dsn, { event_id, message: 'all is well' })).status).toBe(200);
  await waitFor(() => getJson(server, `/projects/stackmend/default/events/${event_id}/`));
  expect(server.process.exitCode).toBe(null);
  expect(server.output()).not.toMatch(/"level":[56]0/);
}

const good = envelopeOf({ event_id: eventId(1, 0), message: 'whole' });
const gzip = zlib.gzipSync(good);
const withItem = (header: string) => `{"event_id":"${eventId(1, 1)}"}\n${header}\n{"message":"x"}\n`;

describe('a broken body', () => {
  test.each<[string, Uint8Array | string, string, number, RegExp]>([
    ['truncated gzip', gzip.subarray(0, gzip.length - 9), 'gzip', 400, /gzip/],
    ['no gzip', good, 'gzip', 400, /gzip/],
    ['no zstd', Buffer.alloc(5000, 7), 'zstd', 400, /zstd/],
    ['oversized', Buffer.alloc(20 * MEBIBYTE + 1, 'x'), 'identity', 413, /20971520/],
    ['a length beyond the end', withItem('{"type":"event","length":9999}'), 'identity', 400, /length/],
    ['a negative length', withItem('{"type":"event","length":-16}'), 'identity', 400, /length|byte count/],
    ['a header that is not UTF-8', Buffer.from('{"event_id":"\xff\xfe"}\n', 'latin1'), 'identity', 400, /UTF-8/],
    ['a truncated envelope header', '{"event_id":', 'identity', 400, /header/],
    [
      'an event over 1 MiB',
      envelopeOf({ event_id: eventId(1, 2), message: 'x'.repeat(MEBIBYTE) }),
      'identity',
      413,
      /event/,
    ],
  ])('is refused with its reason: %s', async (_, body, encoding, status, detail) => {
    const headers = { 'Content-Encoding': encoding };
    expect(await post(body, { headers })).toEqual([status, expect.stringMatching(detail)]);
  });

  test.each<[string, () => string, number]>([
    ['no key', () => '/api/2/envelope/', 401],
    ['a wrong key', () => `/api/2/envelope/?sentry_key=${'c'.repeat(32)}`, 403],
    ['the key of another project', () => `/api/1/envelope/?sentry_key=${new URL(server.dsn).username}`, 403],
    ['a project that is not there', () => `/api/99/envelope/?sentry_key=${new URL(server.dsn).username}`, 403],
  ])('is refused with its reason: %s', async (_, path, status) => {
    expect(await post(good, { path: path() })).toEqual([status, expect.stringMatching(/\.$/)]);
  });
});

describe('a request that is none', () => {
  const head = () => `POST ${new URL(envelopeUrl(server.dsn)).pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
  test.each<[string, () => string, RegExp]>([
    [
      'a huge header',
      () => `${head()}X-Sentry-Auth: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 .*"detail":"The headers/s,
    ],
    [
      'two lengths',
      () => `${head()}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400 .*"detail"/s,
    ],
    [
      'a chunk without a size',
      () => `${head()}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      /^HTTP\/1\.1 40\d .*"detail"/s,
    ],
    ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00', /^HTTP\/1\.1 400 .*"detail"/s],
  ])('is answered in JSON: %s', async (_, text, answer) => expect(await exchange(text())).toMatch(answer));

  it('is given up when its body comes too slowly', async () => {
    const { pathname, search } = new URL(envelopeUrl(server.dsn));
    const text = `POST ${pathname}${search} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{}\n`;
    expect(await exchange(text)).toMatch(/^HTTP\/1\.1 408 .*"detail":"The body comes too slowly/s);
  });
});

it('many bombs at a time, in every encoding, take a bounded amount of memory', async () => {
  const before = memory('VmRSS');
  const zeros = Buffer.alloc(400 * MEBIBYTE);
  const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 } };
  const bombs: [string, Uint8Array][] = [
    ['gzip', zlib.gzipSync(zeros, { level: 1 })],
    ['deflate', zlib.deflateSync(zeros, { level: 1 })],
    ['br', zlib.brotliCompressSync(zeros, quick)],
    ['zstd', zlib.zstdCompressSync(zeros)],
  ];
  // Twenty at a time would unpack to 8 GB; the second wave finds the first one's garbage.
  const wave = () =>
    Promise.all(
      bombs.flatMap(([encoding, body]) =>
        Array.from({ length: 5 }, () => post(body, { headers: { 'Content-Encoding': encoding } })),
      ),
    );
  const answers = [...(await wave()), ...(await wave())];
  for (const [status, detail] of answers) {
    // What would be too much at a time is put off, which is honest as well.
    expect([413, 503]).toContain(status);
    expect(detail).toMatch(status === 413 ? /unpacks to over/ : /later|again/);
  }
  expect(answers.filter(([status]) => status === 413).length).toBeGreaterThan(0);
  const peak = memory('VmHWM');
  if (before !== null && peak !== null) expect(peak - before).toBeLessThan(MAX_GROWTH_BYTES);
  await stillWorks(eventId(2, 0));
});

describe('an event that is accepted comes out readable:', () => {
  type Event = {
    title: string;
    tags: { key: string; value: string }[];
    errors: unknown[];
    context: Record<string, unknown>;
    entries: { type: string; data: unknown }[];
  };
  async function through(json: string | Uint8Array, event_id: string): Promise<Event> {
    const item = Buffer.from(json);
    const head = Buffer.from(`{"event_id":"${event_id}"}\n{"type":"event","length":${item.length}}\n`);
    expect(await post(Buffer.concat([head, item]))).toEqual([200, '']);
    return waitFor(() => getJson<Event>(server, `/projects/stackmend/default/events/${event_id}/`));
  }

  it('100,000 levels deep, cut with a mark', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"message":"deep","extra":{"deep":${deep}},"contexts":{"app":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`;
    const event = await through(text, eventId(3, 0));
    expect(event.title).toBe('deep');
    expect(JSON.stringify(event.context).length).toBeLessThan(100_000);
    const raw = await fetch(`${server.url}/api/0/projects/stackmend/default/events/${eventId(3, 0)}/json/`);
    expect(JSON.parse(await raw.text())).toMatchObject({ logentry: { formatted: 'deep' } });
  });

  it('with 10,000 tags, and what was left out is said', async () => {
    const tags = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`tag${index}`, `value ${index}`]));
    const event = await through(JSON.stringify({ message: 'many tags', tags }), eventId(3, 1));
    expect(event.tags).toContainEqual(expect.objectContaining({ key: 'tag0', value: 'value 0' }));
    const kept = event.tags.filter(({ key }) => key.startsWith('tag')).length;
    if (kept < 10_000) expect(event.errors).not.toEqual([]);
  });

  it('with bytes that are not UTF-8', async () => {
    const event = await through(Buffer.from('{"message":"caf\xe9 au lait"}', 'latin1'), eventId(3, 2));
    expect(event.title).toBe('caf\ufffd au lait');
  });

  it('with keys that objects have from birth', async () => {
    const text =
      '{"message":"born with","tags":{"__proto__":"p","constructor":"c"},"extra":{"__proto__":{"polluted":true},"toString":1}}';
    const event = await through(text, eventId(3, 3));
    expect(event.title).toBe('born with');
    expect(event.tags).toContainEqual(expect.objectContaining({ key: 'constructor', value: 'c' }));
  });

  it('or is kept as what could not be digested, when it is no event at all', async () => {
    for (const [index, text] of ['[]', 'null', '7', '{"message":'].entries()) {
      const event_id = eventId(4, index);
      expect(await post(`{"event_id":"${event_id}"}\n{"type":"event"}\n${text}\n`)).toEqual([200, '']);
    }
    await stillWorks(eventId(4, 99));
  });
});

it('the API refuses what is no request of its own', async () => {
  const api = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.url}/api/0${path}`, init);
    expect(Object.keys(JSON.parse(await response.text()))).toContain('detail');
    return response.status;
  };
  const json = { 'Content-Type': 'application/json' };
  expect(await api('/organizations/stackmend/issues/%E0%A4%A/')).toBe(400);
  expect(await api('/organizations/stackmend/issues/?cursor=x%00y&limit=-1')).toBe(400);
  expect(await api('/organizations/stackmend/issues/1/', { method: 'PUT', headers: json, body: '{"status":' })).toBe(
    400,
  );
  const large = { method: 'PUT', headers: json, body: JSON.stringify({ status: 'x'.repeat(5 * MEBIBYTE) }) };
  expect([400, 404, 413]).toContain(await api('/organizations/stackmend/issues/1/', large));
  expect(await api('/projects/stackmend/default/events/', { method: 'POST', body: '{"message":' })).toBe(400);
  await stillWorks(eventId(5, 0));
});

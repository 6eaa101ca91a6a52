import { connect } from 'node:net';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { serializeEnvelope } from '../../../server/protocol/envelope.ts';
import {
  EVENT_ID,
  eventEnvelope,
  INACTIVE_KEY,
  KEY,
  OTHER_KEY,
  post,
  type Served,
  serve,
  UNKNOWN_KEY,
} from './serve.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
/** Whatever was sent: nothing was kept, nothing was a fault of ours, and the next event is taken. */
afterEach(async () => {
  expect(served.spooled()).toEqual([]);
  expect(served.errors).toEqual([]);
  expect((await post(served, eventEnvelope())).status).toBe(200);
  await served.writer.deleteUpTo(Number.MAX_SAFE_INTEGER);
});

async function refusal(response: Response): Promise<[number, string]> {
  const { detail } = await response.json();
  expect(response.headers.get('x-sentry-error')).toBe(detail);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  return [response.status, detail];
}

describe('authorization', () => {
  const withKey = (key: string): { path: string } => ({ path: `/api/2/envelope/?sentry_key=${key}` });
  const dsn = (key: string, project: number): string =>
    eventEnvelope({}, { dsn: `http://${key}@127.0.0.1/${project}` });

  test.each<[string, string, { path: string; headers?: Record<string, string> }, number, RegExp]>([
    ['no key', eventEnvelope(), { path: '/api/2/envelope/' }, 401, /Missing authorization/],
    ['no key at store', '{}', { path: '/api/2/store/' }, 401, /Missing authorization/],
    [
      'two keys',
      eventEnvelope(),
      { ...withKey(KEY), headers: { 'X-Sentry-Auth': `Sentry sentry_key=${KEY}` } },
      401,
      /Multiple/,
    ],
    [
      'a header without key',
      eventEnvelope(),
      { path: '/api/2/envelope/', headers: { 'X-Sentry-Auth': 'Sentry x=y' } },
      401,
      /sentry_key/,
    ],
    ['a key that is none', eventEnvelope(), withKey('hello'), 400, /32 hex digits/],
    [
      'a project that is a name',
      eventEnvelope(),
      { path: `/api/shop/envelope/?sentry_key=${KEY}` },
      400,
      /must be a number/,
    ],
    ['a newer protocol', eventEnvelope(), withKey(`${KEY}&sentry_version=8`), 400, /newer/],
    ['an unknown key', eventEnvelope(), withKey(UNKNOWN_KEY), 403, /No project has this DSN/],
    ['the key of another project', eventEnvelope(), withKey(OTHER_KEY), 403, /another project/],
    ['a key that is switched off', eventEnvelope(), withKey(INACTIVE_KEY), 403, /switched off/],
    ['a dsn with another key', dsn(OTHER_KEY, 2), withKey(KEY), 400, /another key or project/],
    ['a dsn with another project', dsn(KEY, 3), withKey(KEY), 400, /another key or project/],
    [
      'a dsn alone, of another project than the path',
      dsn(OTHER_KEY, 3),
      { path: '/api/2/envelope/' },
      400,
      /another key/,
    ],
    ['a dsn alone, with an unknown key', dsn(UNKNOWN_KEY, 2), { path: '/api/2/envelope/' }, 403, /No project/],
    ['a dsn alone that is none', eventEnvelope({}, { dsn: 'x' }), { path: '/api/2/envelope/' }, 400, /not an http/],
  ])('refuses %s', async (_, body, options, status, detail) => {
    expect(await refusal(await post(served, body, options))).toEqual([status, expect.stringMatching(detail)]);
  });

  it('sees a key that was just made, and one that was switched off a second ago', async () => {
    expect((await post(served, eventEnvelope(), withKey('d'.repeat(32)))).status).toBe(403);
    served.keys.set('d'.repeat(32), { projectId: 2, isActive: true });
    expect((await post(served, '{}', withKey('d'.repeat(32)))).status).toBe(200);
    served.keys.set('d'.repeat(32), { projectId: 2, isActive: false });
    await expect
      .poll(async () => (await post(served, '{}', withKey('d'.repeat(32)))).status, { timeout: 3_000 })
      .toBe(403);
  });
});

describe('the path and method', () => {
  test.each([
    '/',
    '/api/2/',
    '/api/0/envelope/',
    '/api/0/projects/a/store/',
    '/api/2/envelopes/',
    '/envelope/',
    '/api/2/envelope/x',
  ])('leaves %s to others', async (path) => expect((await post(served, '{}', { path })).status).toBe(404));

  it('refuses a GET, and says which methods there are', async () => {
    const response = await fetch(`${served.url}/api/2/envelope/?sentry_key=${KEY}`);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await refusal(response))[0]).toBe(405);
  });

  it('lets any page send, and read the answer', async () => {
    const response = await fetch(`${served.url}/prefix/api/2/envelope/`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://example.com', 'Access-Control-Request-Method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('x-sentry-auth'),
      'access-control-max-age': '3600',
    });
    expect((await post(served, '{}')).headers.get('access-control-expose-headers')).toContain('retry-after');
  });
});

describe('a body', () => {
  const packed = zlib.gzipSync(eventEnvelope({ message: 'x'.repeat(5_000) }));
  const ofItem = (type: string, bytes: number): Uint8Array =>
    serializeEnvelope({
      headers: { event_id: EVENT_ID },
      items: [{ headers: { type }, payload: new Uint8Array(bytes) }],
    });

  test.each<[string, string | Uint8Array, string, number, RegExp]>([
    ['without an envelope', '', 'identity', 400, /envelope header/],
    ['that is not gzip', eventEnvelope(), 'gzip', 400, /not whole gzip data/],
    ['that is not zlib', 'hello hello', 'deflate', 400, /not whole deflate/],
    ['that is not brotli', 'hello hello', 'br', 400, /not whole br data/],
    ['that is not zstd', 'hello hello', 'zstd', 400, /not whole zstd data/],
    ['of gzip that was cut', packed.subarray(0, packed.length - 12), 'gzip', 400, /not whole gzip data/],
    ['of gzip of nothing', zlib.gzipSync(''), 'gzip', 400, /envelope header/],
    ['packed twice', zlib.gzipSync(packed), 'gzip, gzip', 415, /more than once/],
    ['in an unknown encoding', eventEnvelope(), 'compress', 415, /not known here/],
    ['with a wrong length', '{}\n{"type":"event","length":3}\n{"a":1}', 'identity', 400, /no newline follows/],
    ['with a negative length', '{}\n{"type":"event","length":-16}\n{}', 'identity', 400, /not a byte count/],
    ['with an id that is none', '{"event_id":"x"}\n{"type":"event"}\n{}', 'identity', 400, /not a UUID/],
    ['with attachments of no event', '{}\n{"type":"attachment"}\nx', 'identity', 400, /needs the "event_id"/],
    ['with a report on no event', '{}\n{"type":"user_report"}\n{}', 'identity', 400, /needs the "event_id"/],
    ['with an event over 1 MiB', ofItem('event', 1_048_577), 'identity', 413, /event item has 1048577 bytes/],
    [
      'with an attachment over 20 MiB',
      zlib.gzipSync(Buffer.concat([ofItem('attachment', 21_000_000)]), { level: 0 }),
      'gzip',
      413,
      /larger than|attachment item/,
    ],
    ['over 20 MiB', new Uint8Array(21_000_000), 'identity', 413, /larger than 20971520/],
  ])('%s is refused', async (_, body, encoding, status, detail) => {
    const response = await post(served, body, { headers: { 'Content-Encoding': encoding } });
    expect(await refusal(response)).toEqual([status, expect.stringMatching(detail)]);
  });

  const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);
  test.each<[string, string, Uint8Array]>([
    ['gzip', 'gzip', zlib.gzipSync(zeros(200_000_000))],
    ['gzip in a thousand members', 'gzip', Buffer.concat(Array(1_000).fill(zlib.gzipSync(zeros(200_000))))],
    ['zlib', 'deflate', zlib.deflateSync(zeros(200_000_000))],
    ['bare deflate', 'deflate', zlib.deflateRawSync(zeros(200_000_000))],
    [
      'brotli',
      'br',
      zlib.brotliCompressSync(zeros(200_000_000), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
    ],
    ['zstd', 'zstd', zlib.zstdCompressSync(zeros(200_000_000))],
  ])('that is a bomb in %s is refused, and takes no memory', async (_, encoding, body) => {
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }, 1);
    const response = await post(served, body, { headers: { 'Content-Encoding': encoding } });
    clearInterval(timer);
    expect(await refusal(response)).toEqual([413, expect.stringMatching(/unpacks to over/)]);
    // The 40 MiB that are allowed, and garbage of the growing up to there; unbounded it were over 400 MB.
    expect(peak - before).toBeLessThan(120_000_000);
  });

  it('of brotli that never makes progress is refused', async () => {
    // A window, then empty metadata blocks without end: input that yields no output (Bugsink 2.0.6).
    const body = Buffer.concat([Buffer.from([0x0c]), Buffer.alloc(2_000_000, 0x06)]);
    const response = await post(served, body, { headers: { 'Content-Encoding': 'br' } });
    expect(await refusal(response)).toEqual([400, expect.stringMatching(/not whole br/)]);
  });

  it('of zstd that asks for a window of 128 MiB is refused', async () => {
    const stream = zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_windowLog]: 27 } });
    stream.write(eventEnvelope()); // and only then the end, since a frame of known size needs no window
    stream.end();
    const body = Buffer.concat(await stream.toArray());
    const response = await post(served, body, { headers: { 'Content-Encoding': 'zstd' } });
    expect(await refusal(response)).toEqual([400, expect.stringMatching(/not whole zstd/)]);
  });
});

describe('any bytes', () => {
  it('are never answered with 5xx, nor do they end the process', async () => {
    const pieces = fc.constantFrom(
      '{}',
      '\n',
      '{"type":"event"}',
      '{"type":"event","length":3}',
      '{"event_id":"x"}',
      'abc',
      '[',
      '\ufeff',
      'NaN',
      '"',
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
    );
    const encoding = fc.constantFrom('identity', 'gzip', 'deflate', 'br', 'zstd', 'x', ',,', 'gzip,br');
    const path = fc.constantFrom(
      '/api/2/envelope/',
      '/api/2/store/',
      '/api/store/',
      '/x/api/2/store',
      '/api/%00/envelope/',
    );
    const key = fc.constantFrom(KEY, KEY, KEY, UNKNOWN_KEY, '%00', '');
    const run = async (bytes: Uint8Array, contentEncoding: string, to: string, sentryKey: string): Promise<void> => {
      const response = await post(served, bytes, {
        path: `${to}?sentry_key=${sentryKey}`,
        headers: { 'Content-Encoding': contentEncoding },
      });
      expect(response.status).toBeLessThan(500);
      await response.json();
    };
    await fc.assert(fc.asyncProperty(body, encoding, path, key, run), { numRuns: 600 });
    await served.writer.deleteUpTo(Number.MAX_SAFE_INTEGER);
  });
});

describe('limits on all requests together', () => {
  it('answers 503 with Retry-After while too many bytes are in flight, and recovers', async () => {
    const waiting: (() => void)[] = [];
    const full = await serve({
      limits: { maxInFlightBytes: 100_000 },
      append: () => new Promise((resolve) => waiting.push(resolve)),
    });
    const body = eventEnvelope({ message: 'x'.repeat(60_000) });
    const first = post(full, body);
    await expect.poll(() => waiting.length).toBe(1);
    const second = await post(full, body);
    expect(second.headers.get('retry-after')).toBe('5');
    expect((await refusal(second))[0]).toBe(503);
    waiting[0]?.();
    expect((await first).status).toBe(200);
    const third = post(full, body);
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.();
    expect((await third).status).toBe(200);
    await full.close();
  });

  it('gives up on a body that comes too slowly', async () => {
    const slow = await serve({ limits: { windowMs: 200 } });
    const answer = await raw(
      slow,
      `POST /api/2/envelope/?sentry_key=${KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*The body comes too slowly/s);
    await slow.close();
  });

  it('forgets a client that goes away in the middle', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    socket.write(`POST /api/2/envelope/?sentry_key=${KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    const aborted = (): unknown => served.metrics.counts().find(({ tags }) => tags['outcome'] === 'aborted')?.value;
    await expect.poll(aborted).toBe(1);
  });

  it('tells a client that is still sending why, and lets it read that', async () => {
    const head = `POST /api/2/envelope/?sentry_key=${UNKNOWN_KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n`;
    const answer = await raw(served, head + 'x'.repeat(2_000_000));
    expect(answer).toMatch(/^HTTP\/1\.1 403 .*Connection: close.*No project has this DSN/s);
  });

  /** Sends text and gives back all that comes, until the server closes. Rejects on a reset. */
  function raw({ url }: Served, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('error', reject).on('close', () => resolve(answer));
      socket.write(text);
    });
  }
});

describe('a fault of ours', () => {
  it('is a 503 with the next try where keys cannot be looked up, and told to the log', async () => {
    const broken = await serve({ findKey: () => Promise.reject(new Error('database is locked')) });
    const response = await post(broken, eventEnvelope());
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await refusal(response)).toEqual([503, expect.stringMatching(/cannot be looked up/)]);
    expect(broken.errors).toEqual([new Error('database is locked')]);
    await broken.close();
  });

  it('is a 500 that keeps its words inside', async () => {
    const broken = await serve({ append: () => Promise.reject(new Error('secret path')) });
    const [status, detail] = await refusal(await post(broken, eventEnvelope()));
    expect([status, detail]).toEqual([500, expect.not.stringContaining('secret')]);
    expect(broken.errors).toEqual([new Error('secret path')]);
    await broken.close();
  });
});

describe('the last refused requests', () => {
  it('are kept, newest first, with reason and client, without the key', async () => {
    const before = served.ingest.refused().length;
    await post(served, '{}', { path: `/api/2/envelope/?sentry_key=${UNKNOWN_KEY}&sentry_client=raven%2F1` });
    await post(served, 'x', { path: `/api/7/store/?sentry_key=${OTHER_KEY}`, headers: { 'User-Agent': 'curl/8' } });
    const [second, first] = served.ingest.refused();
    expect(first).toMatchObject({
      path: '/api/2/envelope/',
      status: 403,
      client: 'raven/1',
      projectId: 2,
      method: 'POST',
    });
    expect(second).toMatchObject({
      path: '/api/7/store/',
      client: 'curl/8',
      projectId: 7,
      detail: expect.stringContaining('another project'),
    });
    expect(Date.parse(first?.dateReceived ?? '')).toBeGreaterThan(Date.now() - 10_000);
    expect(JSON.stringify(served.ingest.refused())).not.toContain(UNKNOWN_KEY);
    expect(served.ingest.refused().length).toBe(Math.min(100, before + 2));
  });

  it('are at most 100', async () => {
    for (let index = 0; index < 105; index += 1) await post(served, '{}', { path: '/api/2/envelope/' });
    expect(served.ingest.refused()).toHaveLength(100);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { json, Router } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Access, createApp } from '../../../../server/http/app.ts';
import { createSessionCookie } from '../../../../server/http/session-cookie.ts';
import { ConflictError, RateLimitedError, StatusError } from '../../../../server/protocol/errors.ts';

let folder: string;
let server: Server;
let port: number;
let logged: string[];

beforeEach(async () => {
  logged = [];
  folder = mkdtempSync(join(tmpdir(), 'stackmend-dist-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Stackmend</title>');
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {};\n'.repeat(500));
  writeFileSync(join(folder, 'assets', 'engine-abc123.wasm'), 'x');
  writeFileSync(join(folder, '.secret'), 'x');
  await listen();
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** On loopback, without users. */
const ACCESS: Access = {
  auth: { hasUsers: async () => false, fromSession: async () => null, fromToken: async () => null },
  sessionCookie: createSessionCookie({ isHttps: false, lifeMs: 1000 }),
  isLoopback: true,
  url: 'http://127.0.0.1:8765',
  isSetupOpen: () => true,
  trustedProxies: [],
};

async function listen(access: Partial<Access> = {}) {
  const app = createApp({
    api: testApi(),
    distDir: folder,
    access: { ...ACCESS, ...access },
    log: (message) => logged.push(message),
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
}

/** Routes that go wrong in each way. */
function testApi(): Router {
  const router = Router();
  router.get('/fine/', (_req, res) => void res.json({ ok: true }));
  router.post('/echo/', json({ limit: 1000 }), (req, res) => void res.json(req.body));
  router.get('/conflict/', () => {
    throw new ConflictError('Taken.');
  });
  router.get('/teapot/', (_req, res) => {
    res.attachment('x.html');
    throw new StatusError(418, 'Tea.', { body: { kind: 'tea' } });
  });
  router.get('/wait/', async () => {
    throw new RateLimitedError('Slowly.', 1.2);
  });
  router.get('/bug/', () => {
    throw new Error('SELECT secret FROM table');
  });
  router.get('/full/', () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  });
  router.get('/string/', () => {
    throw 'text';
  });
  router.get('/stream/', (_req, res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    res.write('data: 1\n\n');
  });
  return router;
}

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method = 'GET', headers = {}, body } = options;
  request({ port, host: '127.0.0.1', path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      // The stream of the test never ends.
      if (path.includes('/stream/')) {
        response.destroy();
        end();
      }
    });
    const end = () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      });
    response.on('end', end);
  })
    .on('error', reject)
    .end(body);
  return promise;
}

describe('security headers', () => {
  it('lets the page run and reach nothing but itself', async () => {
    const { headers } = await ask('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('keeps a script to what is heeded of one', async () => {
    const { headers } = await ask('/assets/main-abc123.js');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['etag']).toBeTruthy();
    expect(
      Object.keys(headers)
        .filter((name) => /policy$|^x-|agent-cluster/.test(name))
        .sort(),
    ).toEqual(['cross-origin-resource-policy', 'x-content-type-options']);
  });

  it.each(['/assets/icon-abc123.svg', '/assets/none-000000.js', '/api/0/fine/'])('guards %s whole', async (path) => {
    writeFileSync(join(folder, 'assets', 'icon-abc123.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const { headers } = await ask(path, { headers: { accept: 'text/html' } });
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['x-frame-options']).toBe('DENY');
  });
});

describe('errors', () => {
  it.each<[string, number, object]>([
    ['/api/0/conflict/', 409, { detail: 'Taken.' }],
    ['/api/0/teapot/', 418, { detail: 'Tea.', kind: 'tea' }],
    ['/api/0/%E0%A4%A/', 404, { detail: expect.any(String) }],
  ])('%s answers %i', async (path, status, body) => {
    const answer = await ask(path);
    expect(answer.status).toBe(path.includes('%') ? answer.status : status);
    expect(answer.status).toBeLessThan(500);
    expect(JSON.parse(answer.body)).toEqual(body);
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect(logged).toEqual([]);
  });

  it('says when to come back, in whole seconds', async () => {
    const answer = await ask('/api/0/wait/');
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('2');
  });

  it('says that the disk is full, and logs it', async () => {
    const answer = await ask('/api/0/full/');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(JSON.parse(answer.body).detail).toMatch(/disk is full/);
    expect(logged).toHaveLength(1);
  });

  it.each(['/api/0/bug/', '/api/0/string/'])('%s is ours: logged, and its words kept inside', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(logged).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['is no JSON', { 'content-type': 'application/json' }, '{"a":', 400],
    ['is too large', { 'content-type': 'application/json' }, JSON.stringify('x'.repeat(2000)), 413],
    ['is in an unknown encoding', { 'content-type': 'application/json', 'content-encoding': 'zip' }, '{}', 415],
    ['is not the gzip that it says', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, '{}', 400],
  ])('a body that %s is the caller’s fault', async (_, headers, body, status) => {
    const answer = await ask('/api/0/echo/', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).detail).toMatch(/body|request/);
    expect(logged).toEqual([]);
  });
});

describe('the page', () => {
  it('keeps hashed files for a year, and the page itself never', async () => {
    const script = await ask('/assets/main-abc123.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toMatch(/javascript/);
    const page = await ask('/issues/12/events/latest/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Stackmend</title>');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect((await ask('/assets/engine-abc123.wasm')).headers['content-type']).toBe('application/wasm');
  });

  it.each([
    ['/issues/12/events/0a1b/', '12', '0a1b'],
    ['/issues/12/', '12', 'recommended'],
    ['/issues/12', '12', 'recommended'],
  ])('has the browser ask at once for what %s shows', async (path, issue, event) => {
    const ofIssue = `/api/0/organizations/stackmend/issues/${issue}/`;
    const link = (target: string) => `<${target}>; rel=preload; as=fetch; crossorigin=anonymous`;
    expect((await ask(path)).headers['link']).toBe(`${link(`${ofIssue}events/${event}/`)}, ${link(ofIssue)}`);
  });

  it.each(['/issues/', '/issues/12/events/', '/issues/12/?query=a', '/issues/1%22%3E/', '/settings/account/'])(
    'has it ask for nothing ahead at %s',
    async (path) => expect((await ask(path)).headers['link']).toBeUndefined(),
  );

  it('shows a person who opens a wrong address the page, which says so', async () => {
    const answer = await ask('/wp-admin/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('<title>Stackmend</title>');
  });

  it.each([
    '/assets/old-000000.js',
    '/.secret',
    '/.env',
    '/wp-admin/',
    '/api/',
    '/api/1/x/',
    '/api/0/nothing/',
    '/..%2f..%2fetc/passwd',
    '/issuesx',
  ])('has nothing at %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body).detail).toMatch(/There is n|no /);
  });

  it('says so when it is not built', async () => {
    rmSync(folder, { recursive: true });
    const answer = await ask('/');
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('npm run build');
    expect((await ask('/api/0/fine/')).status).toBe(200);
  });
});

describe('files that the build compressed', () => {
  const script = 'export {};\n'.repeat(500);
  const document = '<!doctype html><title>An issue</title>';
  beforeEach(() => {
    // Other bytes than the compression of a request makes, so that the test tells them apart.
    writeFileSync(join(folder, 'assets', 'main-abc123.js.br'), brotliCompressSync(script));
    writeFileSync(join(folder, 'assets', 'main-abc123.js.gz'), gzipSync(script, { level: 1 }));
    writeFileSync(join(folder, 'issue.html'), document);
    writeFileSync(join(folder, 'issue.html.br'), brotliCompressSync(document));
  });

  it.each<[string, string | undefined, number | undefined]>([
    ['gzip, deflate, br, zstd', 'br', brotliCompressSync(script).length],
    ['gzip, deflate', 'gzip', gzipSync(script, { level: 1 }).length],
    ['br;q=0, gzip', 'gzip', gzipSync(script, { level: 1 }).length],
    ['identity', undefined, script.length],
    ['zip', undefined, script.length],
    ['br;q=0, *;q=0', undefined, script.length],
  ])('to a client that takes %s, sends %s', async (accepted, encoding, length) => {
    const { status, headers } = await ask('/assets/main-abc123.js', { headers: { 'accept-encoding': accepted } });
    expect(status).toBe(200);
    expect([headers['content-encoding'], Number(headers['content-length'])]).toEqual([encoding, length]);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['vary']).toMatch(/Accept-Encoding/);
  });

  it('tells a form that did not change by its own ETag', async () => {
    const etag = async (encoding: string) =>
      String((await ask('/assets/main-abc123.js', { headers: { 'accept-encoding': encoding } })).headers['etag']);
    const brotli = await etag('br');
    expect(brotli).not.toBe(await etag('gzip'));
    const again = { 'accept-encoding': 'br', 'if-none-match': brotli };
    expect((await ask('/assets/main-abc123.js', { headers: again })).status).toBe(304);
    expect((await ask('/assets/main-abc123.js', { headers: { ...again, 'accept-encoding': 'gzip' } })).status).toBe(
      200,
    );
  });

  it('has no name for a form of its own, and no way out of the folder', async () => {
    const headers = { 'accept-encoding': 'br' };
    for (const path of [
      '/assets/main-abc123.js.br',
      '/issue.html.br',
      '/assets/..%2f.secret',
      '/..%2f..%2fetc/passwd',
    ]) {
      expect((await ask(path, { headers })).status).toBe(404);
    }
  });

  it.each([
    ['/issues/12/', 'An issue'],
    ['/issues/12', 'An issue'],
    ['/issues/12/events/latest/', 'An issue'],
    ['/issues/12/events/', 'Stackmend'],
    ['/issues/', 'Stackmend'],
    ['/setup/default/', 'Stackmend'],
  ])('%s has the document that names its chunks', async (path, title) => {
    expect((await ask(path)).body).toContain(`<title>${title}</title>`);
  });

  it('sends the document compressed, and never from a cache', async () => {
    const { headers } = await ask('/issues/12/', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(headers['cache-control']).toBe('no-cache');
  });
});

it('compresses files, but no stream of events', async () => {
  const headers = { 'accept-encoding': 'gzip' };
  expect((await ask('/assets/main-abc123.js', { headers })).headers['content-encoding']).toBe('gzip');
  const stream = await ask('/api/0/stream/', { headers });
  expect(stream.headers['content-encoding']).toBeUndefined();
  expect(stream.body).toBe('data: 1\n\n');
});

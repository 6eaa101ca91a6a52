/** Who is answered at all, and as whom: on loopback, elsewhere, without users and with some. */
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import { afterEach, describe, expect, it, test } from 'vitest';
import { type Identity, identityOf, setIdentity } from '../../../../server/auth/identity.ts';
import { ALL } from '../../../../server/auth/permissions.ts';
import { errorHandler } from '../../../../server/http/errors.ts';
import { type GuardDeps, guard } from '../../../../server/http/guard.ts';
import { type IdentifyDeps, identify } from '../../../../server/http/identify.ts';
import { createSessionCookie } from '../../../../server/http/session-cookie.ts';

type Options = { users?: boolean; loopback?: boolean; url?: string; open?: boolean; trusted?: string[] };
type Answer = { status: number; type: string; text: string };

const servers: Server[] = [];
let port = 0;
let questions = 0;
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The newest is the one that is asked. */
async function serve(app: Express): Promise<void> {
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
}

const ada = (kind: Identity['kind']): Identity => ({ kind, user: null, permissions: new Set(), sessionId: null });

/** Echoes who asks. */
async function listen(options: Options = {}, first: RequestHandler = (_req, _res, next) => next()) {
  questions = 0;
  const access: GuardDeps & IdentifyDeps = {
    auth: {
      hasUsers: async () => {
        questions++;
        return options.users ?? false;
      },
      fromSession: async (cookie) => (cookie === 'good' ? ada('session') : null),
      fromToken: async (token) => (token === 'good' ? ada('token') : null),
    },
    sessionCookie: createSessionCookie({ isHttps: options.url?.startsWith('https') ?? false, lifeMs: 1000 }),
    isLoopback: options.loopback ?? true,
    url: options.url ?? 'http://127.0.0.1:8765',
    isSetupOpen: () => options.open ?? true,
  };
  const app = express();
  app.set('trust proxy', options.trusted ?? []);
  app.use(first, guard(access));
  app.use('/api/0', identify(access));
  app.use((req, res) => void res.json({ kind: identityOf(req)?.kind ?? null }));
  app.use(errorHandler(() => {}));
  await serve(app);
}

/** `PORT` stands for the server's own. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const given = Object.entries({ Host: '127.0.0.1:PORT', ...headers }).map(
    ([name, value]) => [name, value.replace('PORT', String(port))] as const,
  );
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, method, headers: Object.fromEntries(given) }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';

describe('on loopback without users', () => {
  test.each<[string, string, Record<string, string>]>([
    ['a program', '/api/0/x/', {}],
    ['the page itself', '/api/0/x/', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-origin' }],
    ['localhost by name', '/api/0/x/', { Host: 'localhost:PORT', Origin: 'http://localhost:PORT' }],
    ['loopback in IPv6, through a tunnel', '/api/0/x/', { Host: '[::1]:9999', Origin: 'http://[::1]:9999' }],
    ['a link in a chat', '/issues/1/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
    ['an address typed in', '/issues/1/', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' }],
    [
      'a link to the API',
      '/api/0/x/',
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', Referer: 'https://chat.example/' },
    ],
  ])('answers %s', async (_, path, headers) => {
    await listen();
    expect(await ask(path, headers)).toMatchObject({ status: 200 });
    if (!path.startsWith('/api/')) expect(questions).toBe(0);
    else expect(JSON.parse((await ask(path, headers)).text)).toEqual({ kind: 'local' });
  });

  test.each<[string, string, Record<string, string>]>([
    ['a name pointed at this machine (DNS rebinding)', '/api/0/x/', { Host: 'evil.example:PORT' }],
    ['the same, with a matching origin', '/api/0/x/', { Host: 'evil.example', Origin: 'http://evil.example' }],
    ['the same, for the page', '/', { Host: 'evil.example:PORT' }],
    ['the address that the operator set', '/api/0/x/', { Host: 'errors.example' }],
    ['a loopback name as a prefix', '/api/0/x/', { Host: 'localhost.evil.example' }],
    ['a loopback address as a prefix', '/api/0/x/', { Host: '127.0.0.1.evil.example' }],
    ['a foreign origin', '/api/0/x/', { Origin: 'https://evil.example' }],
    ['another program on this machine', '/api/0/x/', { Origin: 'http://127.0.0.1:3000' }],
    ['a sandboxed frame or a file', '/api/0/x/', { Origin: 'null' }],
    ['a script tag elsewhere', '/api/0/x/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['an image on another port', '/api/0/x/', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['a page opened under another name', '/api/0/x/', { Referer: 'https://errors.example/issues/' }],
    ['Forwarded', '/api/0/x/', { Forwarded: 'for=192.0.2.1' }],
    ['X-Forwarded-For', '/api/0/x/', { 'X-Forwarded-For': '127.0.0.1' }],
    ['X-Forwarded-Proto', '/issues/', { 'X-Forwarded-Proto': 'https' }],
    ['X-Forwarded-Host', '/issues/', { 'X-Forwarded-Host': 'localhost' }],
    ['X-Forwarded', '/issues/', { 'X-Forwarded': '' }],
    ['Via', '/api/0/x/', { Via: '1.1 varnish' }],
    ['X-Real-IP', '/api/0/x/', { 'X-Real-IP': '127.0.0.1' }],
  ])('refuses %s, and says why, whatever is set', async (_, path, headers) => {
    await listen({ url: 'https://errors.example', trusted: ['loopback'] });
    const { status, text } = await ask(path, headers);
    expect(status).toBe(403);
    expect(JSON.parse(text).detail).toMatch(/Stackmend (does not answer|has no users yet)/);
  });

  it('refuses a request in HTTP/1.0, as nginx makes it', async () => {
    await listen();
    const text = await new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET /api/0/x/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        heard += chunk.toString();
      });
      socket.on('close', () => resolve(heard));
    });
    expect(text).toMatch(/^HTTP\/1\.1 403 .*through a proxy \(it speaks HTTP\/1\.0\)/s);
  });

  it('tells a person behind a proxy what to do, in a page that runs nothing of theirs', async () => {
    await listen();
    const behind = await ask('/issues/', { 'X-Forwarded-For': '192.0.2.1', Accept: HTML });
    expect([behind.status, behind.type]).toEqual([403, 'text/html; charset=utf-8']);
    expect(behind.text).toContain('<code>stackmend users create</code>');
    expect(behind.text).toContain('http.trusted-proxies');
    const named = await ask('/', { Host: '<script>alert(1)</script>', Accept: HTML });
    expect(named.text).toContain('&lt;script&gt;');
    expect(named.text).not.toContain('<script');
    const api = await ask('/api/0/x/', { 'X-Forwarded-For': '192.0.2.1', Accept: HTML });
    expect(api.type).toMatch(/^application\/json/);
  });

  it('refuses a form that another site posts', async () => {
    await listen();
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await ask('/api/0/x/', headers, 'POST')).status).toBe(403);
  });
});

describe('elsewhere without users', () => {
  test.each<[string, string, number]>([
    ['GET', '/assets/main.js', 200],
    ['GET', '/favicon.svg', 200],
    ['HEAD', '/welcome/', 200],
    ['GET', '/welcome', 200],
    ['GET', '/api/0/', 200],
    ['POST', '/api/0/setup/', 200],
    ['GET', '/', 403],
    ['GET', '/issues/', 403],
    ['GET', '/login/', 403],
    ['POST', '/welcome/', 403],
    ['POST', '/assets/main.js', 403],
    ['POST', '/api/0/', 403],
    ['GET', '/api/0/setup/', 403],
    ['POST', '/api/0/setup/x/', 403],
    ['GET', '/api/0/organizations/', 403],
    ['GET', '/api/0/projects/stackmend/default/events/x.json', 403],
    ['POST', '/api/0/auth/login/', 403],
    ['DELETE', '/api/0/issues/1/', 403],
  ])('%s %s is answered %i', async (method, path, status) => {
    await listen({ loopback: false });
    const named: Record<string, string>[] = [{}, { Host: 'anything.example' }, { 'X-Forwarded-For': '192.0.2.1' }];
    for (const headers of named) {
      const answer = await ask(path, headers, method);
      expect(answer.status).toBe(status);
      if (status === 403 && method !== 'HEAD') expect(JSON.parse(answer.text).detail).toMatch(/no users yet/);
    }
  });

  it('gives nobody the local user', async () => {
    await listen({ loopback: false });
    expect(JSON.parse((await ask('/api/0/')).text)).toEqual({ kind: null });
    expect((await ask('/api/0/', { Authorization: 'Bearer x' })).status).toBe(401);
  });

  it('names the link while it works, and what to do when it has expired', async () => {
    await listen({ loopback: false });
    const open = await ask('/', { Accept: HTML });
    expect(open.type).toMatch(/^text\/html/);
    expect(open.text).toContain('Open the setup link');
    await listen({ loopback: false, open: false });
    expect((await ask('/', { Accept: HTML })).text).toMatch(/has expired: restart .*<code>stackmend users create</);
  });

  it('refuses a setup form of another site', async () => {
    await listen({ loopback: false });
    expect((await ask('/api/0/setup/', { Origin: 'https://evil.example' }, 'POST')).status).toBe(403);
  });

  it('asks the database nothing for a file', async () => {
    await listen({ loopback: false });
    await ask('/assets/main.js');
    expect(questions).toBe(0);
  });
});

describe.each([
  ['on loopback', true],
  ['elsewhere', false],
])('with users, %s', (_, loopback) => {
  const cookie = { Cookie: 'other=1; stackmend_sid=good' };
  const token = { Authorization: 'Bearer good' };

  test.each<[string, Record<string, string>, string, Identity['kind'] | null]>([
    ['nobody', {}, 'GET', null],
    ['nobody through a proxy', { 'X-Forwarded-For': '192.0.2.1', Host: 'errors.example' }, 'GET', null],
    ['a cookie', cookie, 'GET', 'session'],
    ['a cookie under any name', { ...cookie, Host: 'errors.example' }, 'GET', 'session'],
    ['a cookie that is none', { Cookie: 'stackmend_sid=bad' }, 'GET', null],
    ['a cookie of another name', { Cookie: '__Host-stackmend_sid=good' }, 'GET', null],
    ['a token', token, 'GET', 'token'],
    ['a token, its scheme in any case', { Authorization: 'bearer  good' }, 'GET', 'token'],
    ['a token before the cookie', { ...cookie, ...token }, 'GET', 'token'],
    ['the password of a proxy, which is no token', { Authorization: 'Basic eDp5', ...cookie }, 'GET', 'session'],
    ['a change with a cookie from the page', { ...cookie, Origin: 'http://127.0.0.1:PORT' }, 'POST', 'session'],
    [
      'the same behind a proxy with TLS that tells nothing of it',
      { ...cookie, Host: 'errors.example', Origin: 'https://errors.example' },
      'PUT',
      'session',
    ],
    [
      'the port that a scheme has by itself',
      { ...cookie, Host: 'e.example:443', Origin: 'https://e.example' },
      'PUT',
      'session',
    ],
    ['a change with a token from nowhere', token, 'POST', 'token'],
    ['a change with a token from anywhere', { ...token, Origin: 'https://ci.example' }, 'DELETE', 'token'],
    ['a login of a program', {}, 'POST', null],
    ['a link elsewhere', { ...cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, 'GET', 'session'],
  ])('answers %s', async (_name, headers, method, kind) => {
    await listen({ users: true, loopback, url: 'http://127.0.0.1:8765' });
    if (headers['Origin'] === 'https://set.example') {
      await listen({ users: true, loopback, url: 'https://set.example/path' });
      headers = { ...headers, Cookie: '__Host-stackmend_sid=good' };
    }
    const answer = await ask('/api/0/x/', headers, method);
    expect([answer.status, answer.text]).toEqual([200, JSON.stringify({ kind })]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['another origin', { ...cookie, Origin: 'https://evil.example' }, 'POST'],
    ['another origin that reads', { ...cookie, Origin: 'https://evil.example' }, 'GET'],
    ['another port', { ...cookie, Origin: 'http://127.0.0.1:1' }, 'POST'],
    ['a sandboxed frame', { ...cookie, Origin: 'null' }, 'POST'],
    ['an extension', { ...cookie, Origin: 'chrome-extension://abc' }, 'POST'],
    ['a cookie without an origin', cookie, 'POST'],
    ['a stale cookie without an origin', { Cookie: 'stackmend_sid=bad' }, 'DELETE'],
    [
      'its own origin, though a browser says otherwise',
      { ...cookie, Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-site' },
      'POST',
    ],
    ['a form elsewhere that signs in', { Origin: 'https://evil.example' }, 'POST'],
    [
      'a form of a browser that sends no origin',
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
      'POST',
    ],
    ['a script elsewhere', { ...cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }, 'GET'],
    ['a sibling site', { ...cookie, 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }, 'GET'],
  ])('refuses %s', async (_name, headers, method) => {
    await listen({ users: true, loopback });
    const answer = await ask('/api/0/x/', headers, method);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).detail).toMatch(/^(Stackmend does not answer|A change that comes with a cookie)/);
  });

  it('answers pages of the address that the operator set, whatever name a proxy asks by', async () => {
    await listen({ users: true, loopback, url: 'https://set.example/path' });
    const asked = (Origin: string) => ask('/api/0/x/', { Cookie: '__Host-stackmend_sid=good', Origin }, 'PUT');
    expect((await asked('https://set.example')).text).toBe('{"kind":"session"}');
    expect((await asked('http://set.example')).status).toBe(403);
  });

  it('refuses plain http of its own name where a trusted proxy says that it has TLS', async () => {
    const proxied = { ...cookie, Host: 'e.example', 'X-Forwarded-Proto': 'https' };
    await listen({ users: true, loopback, trusted: ['loopback'] });
    expect((await ask('/api/0/x/', { ...proxied, Origin: 'http://e.example' }, 'POST')).status).toBe(403);
    expect((await ask('/api/0/x/', { ...proxied, Origin: 'https://e.example' }, 'POST')).status).toBe(200);
  });

  test.each(['Bearer', 'Bearer bad', 'bearer bad'])(
    'takes nobody with a token that is none: %s',
    async (Authorization) => {
      await listen({ users: true, loopback });
      expect((await ask('/api/0/x/', { Authorization, ...cookie })).status).toBe(401);
    },
  );
});

it('lets a request pass that comes with its identity', async () => {
  const first: RequestHandler = (req, _res, next) => {
    setIdentity(req, { kind: 'operator', user: null, permissions: ALL, sessionId: null });
    next();
  };
  await listen({ loopback: false }, first);
  expect(JSON.parse((await ask('/api/0/x/', { Via: 'x' }, 'POST')).text)).toEqual({ kind: 'operator' });
});

describe('the session’s cookie', () => {
  const sent = async (isHttps: boolean) => {
    const cookie = createSessionCookie({ isHttps, lifeMs: 90_000 });
    const app = express();
    app.get('/set', (_req, res) => {
      cookie.set(res, 'value');
      res.end();
    });
    app.get('/clear', (_req, res) => {
      cookie.clear(res);
      res.end();
    });
    app.get('/read', (req, res) => void res.json(cookie.read(req)));
    await serve(app);
    return (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
  };

  it('is bound to http alone where it has to be', async () => {
    const get = await sent(false);
    const [set = '', ...more] = (await get('/set')).headers.getSetCookie();
    expect(set).toMatch(/^stackmend_sid=value; Max-Age=90; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(more).toEqual([]);
    expect((await get('/clear')).headers.get('set-cookie')).toMatch(
      /^stackmend_sid=; Path=\/; Expires=Thu, 01 Jan 1970/,
    );
  });

  it('has the prefix and Secure where the address is https', async () => {
    const get = await sent(true);
    const set = (await get('/set')).headers.get('set-cookie');
    expect(set).toMatch(/^__Host-stackmend_sid=value; .*HttpOnly; Secure; SameSite=Lax$/);
    expect(set).not.toContain('Domain');
    expect((await get('/clear')).headers.get('set-cookie')).toMatch(/^__Host-stackmend_sid=; .*Secure/);
  });

  test.each([
    ['stackmend_sid=abc', 'abc'],
    ['a=1;stackmend_sid=abc ;b=2', 'abc'],
    ['stackmend_sid=first; stackmend_sid=second', 'first'],
    ['stackmend_sid=', null],
    ['stackmend_sid', null],
    ['xstackmend_sid=abc', null],
    ['stackmend_sid="abc"', null],
    [`stackmend_sid=${'x'.repeat(129)}`, null],
    ['__proto__=abc', null],
  ])('is read from "%s"', async (Cookie, value) => {
    const get = await sent(false);
    expect(await (await get('/read', { Cookie })).json()).toBe(value);
  });
});

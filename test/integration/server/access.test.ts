/** Who is answered, and as whom, by the real server: with and without users, on loopback and elsewhere, behind proxies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, test } from 'vitest';
import { type Auth, createAuth } from '../../../server/auth/auth.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../../server.ts';
import { envelopeOf, envelopeUrl, eventId } from './clients.ts';

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';
const ISSUES = '/api/0/organizations/stackmend/issues/';
const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), 'access-'));
let server: RunningServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

type Answer = { status: number; headers: IncomingHttpHeaders; text: string };
type Asked = { method?: string; headers?: Record<string, string>; body?: string };

/** fetch sets Host and the Sec-Fetch headers itself. Whatever the server's address is, this machine is asked. */
function ask(
  running: RunningServer,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer> {
  const [, port] = /^ {2}Listens on {2}\S+:(\d+)$/m.exec(running.output()) ?? [];
  return new Promise((resolve, reject) => {
    request({ hostname: '127.0.0.1', port: port ?? new URL(running.url).port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;

const postJson = (running: RunningServer, path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(running, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** As a command does it: with the server's files, and not through the server. */
async function withAuth<T>({ directory }: RunningServer, act: (auth: Auth) => Promise<T>): Promise<T> {
  const db = openDatabase(join(directory, 'stackmend.db'));
  try {
    return await act(createAuth({ db, now: Date.now, sessionIdleMs: DAY_MS, sessionLifeMs: DAY_MS }));
  } finally {
    await db.destroy();
  }
}

const createAda = (running: RunningServer) =>
  withAuth(running, async (auth) => {
    const { user } = await auth.createUser({ username: 'ada', password: PASSWORD });
    const { token } = await auth.createToken(user.id, { name: 'ci', scopes: ['event:write', 'project:read'] });
    return { Authorization: `Bearer ${token}` };
  });

/** The `name=value` of the cookie that a login sets, and all of what sets it. */
async function logIn(running: RunningServer, headers: Record<string, string> = {}) {
  const answer = await postJson(running, '/api/0/auth/login/', { username: 'ada', password: PASSWORD }, headers);
  const setCookie = String(answer.headers['set-cookie']);
  return { answer, setCookie, Cookie: setCookie.split(';')[0] ?? '' };
}

let sent = 0;
/** Sends an event, and answers with what became of `{{auto}}` in it. */
async function storedAddress(
  running: RunningServer,
  authorization: Record<string, string>,
  headers: Record<string, string>,
) {
  const event_id = eventId(9, ++sent);
  const { pathname, search } = new URL(envelopeUrl(running.dsn));
  const body = envelopeOf({ event_id, message: 'who sent it', user: { ip_address: '{{auto}}' } });
  expect(await statusOf(running, pathname + search, { method: 'POST', headers, body })).toBe(200);
  const event = await waitFor(async () => {
    const answer = await ask(running, `/api/0/projects/stackmend/default/events/${event_id}/`, {
      headers: authorization,
    });
    return answer.status === 200 && JSON.parse(answer.text);
  });
  return event.user.ip_address;
}

/** In each state of the server, SDKs on any page may send, and whoever asks learns whether it is well. */
async function expectIngestAndHealth(running: RunningServer): Promise<void> {
  const { pathname, search } = new URL(envelopeUrl(running.dsn));
  const strangers: Record<string, string>[] = [
    {},
    { Host: 'errors.example', Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' },
    { 'X-Forwarded-For': '192.0.2.1', Via: '1.1 proxy', Forwarded: 'for=192.0.2.1' },
  ];
  for (const headers of strangers) {
    const body = envelopeOf({ event_id: eventId(8, ++sent), message: 'from anywhere' });
    const answer = await ask(running, pathname + search, { method: 'POST', headers, body });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(await statusOf(running, '/_health/', { headers })).toBe(200);
    expect(await statusOf(running, '/_health/live/', { headers })).toBe(200);
  }
}

describe('on loopback without users', () => {
  it('is open to this machine, and a proxy in front never opens it to others', async () => {
    const settings = {
      STACKMEND_HTTP_TRUSTED_PROXIES: 'loopback',
      STACKMEND_SYSTEM_URL_PREFIX: 'https://errors.example',
      STACKMEND_METRICS_BACKEND: 'prometheus',
    };
    server = await startServer(settings);
    expect(server.output()).toContain('stackmend users create');
    expect(server.output()).not.toContain('/welcome/');
    for (const Host of ['127.0.0.1', 'localhost:9999', '[::1]:1']) {
      for (const path of [ISSUES, '/issues/', '/metrics']) {
        expect(await statusOf(server, path, { headers: { Host } })).toBe(200);
      }
    }
    const index = JSON.parse((await ask(server, '/api/0/')).text);
    expect(index).toMatchObject({ state: 'local', auth: { scopes: expect.arrayContaining(['member:admin']) } });

    const signs: Record<string, string>[] = [
      { Forwarded: 'for=192.0.2.1;proto=https' },
      { Via: '1.1 vegur' },
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-Host': 'localhost' },
      { 'X-Forwarded-Proto': 'https' },
      { 'X-Forwarded-Port': '443' },
      { 'X-Forwarded-Server': 'proxy' },
      { 'X-Real-IP': '192.0.2.1' },
      { Host: 'errors.example' },
      { Origin: 'https://errors.example' },
    ];
    for (const headers of signs) {
      for (const path of [ISSUES, '/api/0/', '/issues/', '/metrics']) {
        const answer = await ask(server, path, { headers });
        expect([answer.status, Object.keys(JSON.parse(answer.text))]).toEqual([403, ['detail']]);
      }
      const page = await ask(server, '/issues/', { headers: { ...headers, Accept: HTML } });
      expect([page.status, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
      expect(page.text).toContain('<code>stackmend users create</code>');
      expect(page.text).toContain('http.trusted-proxies');
      expect(page.headers['content-security-policy']).toContain("default-src 'self'");
      expect(
        await statusOf(server, '/api/0/projects/stackmend/default/create-sample/', { method: 'POST', headers }),
      ).toBe(403);
    }
    await expectIngestAndHealth(server);
  });

  it('is over with the first user, at once, also for who was in', async () => {
    server = await startServer();
    expect(await statusOf(server, ISSUES)).toBe(200);
    // sentry-cli always sends one.
    const anyToken = { Authorization: 'Bearer none' };
    expect(await statusOf(server, ISSUES, { headers: anyToken })).toBe(200);
    expect(await statusOf(server, ISSUES, { headers: { ...anyToken, Via: '1.1 vegur' } })).toBe(403);
    const token = await createAda(server);
    expect(await statusOf(server, ISSUES)).toBe(401);
    expect(await statusOf(server, ISSUES, { headers: anyToken })).toBe(401);
    expect(await statusOf(server, '/api/0/projects/stackmend/default/create-sample/', { method: 'POST' })).toBe(401);
    expect(JSON.parse((await ask(server, '/api/0/')).text)).toMatchObject({ state: 'users', auth: null, user: null });

    // Now it may stand behind a proxy, under any name.
    const proxied = { Host: 'errors.example', 'X-Forwarded-For': '192.0.2.1' };
    expect(await statusOf(server, '/login/', { headers: proxied })).toBe(200);
    expect(await statusOf(server, ISSUES, { headers: proxied })).toBe(401);
    expect(await statusOf(server, ISSUES, { headers: { ...proxied, ...token } })).toBe(200);
    await expectIngestAndHealth(server);
  });
});

describe('with users', () => {
  it('takes a change with a cookie from its own pages alone, and with a token from everywhere', async () => {
    server = await startServer();
    const running = server;
    const token = await createAda(running);
    const { Cookie, setCookie, answer } = await logIn(running, { Origin: running.url });
    expect(answer.status).toBe(200);
    expect(setCookie).toMatch(
      /^stackmend_sid=[\w-]+; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect(await statusOf(running, ISSUES, { headers: { Cookie } })).toBe(200);

    const change = (headers: Record<string, string>) =>
      statusOf(running, '/api/0/projects/stackmend/default/create-sample/', { method: 'POST', headers });
    const own = { Cookie, Origin: running.url };
    expect(await change(own)).toBeLessThan(300);
    expect(await change({ ...own, 'Sec-Fetch-Site': 'same-origin' })).toBeLessThan(300);
    expect(await change({ Cookie, Host: 'errors.example', Origin: 'https://errors.example' })).toBeLessThan(300);
    expect(await change({ Cookie })).toBe(403);
    expect(await change({ Cookie, Origin: 'https://evil.example' })).toBe(403);
    expect(await change({ Cookie, Origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await change({ Cookie, Origin: 'null' })).toBe(403);
    expect(await change({ ...own, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await change({})).toBe(401);
    expect(await change(token)).toBeLessThan(300);
    expect(await change({ ...token, Origin: 'https://ci.example', 'Sec-Fetch-Site': 'cross-site' })).toBeLessThan(300);
    expect(await change({ Authorization: 'Bearer stmk_wrong' })).toBe(401);

    // Another site reads nothing, and signs nobody in as somebody else.
    const script = { Cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' };
    expect(await statusOf(running, ISSUES, { headers: script })).toBe(403);
    expect((await logIn(running, { Origin: 'https://evil.example' })).answer.status).toBe(403);
  });

  it('greets without a link, and knows its sessions after a restart', async () => {
    const directory = mkdtempSync(join(folder, 'users-'));
    server = await startServer({}, directory);
    await createAda(server);
    const { Cookie } = await logIn(server);
    await server.stop({ keep: true });
    server = await startServer({ HOST: '0.0.0.0' }, directory);
    expect(server.output()).not.toMatch(/welcome|users create/);
    expect(await statusOf(server, ISSUES, { headers: { Cookie } })).toBe(200);
    expect(await statusOf(server, ISSUES)).toBe(401);
    expect(await statusOf(server, '/issues/')).toBe(200);
  });
});

/** `<url>/welcome/#<token>`, as the server printed it. */
function printedLink(running: RunningServer): { token: string; link: string } {
  const [link = '', token = ''] = /^ {2}(?:https?:\/\/\S+)\/welcome\/#(\S+)$/m.exec(running.output()) ?? [];
  return { link: link.trim(), token };
}

describe('elsewhere without users', () => {
  const first = { username: 'ada', password: PASSWORD };

  it('serves the making of the first user alone, by a link that works once', async () => {
    server = await startServer({ HOST: '0.0.0.0' });
    const running = server;
    const { link, token } = printedLink(running);
    expect(link).toBe(`${running.url}/welcome/#${token}`);
    expect(new URL(link).hostname).not.toBe('0.0.0.0');
    expect((await fetch(link)).status).toBe(200);
    await expectIngestAndHealth(running);
    expect(JSON.parse((await ask(running, '/api/0/')).text)).toMatchObject({ state: 'setup', auth: null });
    expect(await statusOf(running, '/favicon.svg')).not.toBe(403);
    expect(await statusOf(running, '/assets/none.js')).toBe(404);

    const closed: [string, string][] = [
      ['GET', '/'],
      ['GET', '/issues/'],
      ['GET', '/login/'],
      ['GET', ISSUES],
      ['POST', '/api/0/auth/login/'],
      ['POST', '/api/0/projects/stackmend/default/create-sample/'],
      ['POST', '/api/0/organizations/stackmend/members/'],
    ];
    for (const [method, path] of closed) {
      const answer = await ask(running, path, { method });
      expect([answer.status, JSON.parse(answer.text).detail]).toEqual([403, expect.stringMatching(/no users yet/)]);
    }
    const page = await ask(running, '/', { headers: { Accept: HTML } });
    expect([page.status, page.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(page.text).toContain('Open the setup link');
    expect(page.text).not.toContain(token);

    expect((await postJson(running, '/api/0/setup/', { ...first, token: 'x'.repeat(43) })).status).toBe(403);
    expect(
      (await postJson(running, '/api/0/setup/', { ...first, token }, { Origin: 'https://evil.example' })).status,
    ).toBe(403);
    const made = await postJson(running, '/api/0/setup/', { ...first, token }, { Origin: running.url });
    expect(made.status).toBe(201);
    const [Cookie = ''] = String(made.headers['set-cookie']).split(';');
    expect(await statusOf(running, ISSUES, { headers: { Cookie } })).toBe(200);
    expect(await statusOf(running, ISSUES)).toBe(401);
    expect(await statusOf(running, '/issues/')).toBe(200);
    const again = await postJson(running, '/api/0/setup/', { username: 'eve', password: PASSWORD, token });
    expect([403, 409]).toContain(again.status);
    await expectIngestAndHealth(running);
  });

  it('is over when a command makes the first user, and the link with it', async () => {
    server = await startServer({ HOST: '0.0.0.0' });
    const { token } = printedLink(server);
    const created = await runCommand(
      [join('server', 'cli.ts'), 'users', 'create', '--username', 'ada', '--password-stdin'],
      { STACKMEND_CONF: server.directory },
      `${PASSWORD}\n`,
    );
    expect([created.code, created.stderr]).toEqual([0, '']);
    expect(await statusOf(server, '/issues/')).toBe(200);
    expect(await statusOf(server, ISSUES)).toBe(401);
    const late = await postJson(server, '/api/0/setup/', { username: 'eve', password: PASSWORD, token });
    expect([403, 409]).toContain(late.status);
    expect((await logIn(server)).answer.status).toBe(200);
  });

  it('says after 30 minutes that the link has expired, and what to do', async () => {
    // The process's clock, which the test moves by writing a number into a file.
    const offset = join(folder, 'offset');
    const clock = join(folder, 'clock.mjs');
    writeFileSync(offset, '0');
    writeFileSync(
      clock,
      `import { readFileSync } from 'node:fs';
       const { now } = Date;
       Date.now = () => now() + Number(readFileSync(${JSON.stringify(offset)}, 'utf8'));`,
    );
    server = await startServer({ HOST: '0.0.0.0', NODE_OPTIONS: `--import=${clock}` });
    const { token } = printedLink(server);
    writeFileSync(offset, String(29 * 60_000));
    expect((await ask(server, '/')).text).toContain('Open the setup link');
    writeFileSync(offset, String(31 * 60_000));
    expect((await ask(server, '/', { headers: { Accept: HTML } })).text).toMatch(
      /has expired: restart it .*<code>stackmend users create<\/code>/,
    );
    expect((await postJson(server, '/api/0/setup/', { ...first, token })).status).toBe(403);
    expect(JSON.parse((await ask(server, '/api/0/')).text)).toMatchObject({ state: 'setup' });
  });
});

describe('behind a proxy', () => {
  const forwarded = {
    'X-Forwarded-For': '203.0.113.9',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'errors.example',
  };

  it('believes one that is trusted: client address, Secure cookie, HSTS', async () => {
    server = await startServer({
      STACKMEND_HTTP_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8',
      STACKMEND_SYSTEM_URL_PREFIX: 'https://errors.example/',
    });
    expect(server.dsn).toMatch(/^https:\/\/[0-9a-f]{32}@errors\.example\/2$/);
    const token = await createAda(server);
    expect(await storedAddress(server, token, forwarded)).toBe('203.0.113.9');
    expect(await storedAddress(server, token, { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9, 10.1.2.3' })).toBe(
      '203.0.113.9',
    );
    expect(await storedAddress(server, token, { 'X-Forwarded-For': '203.0.113.9:4711' })).toBe('203.0.113.9');
    expect(await storedAddress(server, token, {})).toBe('127.0.0.1');

    const { setCookie, Cookie, answer } = await logIn(server, { ...forwarded, Origin: 'https://errors.example' });
    expect(answer.status).toBe(200);
    expect(setCookie).toMatch(/^__Host-stackmend_sid=[\w-]+; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
    expect(setCookie).not.toMatch(/Domain/i);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(await statusOf(server, ISSUES, { headers: { ...forwarded, Cookie } })).toBe(200);
    const path = '/api/0/projects/stackmend/default/create-sample/';
    const change = (Origin: string) =>
      statusOf(server as RunningServer, path, { method: 'POST', headers: { ...forwarded, Cookie, Origin } });
    expect(await change('https://errors.example')).toBeLessThan(300);
    expect(await change('http://errors.example')).toBe(403);
    const plain = await ask(server, '/login/');
    expect(plain.headers['strict-transport-security']).toBeUndefined();
  });

  it('believes nobody else: a forged header changes nothing', async () => {
    server = await startServer({ STACKMEND_HTTP_TRUSTED_PROXIES: '192.0.2.1' });
    const token = await createAda(server);
    expect(await storedAddress(server, token, forwarded)).toBe('127.0.0.1');
    const { setCookie, answer } = await logIn(server, forwarded);
    expect(setCookie).not.toMatch(/Secure|__Host-/);
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    const Origin = 'https://errors.example';
    expect((await logIn(server, { ...forwarded, Origin })).answer.status).toBe(403);
  });

  it('shows metrics to no proxy, users or not', async () => {
    server = await startServer({ STACKMEND_METRICS_BACKEND: 'prometheus', STACKMEND_HTTP_TRUSTED_PROXIES: 'loopback' });
    for (const isWithUsers of [false, true]) {
      if (isWithUsers) await createAda(server);
      expect(await statusOf(server, '/metrics')).toBe(200);
      for (const headers of [
        { 'X-Forwarded-For': '127.0.0.1' },
        { Via: 'x' },
        { Host: 'errors.example' },
      ] as Asked['headers'][]) {
        expect(await statusOf(server, '/metrics', { headers: headers ?? {} })).toBe(403);
      }
    }
  });

  it('has a path in DSN and links, and takes requests with it and without', async () => {
    server = await startServer({ STACKMEND_SYSTEM_URL_PREFIX: 'https://example.org/stackmend/' });
    const running = server;
    expect(running.dsn).toMatch(/^https:\/\/[0-9a-f]{32}@example\.org\/stackmend\/2$/);
    const token = await createAda(running);
    const key = new URL(running.dsn).username;
    const body = envelopeOf({ event_id: eventId(7, 1), message: 'under a path' });
    const path = `/stackmend/api/2/envelope/?sentry_key=${key}`;
    expect(await statusOf(running, path, { method: 'POST', body })).toBe(200);
    const issue = await waitFor(async () => {
      const [found] = JSON.parse((await ask(running, ISSUES, { headers: token })).text);
      return found;
    });
    expect(issue.permalink).toMatch(/^https:\/\/example\.org\/stackmend\/issues\/\d+\/$/);
    expect(await statusOf(running, `/stackmend${ISSUES}`, { headers: token })).toBe(200);
    expect(await statusOf(running, '/stackmend/_health/')).toBe(200);
    expect(await statusOf(running, '/stackmendx/_health/')).toBe(404);
  });
});

describe('headers', () => {
  it('keep the page to itself, and the API out of caches', async () => {
    server = await startServer();
    for (const path of ['/issues/', ISSUES, '/_health/', '/nothing.here']) {
      const { headers } = await ask(server, path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
    for (const path of [ISSUES, '/api/0/', '/api/0/nothing/', '/api/0/projects/stackmend/none/']) {
      expect((await ask(server, path)).headers['cache-control']).toBe('no-store');
    }
    expect((await ask(server, ISSUES, { headers: { Via: 'x' } })).headers['cache-control']).toBe('no-store');
    expect((await ask(server, '/issues/', { headers: { Via: 'x', Accept: HTML } })).headers['cache-control']).toBe(
      'no-store',
    );
  });

  test.each([
    ['evil.html', 'text/html', 'application/octet-stream'],
    ['evil.svg', 'image/svg+xml', 'application/octet-stream'],
    ['log.txt', 'text/plain', 'text/plain'],
  ])('make a download in a sandbox of the attachment %s', async (filename, given, type) => {
    server = await startServer();
    const running = server;
    const event_id = eventId(6, ++sent);
    const payload = '<script>alert(1)</script>';
    const { pathname, search } = new URL(envelopeUrl(running.dsn));
    const item = { type: 'attachment', filename, content_type: given, length: payload.length };
    const body = `${envelopeOf({ event_id, message: 'with a file' })}${JSON.stringify(item)}\n${payload}\n`;
    expect(await statusOf(running, pathname + search, { method: 'POST', body })).toBe(200);
    const path = `/api/0/projects/stackmend/default/events/${event_id}/attachments/`;
    const attachment = await waitFor(async () => {
      const answer = await ask(running, path);
      return answer.status === 200 && JSON.parse(answer.text)[0];
    });
    const { headers, text } = await ask(running, `${path}${attachment.id}/?download=1`);
    expect(text).toBe(payload);
    expect(headers['content-disposition']).toBe(`attachment; filename=${filename}`);
    expect(headers['content-type']).toMatch(new RegExp(`^${type}`));
    expect(headers['content-security-policy']).toMatch(/sandbox/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });
});

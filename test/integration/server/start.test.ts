/** Starting the real server: what it prints, what it makes, and whom it refuses. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type RunningServer, runCommand, startServer } from '../../server.ts';
import { envelopeOf, envelopeUrl, eventId, getJson } from './clients.ts';

const main = join('server', 'main.ts');
const cli = join('server', 'cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'start-'));
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

describe('the first start', () => {
  it('prints the configuration that it wrote, the address, the DSN and what to do next', () => {
    expect(server.output()).toContain(`Wrote a configuration: ${join(server.directory, 'config.yml')}\n`);
    expect(server.output()).toMatch(/^ {2}Stackmend {3}http:\/\/127\.0\.0\.1:\d+\/$/m);
    expect(server.output()).toMatch(/^ {2}DSN {9}http:\/\/[0-9a-f]{32}@127\.0\.0\.1:\d+\/2$/m);
    expect(server.output()).toMatch(/Point a Sentry SDK at the DSN/);
  });

  it('makes both databases, which their owner alone may read', () => {
    for (const name of ['config.yml', 'stackmend.db', 'spool.db']) {
      expect(statSync(join(server.directory, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('serves the page and has the two projects', async () => {
    const projects = await getJson<{ id: string; slug: string }[]>(server, '/organizations/stackmend/projects/');
    expect(projects).toMatchObject([
      { id: '2', slug: 'default' },
      { id: '1', slug: 'internal' },
    ]);
    const page = await fetch(`${server.url}/issues/`);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

describe('a start that cannot be', () => {
  const fails = async (environment: Record<string, string>, args = [main]) => {
    const directory = join(folder, 'conf');
    const { code, stderr } = await runCommand(args, { STACKMEND_CONF: directory, PORT: '0', ...environment });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return [code, stderr];
  };
  const withConfig = (name: string, text: string) => {
    const directory = mkdtempSync(join(folder, `${name}-`));
    writeFileSync(join(directory, 'config.yml'), text);
    return { STACKMEND_CONF: directory };
  };

  it.each([
    ['npm start', main],
    ['stackmend serve', cli],
  ])('%s: a port that is taken is one line that names PORT', async (_, entry) => {
    await runCommand([cli, 'init'], { STACKMEND_CONF: join(folder, 'conf') });
    expect(await fails({ PORT: new URL(server.url).port }, entry === cli ? [cli, 'serve'] : [main])).toEqual([
      2,
      expect.stringMatching(/^stackmend: Port \d+ is taken.* Set PORT to another one\.$/m),
    ]);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['HOST that is of another machine', () => ({ HOST: '192.0.2.1' }), /This machine has no address 192\.0\.2\.1/],
    ['HOST that is no name', () => ({ HOST: 'no.such.invalid' }), /There is no address of the name no\.such\.invalid/],
    [
      'a proxy that is none',
      () => ({ STACKMEND_HTTP_TRUSTED_PROXIES: 'loopback,nginx' }),
      /http\.trusted-proxies \(STACKMEND_HTTP_TRUSTED_PROXIES\): "nginx" is no address/,
    ],
    ['malformed YAML', () => withConfig('yaml', 'http.port: [1\n'), /config\.yml, line \d, column \d: /],
    [
      'a file in the place of the data directory',
      () => withConfig('data', 'system.secret-key: x\nsystem.data-directory: config.yml\n'),
      /config\.yml \(system\.data-directory\) cannot be opened: /,
    ],
    [
      'STACKMEND_CONF that is a file',
      () => ({ STACKMEND_CONF: join(withConfig('conf', '').STACKMEND_CONF, 'config.yml') }),
      /\(STACKMEND_CONF\) cannot hold the configuration/,
    ],
  ])('%s is one line, and 2', async (_, environment, message) => {
    expect(await fails(environment())).toEqual([2, expect.stringMatching(message)]);
  });

  it('names a database that is none, for the server and for a command', async () => {
    const { STACKMEND_CONF } = withConfig('database', 'system.secret-key: x\n');
    writeFileSync(join(STACKMEND_CONF, 'stackmend.db'), 'no database. '.repeat(1000));
    const message = expect.stringContaining(`${STACKMEND_CONF} (system.data-directory) cannot be opened: file is not`);
    expect(await fails({ STACKMEND_CONF })).toEqual([2, message]);
    expect(await fails({ STACKMEND_CONF }, [cli, 'projects', 'list'])).toEqual([2, message]);
  });

  it('is no start without a configuration either, for the command, which says how to make one', async () => {
    const STACKMEND_CONF = join(folder, 'nothing');
    expect(await fails({ STACKMEND_CONF }, [cli, 'serve'])).toEqual([2, expect.stringContaining('stackmend init')]);
  });
});

/** fetch sets Host and the Sec-Fetch headers itself. */
function ask(path: string, headers: Record<string, string>, body?: string): Promise<[number, string]> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path, method: body === undefined ? 'GET' : 'POST', headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      },
    );
    asked.on('error', reject).end(body);
  });
}

describe('another web page', () => {
  const foreign: [string, Record<string, string>][] = [
    ['a name that somebody pointed here', { Host: 'rebound.example' }],
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['a sibling site', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }],
  ];

  test.each(foreign)('gets no answer of API or page: %s', async (_, headers) => {
    for (const path of ['/api/0/organizations/stackmend/issues/', '/issues/']) {
      const [status, body] = await ask(path, headers);
      expect([status, Object.keys(JSON.parse(body))]).toEqual([403, ['detail']]);
    }
    const write = '/api/0/projects/stackmend/default/create-sample/';
    expect((await ask(write, { ...headers, 'Content-Type': 'text/plain' }, ''))[0]).toBe(403);
  });

  test.each(foreign)('may send events: %s', async (_, headers) => {
    const { pathname, search } = new URL(envelopeUrl(server.dsn));
    const event_id = eventId(
      2,
      foreign.findIndex(([, each]) => each === headers),
    );
    const [status, body] = await ask(pathname + search, headers, envelopeOf({ event_id, message: 'from a page' }));
    expect([status, JSON.parse(body)]).toEqual([200, { id: event_id }]);
  });

  it('may link here, and this page may ask', async () => {
    expect((await ask('/issues/', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }))[0]).toBe(200);
    const own = { Origin: server.url, 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' };
    expect((await ask('/api/0/organizations/stackmend/issues/', own))[0]).toBe(200);
    expect(
      (await ask('/api/0/organizations/stackmend/issues/', { Host: `localhost:${new URL(server.url).port}` }))[0],
    ).toBe(200);
  });
});

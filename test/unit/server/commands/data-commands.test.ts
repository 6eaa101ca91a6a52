import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { ApiError } from '../../../../server/api/api-client.ts';
import { nodeId } from '../../../../server/backends/nodestore.ts';
import { CommandError } from '../../../../server/commands/context.ts';
import { register as coverageCommand } from '../../../../server/commands/coverage.ts';
import { register as demoCommand } from '../../../../server/commands/demo.ts';
import { register as eventsCommand } from '../../../../server/commands/events.ts';
import { register as projectsCommand } from '../../../../server/commands/projects.ts';
import { createRemoteClient } from '../../../../server/commands/remote.ts';
import { createMetrics } from '../../../../server/metrics/metrics.ts';
import { parseDsn } from '../../../../server/protocol/dsn.ts';
import { parseEnvelope } from '../../../../server/protocol/envelope.ts';
import { createCommandApi } from '../../../../server/runner/command-api.ts';
import { openCommandServices, type Services } from '../../../../server/runner/services.ts';
import { initializeConfiguration } from '../../../../server/settings/init.ts';
import { readSettings } from '../../../../server/settings/settings.ts';
import { openSpool, type Spool } from '../../../../server/storage/spool.ts';
import { storedEvent } from '../../../integration/api/harness.ts';
import { seedEvent, seedIssue } from '../../../integration/api/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
let services: Services;
let spool: Spool;
beforeAll(async () => {
  initializeConfiguration(folder);
  services = await openCommandServices(await readSettings(folder, {}), createMetrics());
  spool = openSpool(join(folder, 'spool.db'), { readonly: true });
});
afterAll(async () => {
  spool.close();
  await services.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await services.db.deleteFrom('coverageReport').execute();
});

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const good = file('lcov.info', 'SF:src/billing.py\nDA:4,1\nDA:5,0\nend_of_record\n');
const bad = file('bad.info', 'SF:src/billing.py\nDA:4\n');

/** Runs a command line as the real program would, over a real database and spool; `imported` is what it spooled. */
async function run(...args: string[]) {
  const printed: string[] = [];
  let configured = 0;
  const before = spool.readAfter(0, 1000, 1e9).at(-1)?.id ?? 0;
  const context = {
    configure: async () => {
      configured += 1;
      return { ...services, retryDeadLetters: async () => ({ digested: 2, failed: 1 }) };
    },
    api: async ({ url, token }: { url?: string; token?: string } = {}) =>
      url ? createRemoteClient(url, token) : createCommandApi(await context.configure()),
    print: (line: string) => void printed.push(line),
    printJson: (value: unknown) => void printed.push(JSON.stringify(value)),
    readFile: (path: string) => readFile(path),
  };
  const program = new Command('stackmend').exitOverride().configureOutput({ writeErr: () => {} });
  coverageCommand(program, context);
  projectsCommand(program, context);
  eventsCommand(program, context);
  demoCommand(program, context);
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => null,
    (thrown) => thrown,
  );
  const imported = spool.readAfter(before, 1000, 1e9).map(({ projectId, eventId, body }) => {
    const [item] = parseEnvelope(body).items;
    const event: unknown = JSON.parse(new TextDecoder().decode(item?.payload));
    return { projectId, eventId, event };
  });
  return { printed, error, imported, configured, coverage: services.coverage };
}
const messageOf = (error: unknown) =>
  error instanceof CommandError || error instanceof ApiError ? error.message : error;

describe('events retry', () => {
  it('says what was digested after all, and what was not', async () => {
    expect((await run('events', 'retry')).printed).toEqual(['Digested 2; 1 failed again and are kept.']);
    expect((await run('events', 'retry', '--json')).printed).toEqual(['{"digested":2,"failed":1}']);
  });
});

describe('coverage list', () => {
  it('prints a line for each report, the newest first', async () => {
    expect((await run('coverage', 'list', '--project', 'default')).printed).toEqual([
      'There are none. `stackmend coverage upload` adds one.',
    ]);
    await run('coverage', 'upload', good, '--project', 'default', '--release', 'a@1');
    await run('coverage', 'upload', good, '--project', 'default', '--commit', '4f2b8c1d9e0a7b6c');
    const { printed } = await run('coverage', 'list', '--project', 'default');
    expect(printed).toEqual([
      expect.stringMatching(
        /^\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}commit 4f2b8c1d9e0a {2}lcov, 1 file, 2 lines, 0\.0 MB {2}lcov\.info$/,
      ),
      expect.stringContaining('  release a@1  lcov, 1 file'),
    ]);
    const json = await run('coverage', 'list', '--project', 'default', '--json');
    expect(JSON.parse(json.printed[0] ?? '')).toMatchObject([{ commit: '4f2b8c1d9e0a7b6c' }, { release: 'a@1' }]);
  });
  it('names the projects that there are when there is none of that slug', async () => {
    expect(messageOf((await run('coverage', 'list', '--project', 'nope')).error)).toMatch(
      /No project has the slug "nope"/,
    );
  });
});

describe('coverage explain', () => {
  const eventId = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  const counted = file('counted.info', 'SF:src/billing.py\nDA:4,7\nDA:5,0\nend_of_record\n');
  beforeAll(async () => {
    const frame = (filename: string, lineno: number) => ({ filename, lineno, in_app: true });
    const frames = [frame('src/billing.py', 4), frame('src/billing.py', 5), frame('src/\u001b[31mcart.py', 6)];
    const event = {
      ...storedEvent(2, { eventId }),
      release: 'a@1',
      exception: { values: [{ stacktrace: { frames } }] },
    };
    await services.nodestore.set([{ id: nodeId(2, eventId), event }]);
    await seedEvent(services.db, await seedIssue(services.db, { number: 1_000_000 }), { eventId, release: 'a@1' });
  });

  it('says of each frame whether tests reach its line, or why that is not known and what to do', async () => {
    const before = await run('coverage', 'explain', eventId);
    expect(before.error).toBeNull();
    expect(before.printed).toEqual([
      'exception 1, frame 1 in src/billing.py:4: not known (no_report)',
      expect.stringContaining('`stackmend coverage upload <report> --project default --release a@1`'),
      'exception 1, frame 2 in src/billing.py:5: not known (no_report)',
      'exception 1, frame 3 in src/ [31mcart.py:6: not known (no_report)',
    ]);
    await run('coverage', 'upload', counted, '--project', 'default', '--release', 'a@1');
    const { printed } = await run('coverage', 'explain', eventId);
    expect(printed).toEqual([
      'exception 1, frame 1 in src/billing.py:4: covered, run 7 times',
      'exception 1, frame 2 in src/billing.py:5: no test reaches it',
      'exception 1, frame 3 in src/ [31mcart.py:6: not known (no_file_matches)',
      expect.stringContaining('No file of the coverage report ends in src/ [31mcart.py'),
      '    In the report: src/billing.py',
    ]);
    const json = await run('coverage', 'explain', eventId, '--json');
    expect(JSON.parse(json.printed[0] ?? '')).toMatchObject({
      frames: [{ code: 0, hits: 7 }, { code: 1, hits: 0 }, {}],
    });
  });

  test.each([
    ['what is no id', 'latest', /latest is no event id/],
    ['an event that is not there', 'f'.repeat(32), /There is no event f{32}/],
  ])('refuses %s', async (_, id, message) => {
    expect(messageOf((await run('coverage', 'explain', id)).error)).toMatch(message);
  });
});

describe('coverage upload', () => {
  it('stores reports and says what is in them', async () => {
    const { printed, error, coverage } = await run(
      'coverage',
      'upload',
      good,
      '--project',
      'default',
      '--release',
      'a@1',
    );
    expect(error).toBeNull();
    expect(printed).toEqual([`${good}: lcov, 1 file, 2 lines, for release a@1`]);
    expect(await coverage.list(2)).toMatchObject([{ name: 'lcov.info', release: 'a@1', fileCount: 1 }]);
  });

  it('puts the root in front of relative paths', async () => {
    const mixed = file('mixed.info', 'SF:./src/a.py\nDA:1,1\nend_of_record\nSF:/ci/src/b.py\nDA:1,1\nend_of_record\n');
    const of = ['--project', 'default', '--release', 'a@1', '--root', './packages/cart/'];
    expect((await run('coverage', 'upload', mixed, ...of)).error).toBeNull();
    const rows = await services.db.selectFrom('coverageFile').select('path').orderBy('path').execute();
    expect(rows).toEqual([{ path: '/ci/src/b.py' }, { path: 'packages/cart/src/a.py' }]);
  });

  it('stores the others when one is bad, names that in one line, and fails', async () => {
    const missing = join(folder, 'missing.info');
    const { printed, error, coverage } = await run(
      ...['coverage', 'upload', bad, missing, folder, good, '--project', 'default', '--commit', '4F2B8C1D', '--json'],
    );
    expect(String(messageOf(error)).split('\nstackmend: ')).toEqual([
      expect.stringMatching(/bad\.info, line 2: "DA:4" should be DA:<line>,<hits>/),
      `${missing}: there is no such file`,
      `${folder}: it is a folder; name the file in it`,
    ]);
    expect(JSON.parse(printed.join())).toEqual([
      { report: good, id: expect.any(String), format: 'lcov', files: 1, lines: 2, release: null, commit: '4f2b8c1d' },
    ]);
    expect(await coverage.list(2)).toHaveLength(1);
  });

  test.each([
    [['--project', 'default'], /--release <version>, --commit <sha>, or both/],
    [['--project', 'nope', '--release', '1'], /No project has the slug "nope". There are: default, internal/],
    [['--project', 'default', '--commit', 'main'], /"main" is no commit/],
  ])('refuses %j', async (options, message) => {
    expect(messageOf((await run('coverage', 'upload', good, ...options)).error)).toMatch(message);
  });
  it('needs a project', async () => {
    expect((await run('coverage', 'upload', good, '--release', '1')).error).toMatchObject({ exitCode: 1 });
  });
});

describe('with --url', () => {
  type Seen = { url: string | undefined; authorization: string | undefined; body: string };
  async function withServer<T>(status: number, answer: unknown, act: (url: string, seen: Seen[]) => Promise<T>) {
    const seen: Seen[] = [];
    const server = createServer(async (req: IncomingMessage, res) => {
      const body = (await buffer(req)).toString();
      seen.push({ url: req.url, authorization: req.headers.authorization, body });
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      return await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`, seen);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('uploads to that server and opens no data here', () =>
    withServer(201, { id: '7', format: 'lcov', files: 1, lines: 2, release: 'a@1' }, async (url, seen) => {
      const { printed, error, configured } = await run(
        ...['coverage', 'upload', good, '--project', 'shop', '--release', 'a@1', '--url', url, '--token', 'secret'],
      );
      expect([error, configured]).toEqual([null, 0]);
      expect(printed).toEqual([`${good}: lcov, 1 file, 2 lines, for release a@1`]);
      expect(seen).toEqual([
        {
          url: '/prefix/api/0/projects/stackmend/shop/coverage/?release=a%401&name=lcov.info',
          authorization: 'Bearer secret',
          body: expect.stringMatching(/^SF:src/),
        },
      ]);
    }));

  it('imports events there', () =>
    withServer(200, { eventIDs: ['a'.repeat(32)] }, async (url, seen) => {
      const { printed } = await run('events', 'import', file('e.json', '{"message":"x"}'), '--url', url);
      expect(printed).toEqual(['a'.repeat(32)]);
      expect(seen[0]).toMatchObject({
        url: '/prefix/api/0/projects/stackmend/default/events/',
        body: '{"message":"x"}',
      });
    }));

  it.each([
    [403, { detail: 'The token has no project:write.' }, /answered 403: The token has no project:write/],
    [200, 'hello', /does not answer as a Stackmend server does/],
  ])('hands on what it says: %i', (status, answer, message) =>
    withServer(status, answer, async (url) => {
      const { error } = await run('coverage', 'upload', good, '--project', 'a', '--release', '1', '--url', url);
      expect(messageOf(error)).toMatch(message);
    }),
  );

  it('says what a token that may not list projects is told', async () => {
    const answers = { '/prefix/api/0/projects/': 403 };
    const server = createServer((req, res) => {
      res.writeHead(req.url && req.url in answers ? 403 : 404, { 'content-type': 'application/json' });
      res.end('{"detail":"There is no project \\"a\\"."}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { origin } = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { error } = await run('events', 'import', good, good, '--project', 'a', '--url', `${origin}/prefix`);
    server.close();
    expect(messageOf(error)).toBe(`${origin} answered 404: There is no project "a".`);
  });

  it('follows no redirect, which would take the token along', async () => {
    let asked = 0;
    const server = createServer((_, res) => {
      asked += 1;
      res.writeHead(307, { location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { error } = await run('events', 'import', good, '--url', origin, '--token', 'secret');
    server.close();
    expect([asked, messageOf(error)]).toEqual([1, `${good}: ${origin} answered 307: no reason given`]);
  });

  it('says that it cannot be reached', async () => {
    const args = ['events', 'import', good, '--url'];
    expect(messageOf((await run(...args, 'http://127.0.0.1:9')).error)).toMatch(/127.0.0.1:9 cannot be reached: /);
    expect(messageOf((await run(...args, 'ftp://x')).error)).toMatch(/--url ftp:\/\/x is no address/);
  });
});

describe('events import', () => {
  it('prints the ids, and a bad file keeps no other from going in', async () => {
    const event = file('event.json', '{"message":"boom"}');
    const { printed, error, imported } = await run('events', 'import', bad, event, '--project', 'internal');
    expect(imported).toMatchObject([{ projectId: 1, event: { message: 'boom' } }]);
    expect(printed).toEqual([imported[0]?.eventId]);
    expect(messageOf(error)).toMatch(/^.*bad\.info: .*Expected the JSON of an event/);
  });

  it('says once that the project is not there, however many files there are', async () => {
    const event = file('event.json', '{"message":"boom"}');
    const { printed, error, imported } = await run('events', 'import', event, event, '--project', '../x');
    expect([printed, imported]).toEqual([[], []]);
    expect(messageOf(error)).toBe('No project has the slug "../x". There are: default, internal.');
  });
});

describe('projects', () => {
  it('creates one and prints id, slug and DSN', async () => {
    const { printed } = await run('projects', 'create', '--slug', 'shop', '--name', 'The shop', '--json');
    const { id, slug, name, dsn } = JSON.parse(printed.join());
    expect([slug, name]).toEqual(['shop', 'The shop']);
    expect(parseDsn(dsn)).toMatchObject({ host: '127.0.0.1:8765', projectId: Number(id) });

    const again = await run('projects', 'create', '--slug', 'shop');
    expect(again.error).toMatchObject({ status: 409, message: expect.stringContaining('exists already') });
    expect((await run('projects', 'create', '--slug', 'cart')).printed).toEqual([
      expect.stringMatching(/^id: \d+$/),
      'slug: cart',
      expect.stringMatching(/^dsn: http:\/\/[0-9a-f]{32}@127\.0\.0\.1:8765\/\d+$/),
    ]);
  });
  it('lists them', async () => {
    const { printed } = await run('projects', 'list', '--json');
    const slugs = JSON.parse(printed.join()).map(({ slug }: { slug: string }) => slug);
    expect(slugs).toEqual(expect.arrayContaining(['default', 'internal']));
    expect((await run('projects', 'list')).printed).toHaveLength(slugs.length);
  });
  it.each([
    ['Shop', /slug has lower-case letters, digits/],
    ['-a', /slug has lower-case letters, digits/],
    ['12', /is no number/],
    ['', /slug has lower-case letters, digits/],
    ['a/b', /slug has lower-case letters, digits/],
    ['a'.repeat(51), /^slug: .*50 characters/],
  ])('refuses the slug %j as the page would', async (slug, message) => {
    expect(messageOf((await run('projects', 'create', '--slug', slug)).error)).toMatch(message);
  });
});

it('demo loads every sample, its coverage once, and prints where the issues are', async () => {
  const first = await run('demo');
  expect(first.error).toBeNull();
  expect(first.imported.length).toBeGreaterThanOrEqual(5);
  expect(first.printed.join()).toContain('http://127.0.0.1:8765/issues/');
  const { printed, coverage } = await run('demo', '--json');
  expect(JSON.parse(printed.join()).eventIDs).toHaveLength(first.imported.length);
  expect((await coverage.list(2)).map(({ release }) => release)).toHaveLength(1);
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { CommandError } from '../../../../server/commands/context.ts';
import { register as coverageCommand } from '../../../../server/commands/coverage.ts';
import { register as demoCommand } from '../../../../server/commands/demo.ts';
import { register as eventsCommand } from '../../../../server/commands/events.ts';
import { register as projectsCommand } from '../../../../server/commands/projects.ts';
import { createCoverage } from '../../../../server/coverage/line-coverage.ts';
import { readReportHere } from '../../../../server/coverage/read-report.ts';
import { parseDsn } from '../../../../server/protocol/dsn.ts';
import { BadRequestError } from '../../../../server/protocol/errors.ts';
import { loadSamples } from '../../../../server/samples/samples.ts';
import { createCoverageStore } from '../../../../server/storage/coverage.ts';
import { migrate, openDatabase } from '../../../../server/storage/database.ts';
import { createProjectStore } from '../../../../server/storage/projects.ts';
import { createReleaseStore } from '../../../../server/storage/releases.ts';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
const db = openDatabase(join(folder, 'test.db'));
beforeAll(() => migrate(db));
afterAll(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await db.deleteFrom('coverageReport').execute();
});

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const good = file('lcov.info', 'SF:src/billing.py\nDA:4,1\nDA:5,0\nend_of_record\n');
const bad = file('bad.info', 'SF:src/billing.py\nDA:4\n');

/** Runs a command line as the real program would, on a real database; import alone is watched instead of spooled. */
async function run(...args: string[]) {
  const printed: string[] = [];
  const imported: { slug: string; event: Record<string, unknown> }[] = [];
  let configured = 0;
  const projects = createProjectStore(db);
  const coverage = createCoverage({
    store: createCoverageStore(db),
    releases: createReleaseStore(db),
    readReport: readReportHere,
  });
  const importEvents = async (slug: string, bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString();
    if (!text.startsWith('{')) throw new BadRequestError('Expected the JSON of an event.');
    imported.push({ slug, event: JSON.parse(text) });
    return { eventIDs: [createHash('md5').update(text).digest('hex')] };
  };
  const context = {
    configure: async () => {
      configured += 1;
      const load = (project: { id: number; slug: string }) =>
        loadSamples(project, { importEvents, coverage, now: () => 1_800_000_000_000 });
      const retryDeadLetters = async () => ({ digested: 2, failed: 1 });
      return { projects, coverage, importEvents, retryDeadLetters, loadSamples: load, url: 'http://127.0.0.1:8765' };
    },
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
  return { printed, error, imported, configured, coverage };
}
const messageOf = (error: unknown) => (error instanceof CommandError ? error.message : error);

describe('events retry', () => {
  it('says what was digested after all, and what was not', async () => {
    expect((await run('events', 'retry')).printed).toEqual(['Digested 2; 1 failed again and are kept.']);
    expect((await run('events', 'retry', '--json')).printed).toEqual(['{"digested":2,"failed":1}']);
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
    expect(await coverage.list(2)).toMatchObject([{ name: 'lcov.info', release: 'a@1', files: 1 }]);
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
    expect(imported).toEqual([{ slug: 'internal', event: { message: 'boom' } }]);
    expect(printed).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(messageOf(error)).toBe(`${bad}: Expected the JSON of an event.`);
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
  it.each(['Shop', '-a', 'a-', '12', '', 'a/b', 'a'.repeat(51)])('refuses the slug %j', async (slug) => {
    expect(messageOf((await run('projects', 'create', '--slug', slug)).error)).toMatch(/lower-case letters, digits/);
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

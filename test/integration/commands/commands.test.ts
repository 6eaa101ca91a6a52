/** The `stackmend` command as a process, beside a running server and without one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { startFakeModel } from '../../fake-model.ts';
import { type RunningServer, runCommand, startServer, waitFor } from '../../server.ts';
import { eventId, getJson, issuesOnce, send } from '../server/clients.ts';

const cli = join('server', 'cli.ts');
const bin = join('server', 'stackmend.mjs');
const folder = mkdtempSync(join(tmpdir(), 'commands-'));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const event = (event_id: string, message: string) => JSON.stringify({ event_id, message, level: 'warning' });
const lcov = file('lcov.info', 'SF:src/billing.py\nDA:4,1\nDA:5,0\nend_of_record\n');

let server: RunningServer;
/** `STACKMEND_CONF` without a server. */
const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
const alone = { ...compiled, STACKMEND_CONF: join(folder, 'conf') };
/** Without its PORT, which is the server's alone: where it is reached, the server has told. */
const beside = () => ({ ...compiled, STACKMEND_CONF: server.directory });

beforeAll(async () => {
  server = await startServer();
  await succeeds([cli, 'init'], alone);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

/** @returns what it printed */
async function succeeds(args: string[], environment: Record<string, string>, input = ''): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, environment, input);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}
async function json<T>(args: string[], environment: Record<string, string>, input = ''): Promise<T> {
  return JSON.parse(await succeeds([...args, '--json'], environment, input)) as T;
}

describe('--help', () => {
  const commands = [
    '',
    'serve',
    'init',
    'config',
    'config show',
    'config check',
    'users',
    'users create',
    'users list',
    'users password',
    'users disable',
    'users enable',
    'permissions',
    'permissions add',
    'permissions remove',
    'permissions list',
    'projects',
    'projects create',
    'projects list',
    'events',
    'events import',
    'events retry',
    'coverage',
    'coverage upload',
    'coverage list',
    'coverage explain',
    'sourcemaps',
    'sourcemaps explain',
    'sourcemaps symbolicate',
    'code-mappings',
    'code-mappings list',
    'code-mappings add',
    'code-mappings remove',
    'demo',
    'models',
    'models list',
    'models check',
    'fixes',
    'fixes list',
    'fixes show',
    'fixes export',
    'openai',
  ];
  it('is there for every command, and needs no configuration', async () => {
    const helps = commands.map(async (command) => {
      const args = [cli, ...command.split(' ').filter(Boolean), '--help'];
      const help = await succeeds(args, { ...compiled, STACKMEND_CONF: join(folder, 'nowhere') });
      expect(help).toMatch(new RegExp(`^Usage: stackmend ${command}`.trimEnd()));
      return /^Commands:\n(.*)/ms.exec(help)?.[1] ?? '';
    });
    // No command is missing from the list above.
    const named = (await Promise.all(helps)).flatMap((text, index) =>
      [...text.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => `${commands[index]} ${name}`.trim()),
    );
    expect(named.filter((name) => !name.endsWith('help')).sort()).toEqual(commands.slice(1).sort());
  });
});

describe.each([
  ['node server/cli.ts', cli],
  ['the bin', bin],
])('%s, beside a running server,', (_, entry) => {
  const name = entry === cli ? 'cli' : 'bin';

  it('creates a project whose DSN works at once', async () => {
    type Project = { id: string; slug: string; name: string; dsn: string };
    const args = [entry, 'projects', 'create', '--slug', `shop-${name}`, '--name', 'Shop'];
    const project = await json<Project>(args, beside());
    expect(project).toMatchObject({ id: expect.stringMatching(/^\d+$/), slug: `shop-${name}`, name: 'Shop' });
    const event_id = eventId(1, name.length + Number(project.id));
    expect((await send(project.dsn, { event_id, message: 'first' })).status).toBe(200);
    const path = `/projects/stackmend/shop-${name}/events/${event_id}/`;
    expect(await waitFor(() => getJson(server, path))).toMatchObject({ title: 'first' });
    expect(await getJson(server, '/organizations/stackmend/projects/')).toContainEqual(
      expect.objectContaining({ id: project.id, slug: `shop-${name}` }),
    );
    const listed = await json<Project[]>([entry, 'projects', 'list'], beside());
    expect(listed).toContainEqual({ ...project, platform: null });
    expect(await succeeds([entry, 'projects', 'list'], beside())).toContain(`  shop-${name}  ${project.dsn}`);
  });

  it('imports events, from files and standard input, that are read at once', async () => {
    const ids = [2, 3, 4].map((client) => eventId(client, name === 'cli' ? 0 : 1));
    const [first = '', second = '', third = ''] = ids;
    const files = [file(`1-${name}.json`, event(first, 'one')), file(`2-${name}.json`, event(second, 'two'))];
    const args = [entry, 'events', 'import', ...files, '-'];
    expect(await json(args, beside(), event(third, 'three'))).toEqual([
      { file: files[0], eventIDs: [first] },
      { file: files[1], eventIDs: [second] },
      { file: '-', eventIDs: [third] },
    ]);
    for (const [index, id] of ids.entries()) {
      const title = ['one', 'two', 'three'][index];
      expect(await getJson(server, `/projects/stackmend/default/events/${id}/`)).toMatchObject({ title });
    }
    expect(await json([entry, 'events', 'retry'], beside())).toEqual({ digested: 0, failed: 0 });
  });

  it('uploads coverage that a frame has at once', async () => {
    const release = `shop@${name}`;
    const args = [entry, 'coverage', 'upload', lcov, '--project', 'default', '--release', release];
    expect(await json(args, beside())).toMatchObject([{ report: lcov, format: 'lcov', files: 1, lines: 2, release }]);
    const query = new URLSearchParams({ file: 'src/billing.py', release, platform: 'python' });
    expect(await getJson(server, `/projects/stackmend/default/stacktrace-link/?${query}`)).toMatchObject({
      codecov: { lineCoverage: expect.arrayContaining([[4, expect.anything()]]) },
    });
  });

  it('shows what a model would be told of a stored event, without a key', async () => {
    const event_id = eventId(5, name === 'cli' ? 0 : 1);
    await succeeds([entry, 'events', 'import', '-'], beside(), event(event_id, 'disk is full'));
    const args = [entry, 'openai', '--event', event_id, '--dump-prompt'];
    expect(JSON.stringify(JSON.parse(await succeeds(args, beside())))).toContain('disk is full');
  });
});

describe('without a server', () => {
  it('everything is there when one starts', async () => {
    const { eventIDs } = await json<{ eventIDs: string[] }>([cli, 'demo'], alone);
    expect(new Set(eventIDs).size).toBe(5);
    const prompt = await succeeds([cli, 'openai', '--event', eventIDs[0] ?? '', '--dump-prompt'], alone);
    expect(JSON.parse(prompt)).toBeTypeOf('object');
    const dsn = /^dsn: (.*)$/m.exec(await succeeds([cli, 'projects', 'create', '--slug', 'later'], alone))?.[1];
    await succeeds([cli, 'coverage', 'upload', lcov, '--project', 'later', '--commit', 'a'.repeat(40)], alone);

    const later = await startServer({}, alone.STACKMEND_CONF);
    expect(await issuesOnce(later, 5)).toHaveLength(5);
    const moved = Object.assign(new URL(dsn ?? ''), { port: new URL(later.url).port });
    expect((await send(moved.href, { event_id: eventId(6, 0), message: 'x' })).status).toBe(200);
    expect(await getJson(later, '/projects/stackmend/later/coverage/')).toHaveLength(1);
    await later.stop({ keep: true });
  });

  it('a suggestion streams into the terminal', async () => {
    const model = await startFakeModel();
    const path = file('ask.json', event(eventId(7, 0), 'amount must be positive'));
    const environment = { ...alone, OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'words' };
    expect(await succeeds([cli, 'openai', '--event', path], environment)).toMatch(/## Problem.*## Fix.*\n$/s);
    expect(JSON.stringify(model.requests[0])).toContain('amount must be positive');
    await model.close();
  });
});

// At a time, as each is a process of its own.
describe.concurrent('a fault is one line, and 2:', () => {
  const broken = file('broken.json', '{"message": ');
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['project'], /unknown command 'project'.*projects/],
    ['an unknown option', ['projects', 'list', '--jason'], /unknown option '--jason'.*--json/],
    ['no slug', ['projects', 'create'], /required option '--slug <slug>' not specified/],
    ['a slug that is none', ['projects', 'create', '--slug', 'My Shop'], /a slug has lower-case letters/],
    ['a slug that is taken', ['projects', 'create', '--slug', 'default'], /default/],
    ['no file', ['events', 'import'], /missing required argument 'file'/],
    ['a file that is not there', ['events', 'import', 'nowhere.json'], /nowhere\.json: there is no such file/],
    ['a folder', ['events', 'import', folder], /it is a folder/],
    ['a file that is no JSON', ['events', 'import', broken], /broken\.json: /],
    [
      'a project that is not there',
      ['events', 'import', broken, '--project', 'shoes'],
      /"shoes"\. There are: .*default/,
    ],
    [
      'a report of nothing',
      ['coverage', 'upload', lcov, '--project', 'default'],
      /--release <version>, --commit <sha>/,
    ],
    [
      'a report that is none',
      ['coverage', 'upload', broken, '--project', 'default', '--release', '1'],
      /broken\.json: /,
    ],
    [
      'a server that is not there',
      ['events', 'import', lcov, '--url', 'http://127.0.0.1:1'],
      /127\.0\.0\.1:1 cannot be reached/,
    ],
    ['an address that is none', ['events', 'import', lcov, '--url', 'here'], /--url here is no address/],
    ['no event', ['openai'], /Give --event <file>/],
    ['an event that is not stored', ['openai', '--event', 'f'.repeat(32)], /no stored event f+/],
    ['an event file that is not there', ['openai', '--event', 'nowhere.json'], /nowhere\.json: there is no such file/],
    ['an event that is no JSON', ['openai', '--event', broken, '--dump-prompt'], /broken\.json: /],
    ['no key', ['openai', '--event', file('keyless.json', event(eventId(8, 0), 'x'))], /OPENAI_API_KEY/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await runCommand([cli, ...args], alone);
    expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^stackmend: /);
  });
});

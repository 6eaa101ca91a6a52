/** `stackmend config`, and what the server says of the same faults. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { runCommand } from '../../server.ts';

const cli = join('server', 'cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configuration(lines: string, code?: string): string {
  const directory = mkdtempSync(join(folder, 'conf-'));
  writeFileSync(join(directory, 'config.yml'), `system.secret-key: canary\n${lines}\n`);
  if (code) writeFileSync(join(directory, 'stackmend.conf.ts'), code);
  return directory;
}
const run = (args: string[], directory: string, environment: Record<string, string> = {}) =>
  runCommand([cli, ...args], { STACKMEND_CONF: directory, PORT: '0', ...environment });

describe('config show', () => {
  const directory = configuration(
    'openai.model: of-file',
    "const policy: string = 'allowed';\nexport default { 'ai.policy': policy };",
  );

  it('prints every option with its origin, and no secret', async () => {
    const { code, stdout, stderr } = await run(['config', 'show'], directory, { OPENAI_API_KEY: 'sk-canary' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^http\.port +0 +PORT$/m);
    expect(stdout).toMatch(/^openai\.model +"of-file" +\/.*config\.yml$/m);
    expect(stdout).toMatch(/^ai\.policy +"allowed" +\/.*stackmend\.conf\.ts$/m);
    expect(stdout).toMatch(/^ingest\.max-event-bytes +1048576 bytes +default$/m);
    expect(stdout).toMatch(/^openai\.api-key +"\*{8}" +OPENAI_API_KEY$/m);
    expect(stdout).not.toContain('canary');
  });

  it('prints them as JSON, with what each is for', async () => {
    const { stdout } = await run(['config', 'show', '--json'], directory);
    expect(JSON.parse(stdout)).toContainEqual({
      name: 'http.port',
      value: 0,
      origin: 'PORT',
      variable: 'PORT',
      reason: expect.stringContaining('any free port'),
    });
    expect(stdout).not.toContain('canary');
  });
});

describe('config check', () => {
  it('is content with a sound configuration', async () => {
    const directory = configuration('');
    expect(await run(['config', 'check'], directory)).toEqual({ code: 0, stdout: 'No fault.\n', stderr: '' });
    const { code, stdout } = await run(['config', 'check', '--json'], directory);
    expect([code, JSON.parse(stdout)]).toEqual([0, { faults: [] }]);
  });

  it('prints one line for each fault, and ends with 1', async () => {
    const directory = configuration('http.prot: 1\nhttp.hots: x\nhttp.trusted-proxies: [nginx, 10]\nopenai.model: 4');
    const { code, stdout } = await run(['config', 'check'], directory, { PORT: 'x' });
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^http\.port \(PORT\): /),
      expect.stringMatching(/^http\.trusted-proxies\[1\]: expected a text/),
      expect.stringMatching(/^openai\.model: /),
      'config.yml: unknown option http.prot.',
      'config.yml: unknown option http.hots.',
    ]);
    const json = await run(['config', 'check', '--json'], directory, { PORT: 'x' });
    expect([json.code, JSON.parse(json.stdout).faults]).toEqual([1, stdout.trimEnd().split('\n')]);
  });

  test.each<[string, () => string, RegExp]>([
    ['no configuration', () => join(folder, 'nowhere'), /^There is no configuration at .*nowhere.*stackmend init$/],
    ['malformed YAML', () => configuration('http.port: [1'), /config\.yml, line \d+, column \d+: /],
    ['code that throws', () => configuration('', "throw new Error('no vault');"), /conf\.ts cannot be run: no vault$/],
    [
      'backends out of step',
      () => configuration('search.backend: snuba'),
      /^search\.backend: on snuba, where the event/,
    ],
  ])('tells of %s', async (_, directory, message) => {
    const { code, stdout } = await run(['config', 'check'], directory());
    expect([code, stdout.trimEnd()]).toEqual([1, expect.stringMatching(message)]);
    expect(stdout.trimEnd()).not.toContain('\n');
  });
});

describe('a start with backends out of step', () => {
  test.each([
    ['npm start', [join('server', 'main.ts')]],
    ['a command', [cli, 'projects', 'list']],
  ])('%s ends with 2 and a box', async (_, args) => {
    const environment = { STACKMEND_CONF: configuration('eventstream.backend: snuba'), PORT: '0' };
    const { code, stderr } = await runCommand(args, environment);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^stackmend: eventstream\.backend: on snuba, where search, tagstore and tsdb do not all read/,
    );
    expect(stderr).toMatch(/^!! +eventstream\.backend = snuba +!!$/m);
    expect(stderr).toMatch(/^!! +tsdb\.backend = embedded +!!$/m);
  });
});

describe("Sentry's names", () => {
  it('find the configuration, beside a sentry.conf.py too, each with one warning', async () => {
    const SENTRY_CONF = join(configuration('openai.model: found'), 'sentry.conf.py');
    const environment = { SENTRY_CONF, SENTRY_URL_PREFIX: 'https://errors.example' };
    const { code, stdout, stderr } = await run(['config', 'show'], '', environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^openai\.model +"found"/m);
    expect(stdout).toMatch(/^system\.url-prefix +"https:\/\/errors\.example" +SENTRY_URL_PREFIX *$/m);
    expect(stderr.trimEnd().split('\n')).toEqual([
      "stackmend: SENTRY_CONF is Sentry's name and is understood; STACKMEND_CONF is Stackmend's.",
      "stackmend: SENTRY_URL_PREFIX is Sentry's name and is understood; STACKMEND_SYSTEM_URL_PREFIX is Stackmend's.",
    ]);
  });
});

it('a database that cannot be opened ends the server, also where it listens already', async () => {
  const directory = configuration('');
  writeFileSync(join(directory, 'stackmend.db'), 'no database. '.repeat(1000));
  const { code, stderr } = await run(['serve'], directory);
  expect([code, stderr]).toEqual([2, expect.stringContaining('The database in')]);
});

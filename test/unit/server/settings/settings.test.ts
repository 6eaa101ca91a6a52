import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ConfigurationError } from '../../../../server/protocol/errors.ts';
import { addressOf, isLoopback, readSettings, type Settings } from '../../../../server/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Settings of a configuration file with a secret key and these lines. */
function read(lines: string, environment: Record<string, string | undefined> = {}): Promise<Settings> {
  writeFileSync(join(folder, 'config.yml'), `system.secret-key: secret\n${lines}\n`);
  return readSettings(folder, environment);
}

async function fault(lines: string, environment: Record<string, string | undefined> = {}): Promise<string> {
  try {
    await read(lines, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('It was taken.');
}

describe('an option', () => {
  test.each([
    ['HOST', 'http.host', '127.0.0.1', '127.0.0.2', 'localhost'],
    ['OPENAI_API_KEY', 'openai.api-key', '', 'of-file', 'of-environment'],
    ['OPENAI_BASE_URL', 'openai.base-url', 'https://api.openai.com/v1', 'http://127.0.0.1:1/v1', 'http://[::1]:2/v1'],
    ['OPENAI_MODEL', 'openai.model', 'gpt-5-mini', 'of-file', 'of-environment'],
    ['STACKMEND_AI_POLICY', 'ai.policy', 'individual_consent', 'subprocessor', 'allowed'],
  ] as const)(
    'is taken from %s before the file, and from the file before the default',
    async (variable, option, ...values) => {
      const [ofDefault, ofFile, ofEnvironment] = values;
      expect((await read(''))[option]).toBe(ofDefault);
      expect((await read(`${option}: ${ofFile}`))[option]).toBe(ofFile);
      expect((await read(`${option}: ${ofFile}`, { [variable]: ofEnvironment }))[option]).toBe(ofEnvironment);
      // An empty variable is how shells and compose files say "not set".
      expect((await read(`${option}: ${ofFile}`, { [variable]: '' }))[option]).toBe(ofFile);
      expect((await read('', { [variable]: '' }))[option]).toBe(ofDefault);
    },
  );

  it('that is a number may be digits in a variable or in quotes', async () => {
    expect((await read(''))['http.port']).toBe(8765);
    expect((await read('http.port: 9000'))['http.port']).toBe(9000);
    expect((await read("http.port: '9000'", { PORT: '' }))['http.port']).toBe(9000);
    expect((await read('http.port: 9000', { PORT: '0' }))['http.port']).toBe(0);
    expect((await read('ingest.max-event-bytes: 2000000'))['ingest.max-event-bytes']).toBe(2_000_000);
  });

  it('is not taken from any other variable', async () => {
    expect(await read('', { SYSTEM_SECRET_KEY: 'x', 'http.port': '1' })).toEqual(await read(''));
  });
});

describe('the data directory', () => {
  test.each([
    ['', folder],
    ['system.data-directory: data', join(folder, 'data')],
    ['system.data-directory: /srv/stackmend', '/srv/stackmend'],
  ])('of "%s" is %s', async (lines, directory) => expect((await read(lines)).dataDirectory).toBe(directory));
});

describe('a fault', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['an unknown option', 'http.prot: 80', {}, 'config.yml: unknown option http.prot.'],
    ['a policy that nobody knows', 'ai.policy: everybody', {}, 'ai.policy: '],
    [
      'a policy that nobody knows, in the environment',
      '',
      { STACKMEND_AI_POLICY: 'ALLOWED' },
      'ai.policy (STACKMEND_AI_POLICY): ',
    ],
    ['a policy without a value', 'ai.policy:', {}, 'ai.policy: '],
    ['a port that is a word', '', { PORT: 'http' }, 'http.port (PORT): expected a whole number from 0 to 65535.'],
    ['a port too high', '', { PORT: '65536' }, 'http.port (PORT): expected a whole number from 0 to 65535.'],
    ['a port below none', 'http.port: -1', {}, 'http.port: expected'],
    ['a port with a fraction', 'http.port: 80.5', {}, 'http.port: expected'],
    ['a port that is yes', 'http.port: true', {}, 'http.port: expected'],
    ['a port without a value, which is not 0', 'http.port:', {}, 'http.port: expected'],
    ['a limit of nothing', 'ingest.max-event-bytes: 0', {}, 'ingest.max-event-bytes: expected a whole number from 1 '],
    ['a limit with a unit', "ingest.max-event-bytes: '1 MiB'", {}, 'ingest.max-event-bytes: expected'],
    ['a model that is a number', 'openai.model: 4', {}, 'openai.model: '],
    [
      'a base URL without a scheme',
      '',
      { OPENAI_BASE_URL: 'localhost:11434/v1' },
      'openai.base-url (OPENAI_BASE_URL): expected an address',
    ],
    [
      'a base URL of another scheme',
      '',
      { OPENAI_BASE_URL: 'file:///etc/passwd' },
      'openai.base-url (OPENAI_BASE_URL): expected an address',
    ],
    [
      'a url-prefix that is no address',
      'system.url-prefix: stackmend.example',
      {},
      'system.url-prefix: expected an address',
    ],
  ])('names the option and the variable: %s', async (_, lines, environment, message) => {
    expect(await fault(lines, environment)).toContain(message);
  });

  it('is told together with the others', async () => {
    expect(await fault('http.prot: 1\nopenai.model: 4', { PORT: 'x' })).toMatch(
      /http\.port \(PORT\).*openai\.model.*http\.prot/,
    );
  });

  it('does not repeat a secret', async () => {
    expect(await fault('openai.api-key: [sk-canary]')).toMatch(/^openai\.api-key: (?!.*sk-canary)/);
    expect(await fault('', { STACKMEND_AI_POLICY: 'sk-canary' })).not.toContain('sk-canary');
  });

  test.each([
    ['a bracket left open', 'http.port: [1\nai.policy: allowed', /config\.yml, line 3, column 1: /],
    ['an option twice', 'http.port: 1\nhttp.port: 2', /config\.yml, line 3, column 1: Map keys must be unique$/],
    ['a tab', '\thttp.port: 1', /config\.yml, line 2, column 1: /],
    ['an alias of nothing', 'openai.model: *gpt', /config\.yml: Unresolved alias/],
  ])('in YAML names line and column: %s', async (_, lines, message) => expect(await fault(lines)).toMatch(message));

  test.each([
    ['empty', '', /^system\.secret-key: .*stackmend init/],
    ['a list', '- http.port', /config\.yml: expected lines such as/],
    ['with an empty secret key', "system.secret-key: ''", /^system\.secret-key: /],
  ])('is a file that is %s', async (_, text, message) => {
    writeFileSync(join(folder, 'config.yml'), text);
    await expect(readSettings(folder, {})).rejects.toThrow(message);
  });

  it('is no file at all, and then what makes one is named', async () => {
    await expect(readSettings(join(folder, 'nowhere'), {})).rejects.toThrow(
      /no configuration at .*nowhere.*stackmend init/,
    );
    await expect(readSettings(join(folder, 'config.yml'), {})).rejects.toThrow(/cannot be read \(ENOTDIR\)/);
  });
});

describe('a host', () => {
  test.each([
    '0.0.0.0',
    '::',
    '192.168.1.7',
    'stackmend.example',
    '127.0.0.1.example.com',
    'localhost.example',
    '128.0.0.1',
    '127.0.0.300',
  ])('%s can be reached from elsewhere', async (host) => {
    expect((await read('', { HOST: host }))['http.host']).toBe(host);
    expect(isLoopback(host)).toBe(false);
  });

  test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]'])('%s is loopback', async (host) => {
    expect((await read('', { HOST: host }))['http.host']).toBe(host);
    expect(isLoopback(host)).toBe(true);
  });
});

describe('the proxies that are trusted', () => {
  const variable = 'STACKMEND_HTTP_TRUSTED_PROXIES';
  test.each<[string, string, Record<string, string>, string[]]>([
    ['none by default', '', {}, []],
    ['a list', 'http.trusted-proxies: [loopback, 10.0.0.0/8]', {}, ['loopback', '10.0.0.0/8']],
    ['one text', 'http.trusted-proxies: 192.0.2.1', {}, ['192.0.2.1']],
    ['none in the file', 'http.trusted-proxies: []', {}, []],
    ['a variable with commas', '', { [variable]: ' uniquelocal, fd00::/8 ,::1,' }, ['uniquelocal', 'fd00::/8', '::1']],
    ['a netmask', '', { [variable]: '10.0.0.0/255.0.0.0' }, ['10.0.0.0/255.0.0.0']],
  ])('are %s', async (_, lines, environment, proxies) => {
    expect((await read(lines, environment))['http.trusted-proxies']).toEqual(proxies);
  });

  test.each([
    ['a name', 'proxy.example'],
    ['everybody', '0.0.0.0/0'],
    ['a number, which is no address', '10'],
    ['a part of an address', '10.0.0'],
    ['a range too long', '10.0.0.0/33'],
    ['yes', 'true'],
    ['all', '*'],
  ])('have a fault that names the entry: %s', async (_, entry) => {
    const message = `http.trusted-proxies (${variable}): "${entry}" is no address, no range`;
    expect(await fault('', { [variable]: `loopback, ${entry}` })).toContain(message);
    expect(await fault(`http.trusted-proxies: ['${entry}']`)).toContain(`http.trusted-proxies: "${entry}" is no`);
  });

  it('are a list of texts', async () => {
    expect(await fault('http.trusted-proxies: {loopback: true}')).toContain('http.trusted-proxies: expected a list');
    expect(await fault('http.trusted-proxies: [10]')).toContain('expected a text');
  });
});

describe('the address in DSNs and links', () => {
  const address = async (lines: string, port?: number) => addressOf(await read(lines), { port, machine: '192.0.2.7' });
  test.each([
    ['', 'http://127.0.0.1:8765'],
    ["http.host: '::1'\nhttp.port: 80", 'http://[::1]:80'],
    ["http.host: '[::1]'", 'http://[::1]:8765'],
    ['http.host: localhost', 'http://localhost:8765'],
    ['http.host: 0.0.0.0', 'http://192.0.2.7:8765'],
    ["http.host: '::'", 'http://192.0.2.7:8765'],
    ['http.host: 0.0.0.0\nsystem.url-prefix: https://errors.example', 'https://errors.example'],
    ['system.url-prefix: https://errors.example/stackmend/', 'https://errors.example/stackmend'],
  ])('of "%s" is %s', async (lines, expected) => expect(await address(lines)).toBe(expected));

  it('has the port that was bound where 0 was asked for', async () => {
    expect(await address('http.port: 0', 1234)).toBe('http://127.0.0.1:1234');
  });
});

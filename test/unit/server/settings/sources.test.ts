/** Where an option's value comes from: config.yml, stackmend.conf.ts, the environment in our names and in Sentry's. */
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { aboutOption, OPTION_NAMES } from '../../../../server/settings/options.ts';
import { bootstrapOptions, readSettings, requireValid, showOptions } from '../../../../server/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A directory with these files. */
function holding(files: Record<string, string>): string {
  const directory = mkdtempSync(join(folder, 'conf-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}
const yaml = (lines = '') => ({ 'config.yml': `system.secret-key: secret\n${lines}\n` });
const code = (text: string) => ({ 'stackmend.conf.ts': text });

async function shown(directory: string, environment: Record<string, string> = {}) {
  const bootstrapped = await bootstrapOptions(directory, environment);
  const rows = showOptions(bootstrapped, requireValid(bootstrapped));
  return (name: string) => rows.find((row) => row.name === name);
}

describe('stackmend.conf.ts', () => {
  it('beats config.yml, and the environment beats both; each origin is told', async () => {
    const directory = holding({
      ...yaml('http.port: 1\nopenai.model: of-yaml\nai.policy: allowed'),
      ...code("const model = 'of-code';\nexport default { 'http.port': 2, 'openai.model': model };"),
    });
    const row = await shown(directory, { PORT: '3' });
    expect(row('http.port')).toMatchObject({ value: 3, origin: 'PORT' });
    expect(row('openai.model')).toMatchObject({ value: 'of-code', origin: join(directory, 'stackmend.conf.ts') });
    expect(row('ai.policy')).toMatchObject({ value: 'allowed', origin: join(directory, 'config.yml') });
    expect(row('http.host')).toMatchObject({ value: '127.0.0.1', origin: 'default' });
  });

  it('is enough by itself; an undefined value is not set', async () => {
    const directory = holding(code("export default { 'system.secret-key': 'x', 'openai.model': undefined };"));
    expect(await readSettings(directory, {})).toMatchObject({ 'system.secret-key': 'x', 'openai.model': 'gpt-5-mini' });
  });

  it('that was mended is read anew', async () => {
    const directory = holding({ ...yaml(), ...code("throw new Error('not yet');") });
    await expect(readSettings(directory, {})).rejects.toThrow('not yet');
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(join(directory, 'stackmend.conf.ts'), "export default { 'http.port': 4 };");
    expect((await readSettings(directory, {}))['http.port']).toBe(4);
  });

  test.each([
    ['throws', "throw new Error('no vault\\nat here');\nexport default {};", /conf\.ts cannot be run: no vault$/],
    ['has no default export', 'export const port = 1;', /conf\.ts: expected `export default /],
    ['exports a list', 'export default [1];', /conf\.ts: expected `export default /],
    ['imports nothing that is there', "import './nowhere.ts';\nexport default {};", /conf\.ts cannot be run: [^\n]+$/],
    [
      'has an unknown option',
      "export default { 'http.prot': 1 };",
      /^stackmend\.conf\.ts: unknown option http\.prot\.$/,
    ],
    ['has a wrong option', "export default { 'http.port': 'x' };", /^http\.port: expected a whole number/],
  ])('that %s is one line', async (_, text, message) => {
    await expect(readSettings(holding({ ...yaml(), ...code(text) }), {})).rejects.toThrow(message);
  });

  it('that every user may write to is not run', async () => {
    const directory = holding({ ...yaml(), ...code("throw new Error('it was run');") });
    chmodSync(join(directory, 'stackmend.conf.ts'), 0o666);
    await expect(readSettings(directory, {})).rejects.toThrow(/conf\.ts is not run: .* chmod o-w\.$/);
  });

  // Only root may give a file away.
  it.runIf(process.getuid?.() === 0)('of another user is not run', async () => {
    const directory = holding({ ...yaml(), ...code("throw new Error('it was run');") });
    chownSync(join(directory, 'stackmend.conf.ts'), 4242, 4242);
    await expect(readSettings(directory, {})).rejects.toThrow(/conf\.ts is not run: .*another user.*chown/);
  });
});

describe('an environment variable', () => {
  it('is there for every option, each another one', () => {
    const variables = OPTION_NAMES.map((name) => aboutOption(name).variable);
    expect(new Set(variables).size).toBe(OPTION_NAMES.length);
    expect(aboutOption('system.url-prefix').variable).toBe('STACKMEND_SYSTEM_URL_PREFIX');
    expect(aboutOption('ai.policy').variable).toBe('STACKMEND_AI_POLICY');
  });

  it('beats the files', async () => {
    const row = await shown(holding(yaml('ingest.max-event-bytes: 5')), { STACKMEND_INGEST_MAX_EVENT_BYTES: '6' });
    expect(row('ingest.max-event-bytes')).toMatchObject({ value: 6, unit: 'bytes' });
  });
});

it('every option has a reason', () => {
  for (const name of OPTION_NAMES) expect(aboutOption(name).reason, name).toMatch(/\w.*\.$/);
});

it('masks secrets, and passwords in addresses', async () => {
  const row = await shown(holding(yaml()), {
    OPENAI_API_KEY: 'sk-canary',
    OPENAI_BASE_URL: 'http://me:canary@127.0.0.1:1/v1',
  });
  expect(row('system.secret-key')?.value).toBe('********');
  expect(row('openai.api-key')?.value).toBe('********');
  expect(row('openai.base-url')?.value).toBe('http://********@127.0.0.1:1/v1');
  expect((await shown(holding(yaml())))('openai.api-key')?.value).toBe('');
});

describe("Sentry's name", () => {
  test.each([
    ['SENTRY_SECRET_KEY', 'theirs', 'system.secret-key', 'theirs'],
    ['SENTRY_URL_PREFIX', 'https://errors.example', 'system.url-prefix', 'https://errors.example'],
    ['SENTRY_LOG_LEVEL', 'WARNING', 'logging.level', 'warn'],
    ['SENTRY_LOG_LEVEL', 'DEBUG', 'logging.level', 'debug'],
    ['SENTRY_NODESTORE', 'sentry.nodestore.django.DjangoNodeStorage', 'nodestore.backend', 'embedded'],
    ['SENTRY_EVENTSTREAM', 'sentry.eventstream.kafka.KafkaEventStream', 'eventstream.backend', 'snuba'],
    ['SENTRY_SEARCH', 'sentry.search.snuba.EventsDatasetSnubaSearchBackend', 'search.backend', 'snuba'],
    ['SENTRY_TAGSTORE', 'embedded', 'tagstore.backend', 'embedded'],
    ['SENTRY_TSDB', 'sentry.tsdb.redissnuba.RedisSnubaTSDB', 'tsdb.backend', 'snuba'],
    ['SENTRY_METRICS_BACKEND', 'sentry.metrics.statsd.StatsdMetricsBackend', 'metrics.backend', 'statsd'],
    ['SENTRY_METRICS_PREFIX', 'sentry.', 'metrics.prefix', 'sentry.'],
    ['SENTRY_METRICS_SAMPLE_RATE', '0.5', 'metrics.sample-rate', 0.5],
    ['SENTRY_SDK_UPSTREAM_METRICS_ENABLED', 'True', 'sdk.upstream-metrics', true],
    ['SENTRY_SDK_UPSTREAM_METRICS_ENABLED', 'False', 'sdk.upstream-metrics', false],
  ] as const)('%s=%s is understood, beats the file, and is warned of once', async (name, value, option, expected) => {
    const bootstrapped = await bootstrapOptions(holding(yaml()), { [name]: value });
    expect(requireValid(bootstrapped)[option]).toBe(expected);
    const { variable } = aboutOption(option);
    const text = `${name} is Sentry's name and is understood; ${variable} is Stackmend's.`;
    expect(bootstrapped.warnings).toEqual([{ name, text }]);
  });

  it('loses to ours, and says so', async () => {
    const environment = { SENTRY_URL_PREFIX: 'http://theirs', STACKMEND_SYSTEM_URL_PREFIX: 'http://ours' };
    const bootstrapped = await bootstrapOptions(holding(yaml()), environment);
    expect(requireValid(bootstrapped)['system.url-prefix']).toBe('http://ours');
    const text = "SENTRY_URL_PREFIX is Sentry's name and is ignored, since STACKMEND_SYSTEM_URL_PREFIX is set.";
    expect(bootstrapped.warnings).toEqual([{ name: 'SENTRY_URL_PREFIX', text }]);
  });

  it('is named where its value is none of ours', async () => {
    const settings = readSettings(holding(yaml()), { SENTRY_TSDB: 'sentry.tsdb.dummy.DummyTSDB' });
    await expect(settings).rejects.toThrow(/^tsdb\.backend \(SENTRY_TSDB\): expected embedded\.$/);
  });

  it('without a value is not set', async () => {
    expect((await bootstrapOptions(holding(yaml()), { SENTRY_TSDB: '' })).warnings).toEqual([]);
  });
});

describe('SENTRY_SDK_CONFIG', () => {
  const DSN = `https://${'a'.repeat(32)}@errors.example/4`;
  const RELAY_DSN = `http://${'b'.repeat(32)}@127.0.0.1:9000/5`;

  it('sets what its names stand for, with one warning, and tells what it ignores', async () => {
    const config = { dsn: DSN, relay_dsn: RELAY_DSN, environment: 'prod', sample_rate: 0.5, release: null };
    const text = JSON.stringify({ ...config, debug: true, send_client_reports: true });
    const bootstrapped = await bootstrapOptions(holding(yaml('sdk.release: r')), { SENTRY_SDK_CONFIG: text });
    expect(requireValid(bootstrapped)).toMatchObject({
      'sdk.dsn': DSN,
      'sdk.relay-dsn': RELAY_DSN,
      'sdk.environment': 'prod',
      'sdk.sample-rate': 0.5,
      'sdk.release': 'r',
    });
    const options = 'sdk.dsn, sdk.relay-dsn, sdk.environment, sdk.release, sdk.sample-rate';
    expect(bootstrapped.warnings).toEqual([
      {
        name: 'SENTRY_SDK_CONFIG',
        text: `SENTRY_SDK_CONFIG is Sentry's name and is understood; Stackmend's options are ${options}. It ignores "debug".`,
      },
    ]);
  });

  it('beats the files, and our own variables beat it', async () => {
    const environment = {
      SENTRY_SDK_CONFIG: '{"environment":"theirs","sample_rate":0}',
      STACKMEND_SDK_SAMPLE_RATE: '1',
    };
    const row = await shown(holding(yaml('sdk.environment: file')), environment);
    expect(row('sdk.environment')).toMatchObject({ value: 'theirs', origin: 'SENTRY_SDK_CONFIG' });
    expect(row('sdk.sample-rate')).toMatchObject({ value: 1, origin: 'STACKMEND_SDK_SAMPLE_RATE' });
  });

  test.each([
    ['is not JSON', '{"dsn":', /^SENTRY_SDK_CONFIG is not JSON\.$/],
    ['is a list', '[]', /^SENTRY_SDK_CONFIG is not a JSON object\.$/],
    ['is null', 'null', /^SENTRY_SDK_CONFIG is not a JSON object\.$/],
    [
      'has a DSN without a project',
      `{"dsn":"https://${'a'.repeat(32)}@x/"}`,
      /^sdk\.dsn \(SENTRY_SDK_CONFIG\): expected a DSN/,
    ],
    ['has a DSN that is a number', '{"dsn":1}', /^sdk\.dsn \(SENTRY_SDK_CONFIG\): expected a DSN\.$/],
    [
      'has a rate above 1',
      '{"sample_rate":2}',
      /^sdk\.sample-rate \(SENTRY_SDK_CONFIG\): expected a number from 0 to 1/,
    ],
  ])('that %s is refused by name', async (_, text, message) => {
    const error: unknown = await readSettings(holding(yaml()), { SENTRY_SDK_CONFIG: text }).catch((cause) => cause);
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(message) });
  });
});

describe('an option of the SDK', () => {
  test.each([
    ['true', true],
    ['false', false],
  ])('that is a switch may be the word %s in a variable', async (word, value) => {
    expect((await readSettings(holding(yaml()), { STACKMEND_SDK_ENABLED: word }))['sdk.enabled']).toBe(value);
  });

  test.each(['yes', '1', 'TRUE'])('that is a switch is never guessed from %s', async (word) => {
    const settings = readSettings(holding(yaml()), { STACKMEND_SDK_ENABLED: word });
    await expect(settings).rejects.toThrow('sdk.enabled (STACKMEND_SDK_ENABLED): expected true or false.');
  });

  it('that is a DSN is shown without its key', async () => {
    const row = await shown(holding(yaml()), { STACKMEND_SDK_DSN: `https://${'a'.repeat(32)}@errors.example/4` });
    expect(row('sdk.dsn')?.value).toBe('https://********@errors.example/4');
  });
});

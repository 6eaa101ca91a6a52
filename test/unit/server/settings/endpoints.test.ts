import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { buildEndpoints } from '../../../../server/runner/model-endpoints.ts';
import {
  bootstrapOptions,
  readSettings,
  requireValid,
  showOptions,
  validateOptions,
} from '../../../../server/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'endpoints-'));
afterAll(() => rmSync(folder, { recursive: true }));

function holding(endpoints: unknown): string {
  const directory = mkdtempSync(join(folder, 'conf-'));
  const text = JSON.stringify({ 'system.secret-key': 'secret', 'ai.endpoints': endpoints });
  writeFileSync(join(directory, 'config.yml'), text);
  return directory;
}
const OLLAMA = { name: 'ollama', 'base-url': 'http://127.0.0.1:11434/v1', model: 'qwen3-coder' };
const OPENAI = { name: 'openai', 'base-url': 'https://api.openai.com/v1', model: 'gpt-5-mini' };
const metrics = { incr: () => {} };
const endpointsOf = async (endpoints: unknown, environment: Record<string, string> = {}) =>
  buildEndpoints(await readSettings(holding(endpoints), environment), metrics);

describe('the endpoints of the settings', () => {
  it('are those of ai.endpoints, the first one by default; openai.* is then not asked', async () => {
    const endpoints = await endpointsOf([OLLAMA, { ...OPENAI, 'api-key': 'sk-canary' }], { OPENAI_MODEL: 'other' });
    expect(endpoints.all().map(({ name, kind, model }) => [name, kind, model])).toEqual([
      ['ollama', 'local', 'qwen3-coder'],
      ['openai', 'openai', 'gpt-5-mini'],
    ]);
    expect(endpoints.default.name).toBe('ollama');
    expect(endpoints.byName('openai')?.missing).toBeNull();
    expect(endpoints.byName('default')).toBeNull();
    expect(JSON.stringify(endpoints.all())).not.toContain('canary');
  });

  it('is the one of openai.* where there are none', async () => {
    const endpoints = await endpointsOf([], { OPENAI_BASE_URL: 'http://llama:8000/v1', OPENAI_MODEL: 'llama' });
    expect(endpoints.all()).toEqual([expect.objectContaining({ name: 'default', host: 'llama:8000', model: 'llama' })]);
  });

  it('keep windows, prices, times and numbers as they are set', async () => {
    const [endpoint] = (
      await endpointsOf([
        {
          ...OLLAMA,
          window: 32_768,
          'answer-tokens': 2048,
          price: { input: 0.25, output: 2 },
          timeouts: { first: 600, between: 1.5 },
          retries: 0,
          concurrency: 1,
        },
      ])
    ).all();
    expect(endpoint).toMatchObject({
      window: 32_768,
      answerTokens: 2048,
      inputTokens: 30_720,
      price: { input: 0.25, output: 2 },
      timeouts: { firstMs: 600_000, betweenMs: 1500, totalMs: 900_000 },
      retries: 0,
      concurrency: 1,
    });
  });

  it('come from stackmend.conf.ts too', async () => {
    const directory = holding([]);
    const text = `export default { 'ai.endpoints': [${JSON.stringify(OLLAMA)}] };`;
    writeFileSync(join(directory, 'stackmend.conf.ts'), text);
    expect((await readSettings(directory, {}))['ai.endpoints']).toEqual([OLLAMA]);
  });

  it('never come from the environment as a whole, which is told', async () => {
    const environment = { STACKMEND_AI_ENDPOINTS: JSON.stringify([{ ...OPENAI, 'base-url': 'https://evil.example' }]) };
    const bootstrapped = await bootstrapOptions(holding([OLLAMA]), environment);
    expect(requireValid(bootstrapped)['ai.endpoints']).toEqual([OLLAMA]);
    expect(bootstrapped.warnings.map(({ text }) => text)).toEqual([
      'STACKMEND_AI_ENDPOINTS is not read: ai.endpoints is of the files alone.',
    ]);
  });
});

describe('a key', () => {
  const withVariable = { ...OPENAI, 'api-key-variable': 'MY_KEY' };

  it('is in the variable that is named, which may end with a line end', async () => {
    const settings = await readSettings(holding([withVariable]), { MY_KEY: 'sk-canary\n' });
    expect(settings['ai.endpoints'][0]?.['api-key']).toBe('sk-canary');
  });

  it('that lacks stops its endpoint alone: the start goes on, with a warning', async () => {
    const bootstrapped = await bootstrapOptions(holding([withVariable, OLLAMA]), {});
    const [first, second] = buildEndpoints(requireValid(bootstrapped), metrics).all();
    expect(first?.missing).toBe('The environment variable MY_KEY, the key of the endpoint openai, is not set.');
    expect(second?.missing).toBeNull();
    expect(bootstrapped.warnings[0]?.text).toMatch(/^ai\.endpoints\[0\]\.api-key-variable: .*not set/);
  });

  it('is masked by config show, from the file and from a variable', async () => {
    const bootstrapped = await bootstrapOptions(holding([{ ...OLLAMA, 'api-key': 'sk-canary' }, withVariable]), {
      MY_KEY: 'sk-canary',
    });
    const shown = showOptions(bootstrapped, requireValid(bootstrapped));
    expect(shown.find(({ name }) => name === 'ai.endpoints')).toMatchObject({
      value: [
        { ...OLLAMA, 'api-key': '********' },
        { ...withVariable, 'api-key': '********' },
      ],
      variable: null,
    });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });
});

describe('a fault names its place, and no key', () => {
  test.each<[string, unknown, string]>([
    ['no list', {}, 'ai.endpoints: expected a list of endpoints.'],
    ['no name', [{ ...OLLAMA, name: '' }], 'ai.endpoints[0].name: expected a name'],
    ['a name twice', [OLLAMA, { ...OPENAI, name: 'Ollama' }], 'ai.endpoints[1].name: Ollama is the name of another'],
    ['no address', [OPENAI, { ...OLLAMA, 'base-url': 'ollama' }], 'ai.endpoints[1].base-url: expected an address'],
    ['another scheme', [{ ...OLLAMA, 'base-url': 'ftp://x/v1' }], 'ai.endpoints[0].base-url: expected an address'],
    ['a password in it', [{ ...OLLAMA, 'base-url': 'http://a:canary@h/v1' }], 'ai.endpoints[0].base-url: must have no'],
    ['a key in it', [{ ...OLLAMA, 'base-url': 'http://h/v1?key=canary' }], 'ai.endpoints[0].base-url: must have no'],
    ['no model', [{ ...OLLAMA, model: undefined }], 'ai.endpoints[0].model: expected the name of a model'],
    ['another kind', [{ ...OLLAMA, kind: 'anthropic' }], 'ai.endpoints[0].kind: expected openai, azure'],
    ['a key of two lines', [{ ...OLLAMA, 'api-key': 'canary\nx' }], 'ai.endpoints[0].api-key: expected a key'],
    ['the key as its variable', [{ ...OLLAMA, 'api-key-variable': 'sk-canary' }], 'ai.endpoints[0].api-key-variable: '],
    [
      'a key twice',
      [{ ...OLLAMA, 'api-key': 'canary', 'api-key-variable': 'MY_KEY' }],
      'ai.endpoints[0].api-key-variable: is set beside api-key',
    ],
    ['an unknown option', [{ ...OLLAMA, apikey: 'canary' }], 'ai.endpoints[0]: unknown option apikey.'],
    ['an unknown time', [{ ...OLLAMA, timeouts: { all: 1 } }], 'ai.endpoints[0].timeouts: unknown option all.'],
    ['no time', [{ ...OLLAMA, timeouts: { first: 0 } }], 'ai.endpoints[0].timeouts.first: expected seconds'],
    ['half a price', [{ ...OLLAMA, price: { input: 1 } }], 'ai.endpoints[0].price.output: expected US dollars'],
    ['no place at all', [{ ...OLLAMA, concurrency: 0 }], 'ai.endpoints[0].concurrency: expected a whole number from 1'],
    ['a window too small', [{ ...OLLAMA, window: 1 }], 'ai.endpoints[0].window: expected a whole number from 256'],
    [
      'an answer larger than the window',
      [{ ...OLLAMA, window: 4096, 'answer-tokens': 4096 }],
      'ai.endpoints[0].answer-tokens: leaves nothing',
    ],
    ['a deployment elsewhere', [{ ...OLLAMA, deployment: 'x' }], 'ai.endpoints[0].deployment: is of Azure alone'],
    ['OpenAI as local', [{ ...OPENAI, kind: 'local' }], 'ai.endpoints[0].kind: is local, and the address is'],
    [
      'Azure without a version',
      [{ ...OPENAI, 'base-url': 'https://x.openai.azure.com' }],
      'ai.endpoints[0].api-version: expected',
    ],
  ])('%s', async (_, endpoints, message) => {
    const result = validateOptions(await bootstrapOptions(holding(endpoints), {}));
    const faults = 'faults' in result ? result.faults : [];
    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults.join()).not.toContain('canary');
  });
});

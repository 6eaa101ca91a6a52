/** `stackmend models`, against endpoints of the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../server.ts';
import { closeServers, DONE, ends, says, serve, status, stream } from '../ai/wire.ts';

const cli = join('server', 'cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(closeServers);

const KEY = 'sk-canary-0123456789';
const USAGE = { choices: [], usage: { prompt_tokens: 12, completion_tokens: 3 } };
const counting = stream(says('1, '), says('2'), ends('stop'), USAGE, DONE);
const whole = (content: string) => status(200, { choices: [{ message: { content }, finish_reason: 'stop' }] });

async function run(args: string[], endpoints: object[], environment: Record<string, string> = {}) {
  const directory = mkdtempSync(join(folder, 'conf-'));
  const options = { 'system.secret-key': 'secret', 'ai.endpoints': endpoints };
  writeFileSync(join(directory, 'config.yml'), JSON.stringify(options));
  const ran = await runCommand([cli, 'models', ...args], { STACKMEND_CONF: directory, ...environment });
  expect(ran.stdout + ran.stderr).not.toContain('canary');
  return ran;
}

describe('models list', () => {
  it('prints what is set, and whether there is a key', async () => {
    const { code, stdout } = await run(
      ['list'],
      [
        { name: 'llama', 'base-url': 'http://llama:8000/v1', model: 'qwen3', window: 32_768 },
        {
          name: 'openai',
          'base-url': 'https://api.openai.com/v1',
          model: 'gpt-5',
          'api-key': KEY,
          price: { input: 1, output: 8 },
        },
        { name: 'keyless', 'base-url': 'https://api.openai.com/v1', model: 'gpt-5', 'api-key-variable': 'NO_SUCH_KEY' },
      ],
    );
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['NAME', 'KIND', 'KEY', 'WINDOW', 'ANSWER', 'PRICE', 'MODEL', 'HOST'],
      ['llama', 'local', 'none', '32768', '4096', '-', 'qwen3', 'llama:8000'],
      ['openai', 'openai', 'set', '400000', '32768', '$1/$8', 'gpt-5', 'api.openai.com'],
      ['keyless', 'openai', 'missing', '400000', '32768', '-', 'gpt-5', 'api.openai.com'],
    ]);
  });
});

describe('models check', () => {
  it('tells what an endpoint can, with what is in the environment for others', async () => {
    const { baseUrl, received } = await serve(counting, stream(says('{"ready"'), says(': true}'), ends('stop'), DONE));
    const endpoint = { name: 'llama', 'base-url': baseUrl, model: 'qwen3', 'api-key-variable': 'LLAMA_KEY' };
    const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' };
    // No header at all, of which OpenAI's library would make an error.
    const library = {
      OPENAI_CUSTOM_HEADERS: '{"x-leaked": "1"}',
      OPENAI_LOG: 'debug',
      OPENAI_BASE_URL: 'http://127.0.0.1:1',
    };
    const { code, stdout, stderr } = await run(['check', 'llama', '--json'], [endpoint], {
      LLAMA_KEY: KEY,
      ...proxy,
      ...library,
    });
    expect(stderr).toContain(`stackmend: asking llama (qwen3 at ${new URL(baseUrl).host})`);
    expect(JSON.parse(stdout)).toEqual([
      {
        name: 'llama',
        host: new URL(baseUrl).host,
        model: 'qwen3',
        isOk: true,
        isReachable: true,
        isKeyAccepted: true,
        isModelKnown: true,
        firstPieceMs: expect.any(Number),
        totalMs: expect.any(Number),
        streams: true,
        structured: 'given',
        tellsUsage: true,
        fault: null,
        notes: [],
      },
    ]);
    expect(code).toBe(0);
    expect(received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
    expect(received[1]?.body).toMatchObject({ response_format: { type: 'json_schema' } });
  });

  it('says in plain words what is wrong with each, and ends with 1', async () => {
    const [works, refuses, html, key, model] = [
      await serve(whole('1, 2')),
      await serve(counting, status(400), whole('{"ready": true}')),
      await serve(status(200, '<h1>Sign in', { 'content-type': 'text/html' })),
      await serve(status(401, { error: { message: `Incorrect API key: ${KEY}` } })),
      await serve(status(404, { error: { message: `no \u001b[31mm for ${KEY}` } })),
    ];
    const endpoint = (name: string, baseUrl: string) => ({ name, 'base-url': baseUrl, model: 'm', 'api-key': KEY });
    const { code, stdout } = await run(
      ['check'],
      [
        endpoint('works', works.baseUrl),
        endpoint('refuses', refuses.baseUrl),
        endpoint('html', html.baseUrl),
        endpoint('key', key.baseUrl),
        endpoint('model', model.baseUrl),
        endpoint('gone', 'http://127.0.0.1:1/v1'),
        { ...endpoint('keyless', 'https://api.openai.com/v1'), 'api-key': '' },
      ],
    );
    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[1]).toMatch(/^works +\d+ ms +\d+ ms +no +ignored +no$/);
    expect(lines[2]).toMatch(/^refuses +\d+ ms +\d+ ms +yes +refused +yes$/);
    expect(lines[3]).toMatch(/^html( +-){5}$/);
    expect(lines.slice(8)).toEqual([
      'works: works.',
      'refuses: works.',
      expect.stringMatching(
        /^html: failed\. .* answers, but not with a chat completion\. Check ai\.endpoints\.html\.base-url/,
      ),
      expect.stringMatching(/^key: failed\. .* did not accept the key\. Check ai\.endpoints\.key\.api-key\.$/),
      expect.stringMatching(/^model: failed\. .* knows no model named m, /),
      'model: it said: no [31mm for [key]',
      expect.stringMatching(/^gone: failed\. .* could not be reached\. Nobody answers there \(ECONNREFUSED\)/),
      'keyless: failed. The endpoint keyless has no key: set ai.endpoints.keyless.api-key or its api-key-variable.',
    ]);
    // Nothing was asked twice but what was refused.
    expect([key, model, html].map(({ received }) => received.length)).toEqual([1, 1, 1]);
  });

  it('of a name that nobody has lists the names', async () => {
    const { code, stderr } = await run(
      ['check', 'gpt'],
      [{ name: 'llama', 'base-url': 'http://llama/v1', model: 'm' }],
    );
    expect([code, stderr]).toEqual([2, 'stackmend: There is no endpoint gpt. There are: llama.\n']);
  });
});

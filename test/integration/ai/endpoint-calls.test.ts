import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { createEndpoints } from '../../../server/ai/endpoints.ts';
import { ModelError } from '../../../server/ai/suggest-error.ts';
import { endpointsAt } from '../../fake-endpoints.ts';
import { ask, closeServers, DONE, ends, ready, says, serve, status, stream } from './wire.ts';

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await closeServers();
});

const messages = [{ role: 'user' as const, content: 'What happened?' }];
const never = new AbortController().signal;
const faultOf = (error: unknown) => (error instanceof ModelError ? error.fault : error);

describe('what an endpoint is sent', () => {
  it('is what we say, byte for byte, and nothing of the environment or of the library', async () => {
    const { baseUrl, host, received } = await serve(ready);
    const elsewhere = await serve(ready);
    const environment = {
      OPENAI_API_KEY: 'sk-leaked',
      OPENAI_ADMIN_KEY: 'sk-leaked',
      OPENAI_ORG_ID: 'leaked',
      OPENAI_PROJECT_ID: 'leaked',
      OPENAI_WEBHOOK_SECRET: 'leaked',
      OPENAI_BASE_URL: elsewhere.baseUrl,
      OPENAI_LOG: 'debug',
      OPENAI_CUSTOM_HEADERS: 'x-leaked: 1\nauthorization: Bearer sk-leaked\naccept: leaked\ncontent-type: leaked',
      AZURE_OPENAI_API_KEY: 'sk-leaked',
      OPENAI_API_VERSION: 'leaked',
      HTTP_PROXY: elsewhere.baseUrl,
      http_proxy: elsewhere.baseUrl,
      ALL_PROXY: elsewhere.baseUrl,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const logged = (['debug', 'log', 'info', 'warn'] as const).map((level) => vi.spyOn(console, level));
    vi.stubGlobal('fetch', () => Promise.reject(new Error('Not by fetch.')));
    const text = 'Naïve — 😀 \ud800 "quoted" \u2028 __proto__';
    const asked = [{ role: 'user' as const, content: text }];
    const endpoints = endpointsAt({ baseUrl, apiKey: 'sk-1' });
    for await (const _ of endpoints.modelOf(endpoints.default).stream(asked, never));
    const body = JSON.stringify({
      model: 'words',
      messages: asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(received.map((each) => [each.path, each.text])).toEqual([['/v1/chat/completions', body]]);
    expect(received[0]?.rawHeaders).toEqual(
      [
        ['authorization', 'Bearer sk-1'],
        ['accept', 'text/event-stream, application/json'],
        ['accept-encoding', 'identity'],
        ['content-type', 'application/json'],
        ['content-length', String(Buffer.byteLength(body))],
        ['user-agent', 'stackmend'],
        ['Host', host],
        ['Connection', 'close'],
      ].flat(),
    );
    expect(elsewhere.received).toEqual([]);
    expect(logged.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it('has no key where none is set, whatever the environment has', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-leaked');
    const { baseUrl, received } = await serve(ready);
    expect((await ask({ baseUrl })).text).toBe('ready');
    expect(received[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is waited for as long as is set: neither five minutes of fetch nor ten of the library are the end', async () => {
    let answer = () => {};
    const { baseUrl, received } = await serve((response, seen) => {
      answer = () => ready(response, seen);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = ask({ baseUrl, timeouts: { firstMs: 7_200_000, totalMs: 7_200_000 } });
    await expect.poll(() => received.length).toBe(1);
    await vi.advanceTimersByTimeAsync(3_600_000);
    answer();
    expect(await asked).toMatchObject({ text: 'ready', error: null });
  });

  it('is sent by a library that is loaded with the first question', async () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const { endpointsAt } = await import('./test/fake-endpoints.ts');
      const isLoaded = () => loaded.some((url) => url.includes('node_modules/openai/'));
      const before = isLoaded();
      const endpoints = endpointsAt({ baseUrl: 'http://127.0.0.1:1/v1' });
      const model = endpoints.modelOf(endpoints.default);
      await model.stream([], new AbortController().signal).next().catch(() => {});
      console.log(before, isLoaded());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('false true\n');
  });

  test.each<[string, string, object, string]>([
    ['of its own form', '', {}, '/openai/deployments/words/chat/completions?api-version=2024-10-21'],
    [
      'another deployment',
      '/',
      { deployment: 'fix-it' },
      '/openai/deployments/fix-it/chat/completions?api-version=2024-10-21',
    ],
    [
      'with the folder in its address',
      '/openai',
      {},
      '/openai/deployments/words/chat/completions?api-version=2024-10-21',
    ],
    ['of its newer form', '/openai/v1', { apiVersion: undefined }, '/openai/v1/chat/completions'],
  ])('to Azure, %s', async (_, path, settings, expected) => {
    const { baseUrl, received } = await serve(ready);
    const address = baseUrl.replace('/v1', path);
    const { text } = await ask({
      baseUrl: address,
      apiKey: 'az-1',
      kind: 'azure',
      apiVersion: '2024-10-21',
      ...settings,
    });
    expect(text).toBe('ready');
    expect(received[0]?.path).toBe(expected);
    expect(received[0]?.headers).toMatchObject({ 'api-key': 'az-1' });
    expect(received[0]?.headers).not.toHaveProperty('authorization');
  });

  // What is shown as the price is a bound only if the answer has one.
  test.each<[string, object, object]>([
    ['a model that is known, at Azure', { kind: 'azure', model: 'gpt-5' }, { max_completion_tokens: 32_768 }],
    ['one that is set, at OpenAI', { kind: 'openai', answerTokens: 900 }, { max_completion_tokens: 900 }],
    ['one that is set, elsewhere', { answerTokens: 900 }, { max_tokens: 900 }],
    ['a model that nobody knows', { kind: 'openai' }, {}],
    ['a model of OpenAI, elsewhere', { model: 'gpt-5' }, {}],
  ])('has the limit of %s', async (_, settings, expected) => {
    const { baseUrl, received } = await serve(ready);
    const { error } = await ask({ baseUrl, apiKey: 'k', apiVersion: '2024-10-21', ...settings });
    expect(error).toBeNull();
    const { model, messages: sent, stream: isStream, stream_options, ...rest } = received[0]?.body ?? {};
    expect([isStream, sent, rest]).toEqual([true, messages, expected]);
  });

  it('has the key of its own endpoint, whatever it is called and however it answers', async () => {
    const [one, other] = [await serve(ready), await serve(status(401), ready)];
    const endpoints = createEndpoints(
      [
        { name: 'one', setting: 'ai.endpoints.one', baseUrl: one.baseUrl, model: 'a', apiKey: 'key-one' },
        { name: 'other', setting: 'ai.endpoints.other', baseUrl: other.baseUrl, model: 'a', apiKey: 'key-other' },
      ],
      { metrics: { incr: () => {} } },
    );
    for (let turn = 0; turn < 2; turn++) {
      for (const endpoint of endpoints.all()) {
        const stream = endpoints.modelOf(endpoint).stream(messages, never)[Symbol.asyncIterator]();
        await stream.next().catch(() => {});
        await stream.return?.();
      }
    }
    expect(one.received.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer key-one'));
    expect(other.received.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer key-other'));
    // The same name at another host is another endpoint: it is not asked with what was made for the first.
    const moved = { ...endpoints.default, baseUrl: other.baseUrl };
    expect(() => endpoints.modelOf(moved)).toThrow(/none of these/);
  });
});

describe('what is tried again', () => {
  test.each([408, 409, 425, 429, 500, 502, 503, 504, 529])('status %i, and a person is told', async (code) => {
    const { baseUrl, received } = await serve(status(code), ready);
    const { text, waits, tries } = await ask({ baseUrl, retries: 2 });
    expect(text).toBe('ready');
    expect(received.length).toBe(2);
    expect(waits).toEqual([expect.objectContaining({ reason: 'retry', seconds: 1 })]);
    expect(waits[0]?.detail).toMatch(/^127\.0\.0\.1:\d+ (failed|takes no more).*\. It is asked again \(1 of 2\)\.$/);
    expect(tries.map(({ tags, value }) => [tags['result'], value])).toEqual([
      [code === 429 ? 'rate' : 'server', 1],
      ['success', 1],
    ]);
  });

  test.each([400, 401, 402, 403, 404, 413, 422, 307])('not status %i', async (code) => {
    const { baseUrl, received } = await serve(status(code, {}, { location: '/' }));
    const { error, waits } = await ask({ baseUrl, retries: 2 });
    expect(error).toBeInstanceOf(ModelError);
    expect(waits).toEqual([]);
    // Once more without the fields that it may not know, where it says no more than that it did not take it.
    expect(received.length).toBe(code === 400 || code === 422 ? 2 : 1);
  });

  it('a connection that breaks before the first piece', async () => {
    const { baseUrl, received } = await serve(
      (response) => response.destroy(),
      (response, seen) => {
        stream({ choices: [] }, 'open')(response, seen);
        setTimeout(() => response.destroy(), 20);
      },
      ready,
    );
    expect((await ask({ baseUrl, retries: 2 })).text).toBe('ready');
    expect(received.length).toBe(3);
  });

  it('as often as is set, and then it is told why', async () => {
    const { baseUrl, received } = await serve(status(503));
    const { error, waits, tries } = await ask({ baseUrl, retries: 3 });
    expect(faultOf(error)).toBe('server');
    expect([received.length, waits.length]).toEqual([4, 3]);
    expect(tries).toEqual([expect.objectContaining({ value: 4, tags: { endpoint: 'default', result: 'server' } })]);
  });

  it('never what has begun', async () => {
    const { baseUrl, received } = await serve(stream(says('The '), { error: { code: 503 } }));
    expect(faultOf((await ask({ baseUrl, retries: 2 })).error)).toBe('server');
    expect(received.length).toBe(1);
  });
});

describe('Retry-After', () => {
  test.each([
    ['in seconds', '1'],
    ['as a date', new Date(Date.now() + 1000).toUTCString()],
  ])('%s is waited for', async (_, value) => {
    const { baseUrl } = await serve(status(429, {}, { 'retry-after': value }), ready);
    const startedAt = performance.now();
    const { text, waits } = await ask({ baseUrl, retries: 1 });
    expect(text).toBe('ready');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
    expect(waits[0]?.seconds).toBe(2);
  });

  test.each([
    ['a minute is the most', '61', 61],
    ['an hour is the most that is told', '86400', 3600],
  ])('%s', async (_, value, told) => {
    const { baseUrl, received } = await serve(status(429, {}, { 'retry-after': value }));
    const { error, waits } = await ask({ baseUrl, retries: 2 });
    expect(error).toMatchObject({ fault: 'rate', retryAfter: told });
    expect([received.length, waits.length]).toEqual([1, 0]);
  });

  it('never goes beyond the time of the call', async () => {
    const { baseUrl, received } = await serve(status(429, {}, { 'retry-after': '30' }));
    const { error } = await ask({ baseUrl, retries: 2, timeouts: { totalMs: 5000 } });
    expect(error).toMatchObject({ fault: 'rate', retryAfter: 30 });
    expect(received.length).toBe(1);
  });

  it('ends with who waits for it', async () => {
    const { baseUrl, received } = await serve(status(429, {}, { 'retry-after': '30' }));
    const leaving = new AbortController();
    const asked = ask({ baseUrl, retries: 2 }, leaving.signal);
    await expect.poll(() => received.length).toBe(1);
    leaving.abort(new Error('left'));
    expect((await asked).error).toEqual(new Error('left'));
  });
});

describe('places at an endpoint', () => {
  it('are given in order; who leaves the queue frees the place in it', async () => {
    const open: (() => void)[] = [];
    const { baseUrl, received } = await serve((response, seen) => {
      stream(says('.'), 'open')(response, seen);
      open.push(() => response.end(`data: ${JSON.stringify(ends('stop'))}\n\n`));
    });
    const endpoints = endpointsAt({ baseUrl, concurrency: 1 });
    const order: string[] = [];
    const told: string[] = [];
    const run = async (name: string, signal = never) => {
      for await (const piece of endpoints.modelOf(endpoints.default).stream(messages, signal)) {
        if (piece.type === 'waiting') told.push(piece.detail);
        if (piece.type === 'text') order.push(name);
      }
    };
    const leaving = new AbortController();
    const first = run('first');
    const second = run('second', leaving.signal).catch((error: unknown) => error);
    const third = run('third');
    await expect.poll(() => order).toEqual(['first']);
    expect(received.length).toBe(1);
    expect(told).toEqual([
      'default answers others at the moment.',
      'default answers others at the moment. 1 waits before this one.',
    ]);
    leaving.abort(new Error('left'));
    expect(await second).toEqual(new Error('left'));
    open[0]?.();
    await first;
    await expect.poll(() => order).toEqual(['first', 'third']);
    open[1]?.();
    await third;
    expect(received.length).toBe(2);
  });

  it('are freed by an answer that fails, and by a reader that stops', async () => {
    const { baseUrl } = await serve(status(500), stream(says('The '), 'open'), ready);
    const endpoints = endpointsAt({ baseUrl, concurrency: 1 });
    const model = endpoints.modelOf(endpoints.default);
    await expect(model.stream(messages, never)[Symbol.asyncIterator]().next()).rejects.toThrow(/500/);
    for await (const _ of model.stream(messages, never)) break;
    const pieces = [];
    for await (const piece of model.stream(messages, never)) pieces.push(piece);
    expect(pieces).toEqual([{ type: 'text', text: 'ready' }]);
  });

  it('are waited for no longer than the whole call may take', async () => {
    const { baseUrl } = await serve(stream(says('The '), 'open'));
    const endpoints = endpointsAt({ baseUrl, concurrency: 1, timeouts: { totalMs: 2000 } });
    const model = endpoints.modelOf(endpoints.default);
    const first = model.stream(messages, never)[Symbol.asyncIterator]();
    await first.next();
    const second = model.stream(messages, never)[Symbol.asyncIterator]();
    expect(await second.next()).toMatchObject({ value: { type: 'waiting', reason: 'queue' } });
    await expect(second.next()).rejects.toMatchObject({ fault: 'timeout' });
    await first.return?.();
  });
});

const USAGE = { choices: [], usage: { prompt_tokens: 12, completion_tokens: 3 } };

describe('usage', () => {
  test.each<[string, Parameters<typeof stream>]>([
    ['behind the end', [says('ready'), ends('stop'), USAGE, DONE]],
    ['with the end', [says('ready'), { ...ends('stop'), usage: USAGE.usage }, DONE]],
    ['in each piece', [{ ...says('ready'), usage: { prompt_tokens: 12, completion_tokens: 1 } }, ends('stop'), USAGE]],
    ['of a server that leaves the connection open', [says('ready'), ends('stop'), USAGE, 'open']],
  ])('%s is yielded last', async (_, lines) => {
    const { baseUrl } = await serve(stream(...lines));
    const { pieces, error } = await ask({ baseUrl });
    expect(error).toBeNull();
    expect(pieces).toEqual([
      { type: 'text', text: 'ready' },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  });

  it('is yielded of an answer that was cut off as well: it has been paid for', async () => {
    const { baseUrl } = await serve(stream(says('The '), ends('length'), USAGE, DONE));
    const { usage, error } = await ask({ baseUrl });
    expect(usage).toMatchObject({ outputTokens: 3 });
    expect(faultOf(error)).toBe('length');
  });

  it('that makes no sense, or does not come, fails nothing', async () => {
    const { baseUrl } = await serve(
      stream(says('ready'), ends('stop'), { choices: [], usage: { prompt_tokens: -1, completion_tokens: 'x' } }),
      stream(says('ready'), ends('stop'), 'data: {"cho\n\n'),
    );
    for (let turn = 0; turn < 2; turn++) {
      expect(await ask({ baseUrl })).toMatchObject({ text: 'ready', usage: undefined, error: null });
    }
  });

  it('is asked for once only where it is refused, and that is remembered', async () => {
    const refuses = status(400, { error: { message: 'Unrecognized request argument: stream_options' } });
    const { baseUrl, received } = await serve(refuses, ready, ready);
    const endpoints = endpointsAt({ baseUrl });
    const model = endpoints.modelOf(endpoints.default);
    for (let turn = 0; turn < 2; turn++) {
      for await (const piece of model.stream(messages, never)) expect(piece).toEqual({ type: 'text', text: 'ready' });
    }
    expect(received.map(({ body }) => 'stream_options' in body)).toEqual([true, false, false]);
  });

  it('is asked for again where it was not the reason', async () => {
    const { baseUrl, received } = await serve(status(400), status(400), ready);
    const endpoints = endpointsAt({ baseUrl });
    const model = endpoints.modelOf(endpoints.default);
    await expect(model.stream(messages, never)[Symbol.asyncIterator]().next()).rejects.toThrow(/400/);
    for await (const _ of model.stream(messages, never));
    expect(received.map(({ body }) => 'stream_options' in body)).toEqual([true, false, true]);
  });
});

it('a model that is not streamed is asked for whole answers, and that is remembered', async () => {
  const refuses = status(400, {
    error: { message: 'Verify your organization.', param: 'stream', code: 'unsupported_value' },
  });
  const message = { content: '<think>SECRET</think>ready' };
  const whole = status(200, { choices: [{ message, finish_reason: 'stop' }], usage: USAGE.usage });
  const { baseUrl, received } = await serve(refuses, whole, whole, refuses);
  const endpoints = endpointsAt({ baseUrl });
  const model = endpoints.modelOf(endpoints.default);
  for (let turn = 0; turn < 2; turn++) {
    const pieces = [];
    for await (const piece of model.stream(messages, never)) pieces.push(piece);
    expect(pieces).toEqual([
      { type: 'text', text: 'ready' },
      { type: 'usage', inputTokens: 12, outputTokens: 3 },
    ]);
  }
  await expect(model.stream(messages, never)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ fault: 'stream' });
  expect(received.map(({ body }) => [body['stream'], 'stream_options' in body])).toEqual([
    [true, true],
    [false, false],
    [false, false],
    [false, false],
  ]);
});

describe('thoughts', () => {
  test.each<[string, string[], string]>([
    ['in one piece', ['<think>SECRET</think>\n\nready'], 'ready'],
    ['in many', ['\n', '<thi', 'nk>SEC', 'RET</th', 'ink>', '\n', 're', 'ady'], 'ready'],
    ['twice', ['<thinking>SECRET</thinking><think>SECRET</think>ready'], 'ready'],
    ['that are none', ['<thin', 'gs> are ready'], '<things> are ready'],
    ['that an answer is about', ['Close the tag: ', '<think>', 'x</think>'], 'Close the tag: <think>x</think>'],
    ['that an answer ends in', ['<th'], '<th'],
  ])('%s are no part of the answer', async (_, parts, text) => {
    const { baseUrl } = await serve(stream(...parts.map(says), ends('stop'), DONE));
    expect(await ask({ baseUrl })).toMatchObject({ text, error: null });
  });

  it('beside the answer are left out, and keep the call alive', async () => {
    const thought = { choices: [{ delta: { reasoning_content: 'SECRET', content: null } }] };
    const { baseUrl } = await serve(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const piece of [...Array(8).fill(thought), says('ready'), ends('stop')]) {
        response.write(`data: ${JSON.stringify(piece)}\n\n`);
        await sleep(60);
      }
      response.end();
    });
    expect(await ask({ baseUrl, timeouts: { firstMs: 300 } })).toMatchObject({ text: 'ready', error: null });
  });

  it('alone are no answer', async () => {
    const { baseUrl } = await serve(stream(says('<think>SECRET'), ends('stop'), DONE));
    const { error, text } = await ask({ baseUrl });
    expect([faultOf(error), text]).toEqual(['empty', '']);
  });
});

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { ModelError } from '../../../server/ai/suggest-error.ts';
import { endpointsAt } from '../../fake-endpoints.ts';
import { type FakeModel, type ScenarioName, startFakeModel } from '../../fake-model.ts';

let fake: FakeModel;
beforeAll(async () => {
  fake = await startFakeModel();
  fake.answer('Guard against null — naïve 😀.');
});
afterAll(() => fake.close());

const messages = [{ role: 'user' as const, content: 'What happened?' }];
const modelOf = (model: string, apiKey = '', timeouts = {}, baseUrl = fake.baseUrl) => {
  const endpoints = endpointsAt({ baseUrl, apiKey, model, timeouts });
  return endpoints.modelOf(endpoints.default);
};

async function ask(model: string, options: { apiKey?: string; patience?: object; signal?: AbortSignal } = {}) {
  const pieces: string[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for await (const piece of modelOf(model, options.apiKey, options.patience).stream(messages, signal)) {
    if (piece.type === 'text') pieces.push(piece.text);
  }
  return pieces;
}

async function failureOf(model: string, options: Parameters<typeof ask>[1] = {}): Promise<ModelError> {
  const error = await ask(model, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelError)) throw new Error(`Expected a ModelError, got: ${error}`);
  return error;
}

describe('a model on the wire', () => {
  it('yields the answer as it comes', async () => {
    const pieces = await ask('words');
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toBe('Guard against null — naïve 😀.');
  });

  it('sends exactly the messages, the model and nothing that steers', async () => {
    await ask('words');
    const sent = fake.requests.at(-1);
    expect(JSON.parse(sent?.text ?? '')).toEqual({
      model: 'words',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(sent?.path).toBe('/v1/chat/completions');
  });

  test.each<ScenarioName>(['no-choices', 'reasoning', 'done-only', 'whole', 'slow-first-byte'])(
    'understands a server of the kind "%s"',
    async (scenario) => expect((await ask(scenario)).join('')).toBe('Guard against null — naïve 😀.'),
  );

  it('sends the key as a bearer token, and none where none is set', async () => {
    await ask('words', { apiKey: 'sk-local' });
    expect(fake.requests.at(-1)?.headers.authorization).toBe('Bearer sk-local');
    await ask('words');
    expect(fake.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  test.each<[ScenarioName, string, number]>([
    ['unauthorized', 'unauthorized', 502],
    ['rate-limited', 'rate_limited', 429],
    ['refusal', 'refused', 422],
    ['content-filter', 'refused', 422],
    ['cut', 'cut_off', 502],
    ['ends-early', 'cut_off', 502],
    ['length', 'cut_off', 502],
    ['garbage', 'provider_error', 502],
    ['html', 'provider_error', 502],
    ['empty', 'provider_error', 502],
    ['error-midway', 'provider_error', 502],
    ['server-error', 'provider_error', 502],
    ['unknown-model', 'provider_error', 502],
    ['too-long', 'provider_error', 502],
    ['redirect', 'provider_error', 502],
  ])('calls the failure "%s" %s', async (scenario, kind, status) => {
    const error = await failureOf(scenario, { apiKey: 'sk-very-secret' });
    expect([error.kind, error.status]).toEqual([kind, status]);
    expect(error.message).toMatch(/\.$/);
    // The provider's words may repeat the key or the event.
    expect(`${error.message} ${JSON.stringify(error.body)}`).not.toMatch(/secret|sorry|CUDA|had an error/);
  });

  it('hands on how long to wait', async () => {
    const error = await failureOf('rate-limited');
    expect(error.retryAfter).toBe(7);
    expect(error.body).toEqual({ kind: 'rate_limited', retryAfter: 7 });
  });

  it('asks once, even where the server fails: a retry would cost again', async () => {
    const before = fake.requests.length;
    await failureOf('server-error');
    await failureOf('rate-limited');
    expect(fake.requests.length - before).toBe(2);
  });

  test.each([
    ['hang', { firstMs: 60 }],
    ['slow-first-byte', { firstMs: 60 }],
    ['stall', { betweenMs: 60 }],
    ['slow', { totalMs: 200 }],
  ])('gives up on "%s" in time, and ends the request', async (scenario, patience) => {
    const error = await failureOf(scenario, { patience });
    expect([error.kind, error.status]).toEqual(['timeout', 504]);
    await expect.poll(() => fake.requests.at(-1)?.isAborted).toBe(true);
  });

  it('says that nobody listens', async () => {
    const gone = await startFakeModel();
    await gone.close();
    const first = modelOf('words', '', {}, gone.baseUrl)
      .stream(messages, new AbortController().signal)
      [Symbol.asyncIterator]()
      .next();
    await expect(first).rejects.toMatchObject({ kind: 'unreachable', status: 502 });
  });

  it('ends the request when the caller leaves midway', async () => {
    const controller = new AbortController();
    const asked = ask('stall', { signal: controller.signal });
    await expect.poll(() => fake.requests.at(-1)?.model).toBe('stall');
    controller.abort(new Error('left'));
    await expect(asked).rejects.toThrow('left');
    await expect.poll(() => fake.requests.at(-1)?.isAborted).toBe(true);
  });

  it('ends the request when the reader stops reading', async () => {
    for await (const _ of modelOf('stall').stream(messages, new AbortController().signal)) break;
    await expect.poll(() => fake.requests.at(-1)?.isAborted).toBe(true);
  });
});

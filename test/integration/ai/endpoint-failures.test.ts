import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, test } from 'vitest';
import { ModelError, type ModelFault } from '../../../server/ai/suggest-error.ts';
import type { SuggestErrorKind } from '../../../server/protocol/contract.ts';
import { ask, closeServers, DONE, ends, gather, ready, says, serve, status, stream } from './wire.ts';

afterEach(closeServers);

const KEY = 'sk-canary-0123456789';
/** What providers say, which may repeat the event: it is for the log alone. */
const SAID = 'Said by the provider';

/** The failure, of which no part may hold the key, and no word that people see the provider's. */
function failure(error: unknown): ModelError {
  if (!(error instanceof ModelError)) throw new Error(`Expected a ModelError, got ${inspect(error)}`);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  expect(`${error.message} ${JSON.stringify(error.body)}`).not.toContain(SAID);
  expect(error.message).toMatch(/[.?]$/);
  return error;
}

/** A named endpoint with one place, that is asked twice at most. */
const NAMED = { setting: 'ai.endpoints.llama', apiKey: KEY, retries: 1, concurrency: 1 };

/** @returns what people are told; the place of the call is free again */
async function failed(settings: Parameters<typeof ask>[0]) {
  const answer = await ask({ ...NAMED, ...settings });
  const again = await gather(answer.endpoints);
  expect(again.waits.filter(({ reason }) => reason === 'queue')).toEqual([]);
  return { error: failure(answer.error), text: answer.text };
}

describe('a connection that fails', () => {
  test.each<[string, string, ModelFault, string]>([
    ['refused', 'http://127.0.0.1:1/v1', 'connection', 'Nobody answers there (ECONNREFUSED). Is it running, and is '],
    ['a name that nobody knows', 'https://no-such-host.invalid/v1', 'dns', 'no-such-host.invalid is not known ('],
  ])('%s', async (_, baseUrl, fault, words) => {
    const { error } = await failed({ baseUrl });
    expect([error.fault, error.kind]).toEqual([fault, 'unreachable']);
    expect(error.message).toContain(words);
    expect(error.message).toContain('ai.endpoints.llama.base-url');
    expect((await failed({ baseUrl, setting: 'openai' })).error.message).toContain('openai.base-url (OPENAI_BASE_URL)');
  });

  it('HTTPS where HTTP is spoken', async () => {
    const { host } = await serve(ready);
    const { error } = await failed({ baseUrl: `https://${host}/v1` });
    expect([error.fault, error.kind]).toEqual(['tls', 'unreachable']);
    expect(error.message).toContain('http:// in ai.endpoints.llama.base-url.');
  });

  it('a certificate that nobody vouches for', async () => {
    const pem = readFileSync(join(import.meta.dirname, '../../fixtures/self-signed.pem'), 'utf8');
    let isAsked = false;
    const server = createServer({ key: pem, cert: pem }, () => {
      isAsked = true;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : '';
    const { error } = await failed({ baseUrl: `https://localhost:${port}/v1` });
    await new Promise((resolve) => server.close(resolve));
    expect(error.fault).toBe('tls');
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
    expect(isAsked).toBe(false);
  });

  it('a key that cannot be sent', async () => {
    const { baseUrl, received } = await serve(ready);
    const { error } = await failed({ baseUrl, apiKey: `${KEY}\u2026` });
    expect([error.fault, received]).toEqual(['key', []]);
    expect(error.message).toContain('Check ai.endpoints.llama.api-key.');
  });
});

const HTML = { 'content-type': 'text/html' };
const TOO_LONG = `${SAID}: this model's maximum context length is 128000 tokens.`;
const says400 = (error: object): Parameters<typeof status> => [400, { error: { message: SAID, ...error } }];
const whole = (message: object, finish_reason: string): Parameters<typeof status> => [
  200,
  { choices: [{ message, finish_reason }] },
];
const LLAMA = 'ai.endpoints.llama';
const URL_IN = `Check ${LLAMA}.base-url: it often ends in /v1.`;

describe('an answer that is none', () => {
  // How often it is asked: again where it was the moment, and where it may not know a field.
  test.each<[string, Parameters<typeof status>, ModelFault, SuggestErrorKind, number, string]>([
    [
      '400',
      [400],
      'request',
      'provider_error',
      2,
      `(status 400). The event may be too long for words: set ${LLAMA}.window.`,
    ],
    [
      '400, too long',
      says400({ code: 'context_length_exceeded' }),
      'too_long',
      'provider_error',
      1,
      `Set ${LLAMA}.window`,
    ],
    [
      '400, too long in words',
      says400({ message: TOO_LONG }),
      'too_long',
      'provider_error',
      1,
      `Set ${LLAMA}.window to`,
    ],
    [
      '400, no such model',
      says400({ code: 'model_not_found' }),
      'model',
      'provider_error',
      1,
      `Check ${LLAMA}.model and`,
    ],
    [
      '400, filtered',
      says400({ code: 'content_filter' }),
      'content_filter',
      'refused',
      1,
      'does not let this event pass',
    ],
    ['401', [401, { error: { message: `${SAID}: ${KEY}` } }], 'key', 'unauthorized', 1, `Check ${LLAMA}.api-key.`],
    ['402', [402], 'credit', 'provider_error', 1, 'no credit left'],
    ['403', [403, { detail: SAID }], 'key', 'unauthorized', 1, `Check ${LLAMA}.api-key and what the key may do.`],
    ['404', [404], 'model', 'provider_error', 1, `Check ${LLAMA}.model and ${LLAMA}.base-url.`],
    ['404 of a web server', [404, `<h1>${SAID}`, HTML], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['405', [405], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['407', [407, `<h1>${SAID}`, HTML], 'proxy', 'unreachable', 1, 'wants its own sign-in'],
    ['408', [408], 'server', 'provider_error', 2, 'failed with status 408.'],
    ['413', [413], 'too_long', 'provider_error', 1, `Set ${LLAMA}.window to what it takes.`],
    ['422', [422, { detail: [{ msg: SAID }] }], 'request', 'provider_error', 2, `set ${LLAMA}.window.`],
    ['429', [429, SAID], 'rate', 'rate_limited', 2, 'takes no more requests now'],
    [
      '429, no credit',
      [429, { error: { code: 'insufficient_quota' } }],
      'credit',
      'provider_error',
      1,
      'no credit left',
    ],
    ['500', [500, `${SAID}: KeyError: ${KEY}`], 'server', 'provider_error', 2, 'failed with status 500.'],
    [
      '500 that wants a retry of the library',
      [500, '', { 'x-should-retry': 'true' }],
      'server',
      'provider_error',
      2,
      '500',
    ],
    ['502 of a proxy', [502, `<h1>${SAID}`, HTML], 'server', 'provider_error', 2, 'a proxy before it, perhaps.'],
    ['503', [503], 'server', 'provider_error', 2, 'failed with status 503.'],
    ['a status that there is not', [799, SAID], 'server', 'provider_error', 2, 'failed with status 799.'],
    [
      'a compressed failure',
      [500, '\u001f\u008b', { 'content-encoding': 'gzip' }],
      'server',
      'provider_error',
      2,
      '500.',
    ],
    [
      'a redirect',
      [307, '', { location: '/v2' }],
      'redirect',
      'provider_error',
      1,
      `Set ${LLAMA}.base-url to the address`,
    ],
    ['a list of choices', [300], 'redirect', 'provider_error', 1, 'a redirect, which is not followed.'],
    ['not modified', [304, ''], 'redirect', 'provider_error', 1, 'a redirect, which is not followed.'],
    ['no content', [204, ''], 'server', 'provider_error', 1, 'failed with status 204.'],
    ['HTML', [200, `<h1>${SAID}`, HTML], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['another JSON', [200, { hello: SAID }], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['no JSON', [200, SAID], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['plain text', [200, SAID, { 'content-type': 'text/plain' }], 'not_a_completion', 'provider_error', 1, URL_IN],
    [
      'garbage for a stream',
      [200, `\u0000\u0001${SAID}`, { 'content-type': 'text/event-stream' }],
      'not_a_completion',
      'provider_error',
      1,
      URL_IN,
    ],
    ['nothing', [200, ''], 'not_a_completion', 'provider_error', 1, URL_IN],
    ['a huge body', [200, `"${'x'.repeat(1_000_000)}"`], 'length', 'cut_off', 1, 'grew too long and was stopped'],
    ['an empty answer', whole({ content: '' }, 'stop'), 'empty', 'provider_error', 1, 'with no text'],
    ['a refusal', whole({ refusal: SAID }, 'stop'), 'refusal', 'refused', 1, 'refuses to answer'],
    ['a filtered answer', whole({ content: '' }, 'content_filter'), 'content_filter', 'refused', 1, '(content_filter)'],
    [
      'an error with a good status',
      [200, { error: { message: SAID } }],
      'server',
      'provider_error',
      1,
      'failed midway',
    ],
  ])('%s', async (_, answer, fault, kind, tries, words) => {
    const { baseUrl, received } = await serve(...Array(tries).fill(status(...answer)), ready);
    const { error, text } = await failed({ baseUrl });
    expect([error.fault, error.kind, text]).toEqual([fault, kind, '']);
    expect(error.message).toContain(words);
    // And once more, by the one who looked whether the place is free.
    expect(received.length).toBe(tries + 1);
  });

  test.each<[string, object, number, string]>([
    ['a key', { setting: 'openai' }, 401, 'did not accept the key. Check openai.api-key (OPENAI_API_KEY).'],
    [
      'no key',
      { setting: 'openai', apiKey: '' },
      401,
      'wants a key, and none is set. Set openai.api-key (OPENAI_API_KEY).',
    ],
    ['a key of a variable', { apiKeyVariable: 'LLAMA_KEY' }, 401, 'Check the environment variable LLAMA_KEY.'],
    ['a model', { setting: 'openai' }, 404, 'Check openai.model (OPENAI_MODEL) and openai.base-url (OPENAI_BASE_URL).'],
    ['a window', { setting: 'openai' }, 413, 'Set window of an endpoint in ai.endpoints to what it takes.'],
  ])('names the setting at fault: %s', async (_, settings, code, words) => {
    const { baseUrl } = await serve(status(code));
    expect((await failed({ baseUrl, ...settings })).error.message).toContain(words);
  });

  it('compressed, though nothing was said of that', async () => {
    const { baseUrl, received } = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
      response.end(gzipSync(`data: ${JSON.stringify(says('ready'))}\n\n${DONE}`));
    });
    const { error } = await failed({ baseUrl });
    expect([error.fault, received[0]?.headers['accept-encoding']]).toEqual(['not_a_completion', 'identity']);
    expect(error.message).toContain('compresses its answers');
  });

  it('never takes the key to where a redirect points', async () => {
    const elsewhere = await serve(ready);
    const { baseUrl } = await serve(status(308, '', { location: `${elsewhere.baseUrl}/chat/completions` }));
    await failed({ baseUrl, retries: 2 });
    expect(elsewhere.received).toEqual([]);
  });

  it('of a failure, reads no more than the beginning', async () => {
    const { baseUrl } = await serve((response) => {
      response.writeHead(400);
      // Without an end.
      const more = () => void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)));
      more();
    });
    expect(failure((await ask({ baseUrl })).error).fault).toBe('request');
  });
});

describe('a stream that fails', () => {
  test.each<[string, Parameters<typeof stream>, ModelFault, string]>([
    ['with a chunk that is no JSON', [says('The '), 'data: {"choices": [\n\n'], 'not_a_completion', 'The '],
    ['with a chunk of another shape', [says('The '), { choices: 'x' }], 'not_a_completion', 'The '],
    ['that ends without an end', [says('The ')], 'cut', 'The '],
    ['that is empty', [], 'not_a_completion', ''],
    ['without a text', [ends('stop'), DONE], 'empty', ''],
    ['at the limit of tokens', [says('The '), ends('length'), DONE], 'length', 'The '],
    ['at a filter', [says('The '), ends('content_filter'), DONE], 'content_filter', 'The '],
    ['with a refusal', [{ choices: [{ delta: { refusal: 'No.' } }] }, DONE], 'refusal', ''],
    ['with an error in it', [says('The '), { error: { message: `CUDA ${KEY}` } }], 'server', 'The '],
    ['with an endless line', [says('The '), `data: ${'x'.repeat(1_000_000)}`, 'open'], 'length', 'The '],
    ['that never stops', [says('y'.repeat(150_000)), says('z'.repeat(150_000)), says('.')], 'length', 'yz'],
  ])('%s', async (_, lines, fault, text) => {
    const { baseUrl, received } = await serve(stream(...lines), ready);
    const answer = await failed({ baseUrl });
    expect(answer.error.fault).toBe(fault);
    // What has cost tokens is not asked for again, but by the one who looked whether the place is free.
    expect(received.length).toBe(2);
    expect(answer.text.replace(/(.)\1{9,}/g, '$1')).toBe(text);
  });

  it('tells a limit of tokens and a filter by their names', async () => {
    const { baseUrl } = await serve(
      stream(says('a'), ends('length')),
      ready,
      stream(says('a'), ends('content_filter')),
    );
    const limited = (await failed({ baseUrl, answerTokens: 100 })).error;
    expect(limited.message).toMatch(/\(length\): the 100 tokens .* allowed by ai\.endpoints\.llama\.answer-tokens\.$/);
    expect((await failed({ baseUrl })).error.message).toMatch(/\(content_filter\)\.$/);
  });

  it('breaks midway', async () => {
    const { baseUrl } = await serve((response, received) => {
      stream(says('The '), 'open')(response, received);
      setTimeout(() => response.destroy(), 30);
    });
    const answer = await ask({ baseUrl, retries: 3 });
    expect(failure(answer.error).fault).toBe('cut');
    expect([answer.text, answer.waits]).toEqual(['The ', []]);
  });

  test.each<[string, Parameters<typeof stream> | null, object, RegExp]>([
    ['never answered', null, { firstMs: 80 }, /said nothing for 1 s.*: ai\.endpoints\.llama\.timeouts\.first\.$/],
    ['silent after its head', ['open'], { firstMs: 80 }, /said nothing for 1 s/],
    ['silent after the first piece', [says('The '), 'open'], { betweenMs: 80 }, /silent midway.*timeouts\.between\.$/],
    ['too slow in all', [says('The '), 'open'], { totalMs: 120 }, /too long: more than 1 s.*timeouts\.total\.$/],
  ])('%s', async (_, lines, timeouts, words) => {
    // The library, of 300 ms to load, is not to count.
    await import('openai');
    const { baseUrl, received } = await serve(lines ? stream(...lines) : () => {}, ready);
    const { error } = await failed({ baseUrl, timeouts, retries: 3 });
    expect([error.fault, error.kind]).toEqual(['timeout', 'timeout']);
    expect(error.message).toMatch(words);
    // Whoever waited so long is not made to wait as long again.
    expect(received.length).toBe(2);
  });
});

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, test } from 'vitest';
import { ModelError, type ModelFault } from '../../../server/ai/suggest-error.ts';
import { ask, closeServers, DONE, ends, ready, says, serve, status, stream } from './wire.ts';

afterEach(closeServers);

const KEY = 'sk-canary-0123456789';

/** The failure, of which no part may hold the key. */
function failure(error: unknown): ModelError {
  if (!(error instanceof ModelError)) throw new Error(`Expected a ModelError, got ${inspect(error)}`);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  expect(error.message).toMatch(/[.?]$/);
  return error;
}

describe('a connection that fails', () => {
  test.each<[string, string, ModelFault, RegExp]>([
    ['refused', 'http://127.0.0.1:1/v1', 'connection', /^The model's endpoint .*Nobody answers there \(ECONNREFUSED\)/],
    ['a name that nobody knows', 'https://no-such-host.invalid/v1', 'dns', /no-such-host\.invalid is not known/],
  ])('%s', async (_, baseUrl, fault, words) => {
    const error = failure((await ask({ baseUrl, apiKey: KEY })).error);
    expect([error.fault, error.kind]).toEqual([fault, 'unreachable']);
    expect(error.message).toMatch(words);
  });

  it('HTTPS where HTTP is spoken', async () => {
    const { host } = await serve(ready);
    expect(failure((await ask({ baseUrl: `https://${host}/v1`, apiKey: KEY })).error).fault).toBe('tls');
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
    const error = failure((await ask({ baseUrl: `https://localhost:${port}/v1`, apiKey: KEY })).error);
    await new Promise((resolve) => server.close(resolve));
    expect(error.fault).toBe('tls');
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
    expect(isAsked).toBe(false);
  });
});

const TOO_LONG = "This model's maximum context length is 128000 tokens.";
describe('an answer that is none', () => {
  test.each<[string, Parameters<typeof status>, ModelFault, RegExp]>([
    ['400, too long', [400, { error: { message: 'x', code: 'context_length_exceeded' } }], 'too_long', /too long/],
    ['400, too long in words', [400, { error: { message: TOO_LONG } }], 'too_long', /openai\.window/],
    ['400, no such model', [400, { error: { code: 'model_not_found' } }], 'model', /no model named words/],
    ['400, filtered', [400, { error: { code: 'content_filter' } }], 'content_filter', /filter/],
    ['400', [400], 'request', /did not take the request \(status 400\)/],
    ['401', [401, { error: { message: `Incorrect API key: ${KEY}` } }], 'key', /did not accept the key/],
    ['402', [402], 'credit', /no credit/],
    ['403', [403], 'key', /refuses this key/],
    ['404', [404], 'model', /no model named words/],
    [
      '404 of a web server',
      [404, '<h1>Not found', { 'content-type': 'text/html' }],
      'not_a_completion',
      /ends in \/v1/,
    ],
    ['407', [407, '<h1>Proxy', { 'content-type': 'text/html' }], 'proxy', /proxy/],
    ['408', [408], 'server', /status 408/],
    ['413', [413], 'too_long', /too long/],
    ['429', [429], 'rate', /no more requests/],
    ['429, no credit', [429, { error: { code: 'insufficient_quota' } }], 'credit', /no credit/],
    ['500', [500, `KeyError: ${KEY}`], 'server', /status 500/],
    ['502 of a proxy', [502, '<h1>Bad gateway', { 'content-type': 'text/html' }], 'server', /a proxy/],
    ['503', [503], 'server', /status 503/],
    ['a redirect', [307, '', { location: 'http://127.0.0.1:1/v1/chat/completions' }], 'redirect', /not followed/],
    ['HTML', [200, '<h1>Sign in', { 'content-type': 'text/html' }], 'not_a_completion', /Check openai\.base-url/],
    ['another JSON', [200, { hello: 'there' }], 'not_a_completion', /not with a chat completion/],
    ['no JSON', [200, 'hello'], 'not_a_completion', /not with a chat completion/],
    ['plain text', [200, 'hello', { 'content-type': 'text/plain' }], 'not_a_completion', /not with a chat/],
  ])('%s', async (_, answer, fault, words) => {
    const { baseUrl } = await serve(status(...answer));
    const { error, text } = await ask({ baseUrl, apiKey: KEY });
    expect(failure(error).fault).toBe(fault);
    expect(failure(error).message).toMatch(words);
    expect(text).toBe('');
  });

  it('never takes the key to where a redirect points', async () => {
    const elsewhere = await serve(ready);
    const { baseUrl } = await serve(status(308, '', { location: `${elsewhere.baseUrl}/chat/completions` }));
    await ask({ baseUrl, apiKey: KEY, retries: 2 });
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
    const { baseUrl } = await serve(stream(...lines));
    const answer = await ask({ baseUrl, apiKey: KEY });
    expect(failure(answer.error).fault).toBe(fault);
    expect(answer.text.replace(/(.)\1{9,}/g, '$1')).toBe(text);
  });

  it('tells a limit of tokens and a filter by their names', async () => {
    const { baseUrl } = await serve(stream(says('a'), ends('length')), stream(says('a'), ends('content_filter')));
    const limited = failure((await ask({ baseUrl, answerTokens: 100 })).error);
    expect(limited.message).toMatch(/\(length\); openai\.answer-tokens is 100\.$/);
    expect(failure((await ask({ baseUrl })).error).message).toMatch(/\(content_filter\)\.$/);
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
    ['never answered', null, { firstMs: 80 }, /said nothing for 1 s/],
    ['silent after its head', ['open'], { firstMs: 80 }, /said nothing for 1 s/],
    ['silent after the first piece', [says('The '), 'open'], { betweenMs: 80 }, /went silent midway/],
    ['too slow in all', [says('The '), 'open'], { totalMs: 120 }, /took too long: more than 1 s/],
  ])('%s', async (_, lines, timeouts, words) => {
    const { baseUrl, received } = await serve(lines ? stream(...lines) : () => {});
    const answer = await ask({ baseUrl, timeouts, retries: 3 });
    expect(failure(answer.error).message).toMatch(words);
    // Whoever waited so long is not made to wait as long again.
    expect(received.length).toBe(1);
  });
});

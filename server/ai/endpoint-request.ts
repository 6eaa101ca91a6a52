import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { Endpoint } from './endpoint.ts';
import { faultOfAnswer, faultOfConnection, isCompressed } from './endpoint-fault.ts';

export type Credentials = { endpoint: Endpoint; apiKey: string };

/** 33 MB of memory at rest, so it is loaded by the first question; whoever measures loads it before. */
export const loadLibrary = () => import('openai');

/**
 * Asks once, by OpenAI's library over a connection of ours: from the library come address and body, and nothing else.
 * It would put headers of the environment (OPENAI_CUSTOM_HEADERS) on the request, also in place of the key; `fetch` would
 * take a proxy from there, follow redirects with key and event, and give up after five minutes, which is less than a large
 * local model may take to be loaded. The library's errors lack the words of servers with another body than OpenAI's.
 *
 * @returns a good answer, of which the head has come
 * @throws {ModelError} the connection failed, or the answer is another
 */
export async function ask(
  { endpoint, apiKey }: Credentials,
  body: ChatCompletionCreateParams,
  signal: AbortSignal,
): Promise<Response> {
  const { OpenAI } = await loadLibrary();
  const client = new OpenAI({
    baseURL: endpoint.baseUrl,
    ...(endpoint.kind === 'azure' && endpoint.apiVersion && { defaultQuery: { 'api-version': endpoint.apiVersion } }),
    // It refuses to be made without one, and has no use for the real one.
    apiKey: 'none',
    // What is not handed in it would look for in the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    fetch: (url, init) => send({ endpoint, apiKey }, String(url), Buffer.from(String(init?.body)), signal),
  });
  try {
    return await client.chat.completions.create(body).asResponse();
  } catch (error) {
    // The library wraps what our fetch threw.
    throw error instanceof OpenAI.APIConnectionError ? error.cause : error;
  }
}

async function send(credentials: Credentials, url: string, payload: Buffer, signal: AbortSignal): Promise<Response> {
  let response: IncomingMessage;
  try {
    response = await post(url, headersOf(credentials, payload), payload, signal);
  } catch (error) {
    throw faultOfConnection(error, credentials.endpoint);
  }
  if (response.statusCode !== 200 || isCompressed(response)) throw await faultOfAnswer(response, credentials);
  const body: unknown = Readable.toWeb(response);
  // It is one; Node's types and the page's disagree on the class.
  if (!(body instanceof ReadableStream)) throw new TypeError('Expected a stream');
  return new Response(body, { headers: { 'content-type': response.headers['content-type'] ?? '' } });
}

function post(
  url: string,
  headers: Record<string, string | number>,
  payload: Buffer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { request, Agent } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    // An agent of its own, without a proxy of the environment. Calls are minutes apart: a kept connection would have gone stale.
    const sent = request(url, { method: 'POST', signal, agent: new Agent({ keepAlive: false }), headers });
    sent.once('response', resolve);
    // Stays: a connection that breaks after the head is told here as well as to the reader of the answer.
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** All that is sent; what the library would add is not. */
const headersOf = ({ endpoint: { kind }, apiKey }: Credentials, payload: Buffer): Record<string, string | number> => ({
  ...(apiKey !== '' && (kind === 'azure' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` })),
  accept: 'text/event-stream, application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'content-length': payload.length,
  'user-agent': 'stackmend',
});

import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Endpoint } from './endpoint.ts';

export type Credentials = { endpoint: Endpoint; apiKey: string };

/**
 * Sends one request and resolves with the head of its answer, whatever the status.
 *
 * Neither `fetch` nor OpenAI's library: both take more from the environment than we can hand in (proxies, headers), and
 * fetch gives up after five minutes, which is less than a large local model may take to be loaded. Redirects are not
 * followed, so that neither key nor event reaches a host that nobody set.
 *
 * @throws what the socket threw; an abort as AbortError
 */
export function post({ endpoint, apiKey }: Credentials, body: object, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(`${endpoint.baseUrl}/chat/completions`);
  if (endpoint.kind === 'azure' && endpoint.apiVersion) url.searchParams.set('api-version', endpoint.apiVersion);
  const payload = Buffer.from(JSON.stringify(body));
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      signal,
      // Its own, without a proxy of the environment. Calls are minutes apart: a kept connection would have gone stale.
      agent: new Agent({ keepAlive: false }),
      headers: {
        ...authorization(endpoint, apiKey),
        accept: 'text/event-stream, application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/json',
        'content-length': payload.length,
        'user-agent': 'stackmend',
      },
    });
    sent.once('response', resolve);
    // Stays: a connection that breaks after the head is told here as well as to the reader of the answer.
    sent.on('error', reject);
    sent.end(payload);
  });
}

function authorization({ kind }: Endpoint, apiKey: string): Record<string, string> {
  if (apiKey === '') return {};
  return kind === 'azure' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` };
}

/** The beginning of what an endpoint says of a failure; the rest is not read. */
export async function beginningOf(response: IncomingMessage, maxBytes = 65_536): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxBytes) break;
    }
  } catch {
    // What came is all there is; the status says enough.
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

import http from 'node:http';
import https from 'node:https';
import { createTransport, dsnFromString, getEnvelopeEndpointWithUrlEncodedAuth } from '@sentry/core';
import { makeNodeTransport } from '@sentry/node';
import type { Instrumentable } from './instrumentation.ts';

type HttpModule = NonNullable<Parameters<typeof makeNodeTransport>[0]['httpModule']>;
type HttpTransport = Instrumentable<Parameters<HttpModule['request']>, ReturnType<HttpModule['request']>>;
type RecordLost = Parameters<typeof createTransport>[0]['recordDroppedEvent'];
type MakeRequest = Parameters<typeof createTransport>[1];
type OwnTransport = Instrumentable<Parameters<MakeRequest>, ReturnType<MakeRequest>>;

/** Well above what a slow line needs. Without it 64 requests that nobody answers would fill the queue for ever. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The SDK's own transport to a DSN: with rate limits, keep-alive and the operator's proxy.
 *
 * @param dsn has been validated
 */
export function createHttpTransport(
  dsn: string,
  recordLost: RecordLost,
  timeoutMs = REQUEST_TIMEOUT_MS,
): HttpTransport {
  const parts = dsnFromString(dsn);
  if (!parts) throw new Error('The DSN of the SDK cannot be read.');
  const sendRequest: HttpModule['request'] = (options, callback) => {
    const module = parts.protocol === 'https' ? https : http;
    const request = module.request(options, callback);
    request.setTimeout(timeoutMs, () => request.destroy(new Error('No answer in time.')));
    return request;
  };
  const httpModule: HttpModule = { request: (...args) => (transport.sendRequest ?? sendRequest)(...args) };
  const transport: HttpTransport = {
    ...makeNodeTransport({
      url: getEnvelopeEndpointWithUrlEncodedAuth(parts),
      recordDroppedEvent: recordLost,
      httpModule,
    }),
    sendRequest,
  };
  return transport;
}

/**
 * The relay to our own internal project: not over HTTP, but straight to the spool that HTTP's handler writes to. So it
 * works whatever address and proxy the server is behind, while it no longer listens, and before a user is made.
 *
 * @param append resolves when the envelope is on disk; takes the bytes over
 */
export function createSpoolTransport(append: (body: Buffer) => Promise<void>, recordLost: RecordLost): OwnTransport {
  const sendRequest: MakeRequest = async ({ body }) => {
    await append(Buffer.from(body));
    return { statusCode: 200 };
  };
  const makeRequest: MakeRequest = (request) => (transport.sendRequest ?? sendRequest)(request);
  const transport: OwnTransport = { ...createTransport({ recordDroppedEvent: recordLost }, makeRequest), sendRequest };
  return transport;
}

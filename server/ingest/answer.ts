import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { StatusError } from '../protocol/errors.ts';
import type { IngestLimits } from './limits.ts';

/** SDKs run on any page, so any origin may send and read the answer (sentry-behaviour 10.3). */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-sentry-error, x-sentry-rate-limits, retry-after',
};
const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers':
    'x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, authentication, authorization, content-encoding, transfer-encoding',
  'Access-Control-Max-Age': '3600',
};

export function answerPreflight(res: ServerResponse): void {
  res.writeHead(204, PREFLIGHT).end();
}

/** @param eventId named in the answer when the envelope holds an event */
export function answerAccepted(res: ServerResponse, eventId: string | null): void {
  const body = eventId === null ? '{}' : `{"id":"${eventId}"}`;
  res.writeHead(200, { ...CORS, 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
}

/** As Breakpad's and Crashpad's clients expect it (sentry-behaviour 10.7): they show this text to the user. */
export function answerCrash(res: ServerResponse, eventId: string): void {
  const body = eventId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  res.writeHead(200, { ...CORS, 'Content-Type': 'text/plain', 'Content-Length': body.length }).end(body);
}

/**
 * Answers with the reason. A client may still be sending its body: it is told at once, and what it sends is read for a
 * while before the connection is closed, since closing on unread bytes would take the answer away from it.
 */
export function answerError(req: IncomingMessage, res: ServerResponse, error: StatusError, limits: IngestLimits): void {
  if (res.headersSent || res.destroyed) return;
  const body = Buffer.from(JSON.stringify({ detail: error.message, ...error.body }));
  const headers: OutgoingHttpHeaders = {
    ...CORS,
    'Content-Type': 'application/json',
    'Content-Length': body.byteLength,
    'X-Sentry-Error': error.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 500),
  };
  if (error.retryAfter !== undefined) headers['Retry-After'] = Math.max(1, Math.ceil(error.retryAfter));
  if (error.status === 405) headers['Allow'] = 'POST, OPTIONS';
  if (req.complete) {
    req.resume();
    res.writeHead(error.status, headers).end(body);
    return;
  }
  res.writeHead(error.status, { ...headers, Connection: 'close' });
  res.write(body);
  drain(req, limits, () => res.end());
}

/** Reads and forgets, up to `maxDrainBytes` and for `drainMs`; then calls `done`, once. */
function drain(req: IncomingMessage, limits: IngestLimits, done: () => void): void {
  let bytes = 0;
  const timer = setTimeout(finish, limits.drainMs);
  function finish(): void {
    clearTimeout(timer);
    req.off('data', count).off('end', finish).off('close', finish);
    done();
  }
  function count(chunk: Buffer): void {
    bytes += chunk.byteLength;
    if (bytes > limits.maxDrainBytes) finish();
  }
  req.on('data', count).on('end', finish).on('close', finish).resume();
}

/** Anything but a StatusError is a fault of ours: its words stay inside. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return new StatusError(500, 'The server failed at this request; its log says why.', { cause: error });
}

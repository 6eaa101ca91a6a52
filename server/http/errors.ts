import type { ErrorRequestHandler } from 'express';
import { StatusError } from '../protocol/errors.ts';
import { isForPeople, RefusedError, refusalPage } from './refused-error.ts';

/** Takes what the log should know of an error of our own. */
export type LogError = (message: string, error: unknown) => void;

/** What a caller is told: a status, and the JSON body. */
type Answer = { status: number; body: Record<string, unknown>; retryAfter?: number | undefined };

/**
 * The only place that makes a status of an error. What is not listed here is a fault of ours: 500, logged, and its words
 * kept inside, because they may quote a query, a path or a stranger's data.
 */
export function errorHandler(log: LogError): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      log(`${req.method} ${req.path} broke off`, error);
      next(error);
      return;
    }
    const answer = answerTo(error);
    if (answer.status >= 500) log(`${req.method} ${req.path} failed`, error);
    if (answer.retryAfter !== undefined) res.setHeader('Retry-After', String(Math.ceil(answer.retryAfter)));
    // Headers that the handler set for its own body would be wrong for this one.
    for (const name of ['Content-Disposition', 'Link', 'ETag']) res.removeHeader(name);
    res.setHeader('Cache-Control', 'no-store');
    res.status(answer.status);
    if (error instanceof RefusedError && isForPeople(req)) res.type('html').send(refusalPage(error));
    else res.json(answer.body);
  };
}

function answerTo(error: unknown): Answer {
  if (error instanceof StatusError) {
    const { status, message, body, retryAfter } = error;
    return { status, body: { ...body, detail: message }, retryAfter };
  }
  const storage = storageDetail(error);
  if (storage) return { status: 503, body: { detail: storage }, retryAfter: 5 };
  const detail = parserDetail(error);
  if (detail) return { status: detail[0], body: { detail: detail[1] } };
  return { status: 500, body: { detail: 'Stackmend failed to answer this. The reason is in its log.' } };
}

/** What passes by itself, or when the operator makes room: an honest "later" instead of a fault. */
function storageDetail(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY')) return 'The database is busy. Try again in a moment.';
  if (code === 'SQLITE_FULL') return 'The disk is full. Make room, then try again.';
  return null;
}

/**
 * Errors of Express's own parsers are the caller's. They alone say `expose`: a `status` by itself may be what some
 * provider answered us.
 */
function parserDetail(error: unknown): [number, string] | null {
  if (error instanceof URIError) return [400, 'The path is not valid: it has a "%" that stands for nothing.'];
  if (!(error instanceof Error) || !('expose' in error) || error.expose !== true || !('status' in error)) return null;
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return [400, 'The body is not valid JSON.'];
    case 'entity.too.large':
      return [413, `The body is too large${'limit' in error ? `: ${String(error.limit)} bytes are the limit` : ''}.`];
    case 'encoding.unsupported':
      return [415, 'The body has a content encoding that is not understood. Use gzip, deflate, br, or none.'];
    case 'charset.unsupported':
      return [415, 'The body has a charset that is not understood. Use UTF-8.'];
    case 'request.aborted':
    case 'request.size.invalid':
      return [400, 'The body ended before its length was reached.'];
    default:
      return typeof error.status === 'number' && error.status >= 400 && error.status < 500
        ? [error.status, 'The request could not be read.']
        : null;
  }
}

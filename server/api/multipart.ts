import express, { type Request, type RequestHandler } from 'express';
import { BadRequestError, StatusError, TooLargeError, UnavailableError } from '../protocol/errors.ts';

/** How long a request waits for its turn before it is sent away. Tools try again. */
const MAX_WAIT_MS = 30_000;
/** What boundaries and headers of the parts may add. */
const FRAMING_BYTES = 256 * 1024;

/**
 * Lets so many requests at a time go on; the others wait, with their bodies still on the way. Each is held in memory.
 */
export function takeTurns(atOnce: number): RequestHandler {
  let free = atOnce;
  const waiting = new Set<() => void>();
  const leave = () => {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  };
  return (_req, res, next) => {
    // Who is gone says so no second time, and would keep the turn.
    if (res.destroyed) return;
    const enter = () => {
      res.once('close', leave);
      next();
    };
    if (free > 0) {
      free -= 1;
      enter();
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      waiting.delete(go);
      res.off('close', stop);
    };
    const go = () => {
      stop();
      enter();
    };
    const timer = setTimeout(() => {
      stop();
      next(new UnavailableError('Other uploads are being read. Try again in a moment.', 5));
    }, MAX_WAIT_MS);
    waiting.add(go);
    res.once('close', stop);
  };
}

/** Reads a form into memory. @param maxBytes of its content */
export function readMultipart(maxBytes: number, tooLarge: string): RequestHandler {
  const raw = express.raw({ type: 'multipart/form-data', limit: maxBytes + FRAMING_BYTES });
  return (req, res, next) => {
    raw(req, res, (error?: unknown) => next(isTooLarge(error) ? new TooLargeError(tooLarge) : error));
  };
}

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
}

/**
 * Fields of the form that `readMultipart` has read, in order.
 *
 * @throws {StatusError} it is none
 */
export async function formOf(req: Request): Promise<[name: string, value: string | File][]> {
  const body: unknown = req.body;
  const type = req.headers['content-type'] ?? '';
  if (!Buffer.isBuffer(body)) throw new StatusError(415, 'Send the body as multipart/form-data.');
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData();
    return [...form];
  } catch (cause) {
    throw new BadRequestError('The body is not the multipart/form-data that its header says.', { cause });
  }
}

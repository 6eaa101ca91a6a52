import type { IncomingMessage } from 'node:http';
import { StatusError, TooLargeError } from '../protocol/errors.ts';
import type { Lease } from './budget.ts';
import { bytesOf, createByteSink, push } from './byte-sink.ts';
import type { IngestLimits } from './limits.ts';

/** The client went away before its body was whole: nobody is left to answer. */
export class ClientGoneError extends Error {
  override name = 'ClientGoneError';
}

/**
 * Reads the body as it was sent, packed or not.
 *
 * @throws {TooLargeError} more than `maxPackedBytes`, by its Content-Length or by what came
 * @throws {StatusError} 408: it came too slowly
 * @throws {UnavailableError} too much is in flight
 * @throws {ClientGoneError}
 */
export function readBody(req: IncomingMessage, lease: Lease, limits: IngestLimits): Promise<Buffer> {
  const tooLarge = (): Error => new TooLargeError(`The body is larger than ${limits.maxPackedBytes} bytes.`);
  return new Promise((resolve, reject) => {
    if (Number(req.headers['content-length']) > limits.maxPackedBytes) throw tooLarge();
    if (req.destroyed && !req.readableEnded) throw new ClientGoneError();
    const sink = createByteSink(limits.maxPackedBytes, lease, tooLarge);
    let lengthBefore = 0;
    const timer = setInterval(() => {
      if (sink.length - lengthBefore >= limits.minWindowBytes) lengthBefore = sink.length;
      else finish(new StatusError(408, 'The body comes too slowly.'));
    }, limits.windowMs);

    function finish(error?: unknown): void {
      clearInterval(timer);
      req.off('data', onData).off('end', finish).off('close', onClose);
      if (error === undefined) {
        resolve(bytesOf(sink));
      } else {
        req.pause();
        reject(error);
      }
    }
    function onData(chunk: Buffer): void {
      try {
        push(sink, chunk);
      } catch (error) {
        finish(error);
      }
    }
    function onClose(): void {
      finish(new ClientGoneError());
    }
    req.on('data', onData).on('end', finish).on('close', onClose);
  });
}

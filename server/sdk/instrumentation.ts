import type { Transport } from '@sentry/core';
import type { Metrics } from '../metrics/metrics.ts';

/** A transport that calls `sendRequest` for each request, as it is at that time. */
export type Instrumentable<Args extends unknown[], Result> = Transport & {
  sendRequest?: (...args: Args) => Result;
};

/**
 * Counts each request of a transport right before it is sent, so also those that fail then.
 *
 * The place is the function that makes the request, as in Sentry: `send` is called for envelopes which the transport's
 * rate limiter or full queue then drops, and one call of it is two requests when a kept-alive connection was closed. The
 * SDK's transports keep that function to themselves; ours look it up here (`transports.ts`).
 *
 * @returns the transport; one without the function is left alone
 */
export function patchTransportForInstrumentation<
  Args extends unknown[],
  Result,
  T extends Instrumentable<Args, Result>,
>(transport: T & Instrumentable<Args, Result>, name: string, incr: Metrics['incr']): T {
  const { sendRequest } = transport;
  if (!sendRequest) return transport;
  transport.sendRequest = (...args) => {
    incr(`internal.sent_requests.${name}.events`);
    return sendRequest(...args);
  };
  return transport;
}

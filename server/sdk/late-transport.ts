import type { Envelope, TransportMakeRequestResponse } from '@sentry/core';
import type { SideTransport } from './side.ts';

export type LateTransport = SideTransport & {
  /** Sends what waits, and all that comes, through this one; null: what waits is lost. */
  connect: (transport: SideTransport | null) => void;
};

type Waiting = { envelope: Envelope; sent: PromiseWithResolvers<TransportMakeRequestResponse> };

/** Errors of a start are few; more of them say nothing new. */
const MAX_WAITING = 10;

/** Stands for a transport that is not there yet, and keeps the first envelopes for it. */
export function createLateTransport(maxWaiting = MAX_WAITING): LateTransport {
  let target: SideTransport | undefined | null;
  let waiting: Waiting[] = [];

  return {
    async send(envelope) {
      if (target) return target.send(envelope);
      if (target === null || waiting.length >= maxWaiting) throw new Error('There is no transport to send with.');
      const sent = Promise.withResolvers<TransportMakeRequestResponse>();
      waiting.push({ envelope, sent });
      return sent.promise;
    },
    async flush(timeoutMs) {
      await Promise.allSettled(waiting.map(({ sent }) => sent.promise));
      return target ? target.flush(timeoutMs) : true;
    },
    isHealthy: () => target?.isHealthy?.() ?? true,
    recordLostEvent: (...lost) => target?.recordLostEvent?.(...lost),
    connect(transport) {
      target = transport;
      for (const { envelope, sent } of waiting) {
        if (transport) sent.resolve(transport.send(envelope));
        else sent.reject(new Error('There is no transport to send with.'));
      }
      waiting = [];
    },
  };
}

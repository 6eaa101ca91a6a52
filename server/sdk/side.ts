import type { Transport, TransportMakeRequestResponse } from '@sentry/core';

/** One of the two transports behind the multiplexing one. What is optional here, the SDK's own transports lack. */
export type SideTransport = Transport & {
  isHealthy?: () => boolean;
  /** Told of `quantity` items that are sent to nobody. */
  recordLostEvent?: (reason: LostReason, category: LostCategory, quantity?: number) => void;
};

type RecordLost = Parameters<typeof import('@sentry/core').createTransport>[0]['recordDroppedEvent'];
export type LostReason = Parameters<RecordLost>[0];
export type LostCategory = Parameters<RecordLost>[1];

/** A transport that never throws or rejects: null is what it gives for an envelope that was not taken. */
export type Side = {
  send: (...envelope: Parameters<Transport['send']>) => Promise<TransportMakeRequestResponse | null>;
  /** False: not all was sent in time, or the transport failed. */
  flush: (timeoutMs: number | undefined) => Promise<boolean>;
  /** Was the last envelope taken, and does the transport say nothing else? */
  isHealthy: () => boolean;
  recordLostEvent: (reason: LostReason, category: LostCategory, quantity?: number) => void;
};

/**
 * Sentry's own transports know their health: unhealthy is one that is held back by a rate limit or whose queue is full.
 * The SDK for JavaScript has no such method, and answers both with a response without status; so the last answer tells.
 */
export function createSide(transport: SideTransport): Side {
  let wasTaken = true;
  return {
    async send(envelope) {
      let response: TransportMakeRequestResponse | null = null;
      try {
        response = await transport.send(envelope);
      } catch {
        // Counted by whoever gets the null; the other side goes on.
      }
      wasTaken = isTaken(response);
      return wasTaken ? response : null;
    },
    async flush(timeoutMs) {
      try {
        return await transport.flush(timeoutMs);
      } catch {
        return false;
      }
    },
    isHealthy: () => wasTaken && transport.isHealthy?.() !== false,
    recordLostEvent: (...lost) => transport.recordLostEvent?.(...lost),
  };
}

function isTaken(response: TransportMakeRequestResponse | null): boolean {
  const status = response?.statusCode;
  return status !== undefined && status >= 200 && status < 300;
}

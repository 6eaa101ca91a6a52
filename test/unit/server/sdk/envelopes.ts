import type { Envelope, EnvelopeItem, Event, TransportMakeRequestResponse } from '@sentry/core';
import { vi } from 'vitest';
import type { SideTransport } from '../../../../server/sdk/side.ts';

export const TAKEN: TransportMakeRequestResponse = { statusCode: 200 };

/** An envelope with one item of each of these types, which have their index as payload; an `event` has this event. */
export function envelopeWith(types: readonly string[], event: Event = {}): Envelope {
  const items = types.map((type, index) => [{ type }, type === 'event' ? event : { index }] as unknown as EnvelopeItem);
  // Sentry's older types are not in the SDK's.
  return [{ event_id: 'a'.repeat(32), sent_at: '2026-01-02T03:04:05.000Z' }, items] as Envelope;
}

export const typesOf = (envelope: Envelope | undefined) => envelope?.[1].map(([{ type }]) => String(type));

/** A transport that notes what it is sent. */
export function fakeTransport(send: () => PromiseLike<TransportMakeRequestResponse> = async () => TAKEN) {
  const sent: Envelope[] = [];
  return {
    sent,
    send: vi.fn((envelope: Envelope) => {
      sent.push(envelope);
      return send();
    }),
    flush: vi.fn(async (_timeoutMs?: number): Promise<boolean> => true),
  } satisfies SideTransport & { sent: Envelope[] };
}

/** Counts as a line each, with their reason. */
export function countLines() {
  const lines: string[] = [];
  return {
    lines,
    incr: (key: string, _amount = 1, tags: Record<string, string> = {}) =>
      void lines.push([key, ...Object.values(tags)].join(' ')),
  };
}

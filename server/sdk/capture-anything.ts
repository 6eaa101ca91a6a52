import type { Envelope, TransportMakeRequestResponse } from '@sentry/core';
import type { Metrics } from '../metrics/metrics.ts';
import { copyEnvelope } from './copy-envelope.ts';
import { reduceEnvelope } from './reduce-envelope.ts';
import type { Side } from './side.ts';

export type Sides = { upstream: Side | null; relay: Side | null };

export type CaptureRules = {
  incr: Metrics['incr'];
  /** At least 0, below 1. */
  random: () => number;
  /** Whether upstream gets metric items. */
  upstreamMetrics: boolean;
  /** Share of metric items, 0 to 1, that upstream gets nevertheless. */
  upstreamMetricsSampleRate: number;
  /** Share of envelopes, 0 to 1, that the relay gets. */
  relaySampleRate: number;
  /** May the relay have it? */
  isSafe: (envelope: Envelope) => boolean;
};

/** Sentry's items of metrics, and the one that today's SDKs send. */
const METRIC_TYPES: ReadonlySet<string> = new Set(['statsd', 'metric_buckets', 'trace_metric']);

/**
 * Hands an envelope to both sides, upstream first, each its own copy; the original stays as it is. Never throws: in
 * Sentry a failure upstream keeps the relay from being told, here the sides know nothing of each other. `captured` counts
 * what was handed over; what then failed is counted again as `uncaptured`.
 *
 * @returns what a side answered, the relay's before upstream's; empty when neither took it
 */
export async function captureAnything(
  envelope: Envelope,
  { upstream, relay }: Sides,
  rules: CaptureRules,
): Promise<TransportMakeRequestResponse> {
  const [ofUpstream, ofRelay] = await Promise.all([
    upstream && attempt('upstream', () => sendUpstream(envelope, upstream, rules), rules),
    relay && attempt('relay', () => sendRelay(envelope, relay, rules), rules),
  ]);
  return ofRelay ?? ofUpstream ?? {};
}

type Sent = TransportMakeRequestResponse | null | Promise<TransportMakeRequestResponse | null>;

/** A fault of the rules themselves, on whatever an event holds, is that side's alone too. */
async function attempt(name: string, send: () => Sent, rules: CaptureRules) {
  try {
    return await send();
  } catch {
    return uncaptured(name, 'failed', rules);
  }
}

function sendUpstream(envelope: Envelope, upstream: Side, rules: CaptureRules): Sent {
  const items = envelope[1].filter(
    ([{ type }]) =>
      rules.upstreamMetrics || !METRIC_TYPES.has(type) || isSampled(rules.upstreamMetricsSampleRate, rules),
  );
  const reduced = reduceEnvelope(copyEnvelope(envelope, items));
  if (reduced[1].length === 0) return uncaptured('upstream', 'filtered', rules);
  return handOver('upstream', reduced, upstream, rules);
}

/** Sentry's gate is `rate == 1`: any other rate means that nothing is sent. Here it is a rate. */
function sendRelay(envelope: Envelope, relay: Side, rules: CaptureRules): Sent {
  const copy = copyEnvelope(envelope);
  if (!rules.isSafe(copy)) return uncaptured('relay', 'unsafe', rules);
  if (!isSampled(rules.relaySampleRate, rules)) return uncaptured('relay', 'sampled', rules);
  return handOver('relay', copy, relay, rules);
}

async function handOver(name: string, envelope: Envelope, side: Side, rules: CaptureRules) {
  rules.incr(`internal.captured.events.${name}`);
  return (await side.send(envelope)) ?? uncaptured(name, 'failed', rules);
}

function uncaptured(name: string, reason: 'failed' | 'filtered' | 'sampled' | 'unsafe', { incr }: CaptureRules): null {
  incr(`internal.uncaptured.events.${name}`, 1, { reason });
  return null;
}

const isSampled = (rate: number, { random }: CaptureRules): boolean => random() < rate;

import type { Envelope } from '@sentry/core';
import { describe, expect, it, test } from 'vitest';
import { type CaptureRules, captureAnything } from '../../../../server/sdk/capture-anything.ts';
import { createSide } from '../../../../server/sdk/side.ts';
import { countLines, envelopeWith, fakeTransport, TAKEN, typesOf } from './envelopes.ts';

const METRICS = ['statsd', 'metric_buckets', 'trace_metric'];

/** Captures into two fakes, with these rules on top of the defaults of the settings. */
async function capture(
  envelope: Envelope,
  changed: Partial<CaptureRules> = {},
  { upstream = fakeTransport(), relay = fakeTransport() } = {},
) {
  const { incr, lines } = countLines();
  const rules: CaptureRules = {
    incr,
    random: () => 0.5,
    upstreamMetrics: false,
    upstreamMetricsSampleRate: 0,
    relaySampleRate: 1,
    isSafe: () => true,
    ...changed,
  };
  const response = await captureAnything(envelope, { upstream: createSide(upstream), relay: createSide(relay) }, rules);
  return { upstream, relay, lines, response };
}

describe('metric items', () => {
  test.each<[string, Partial<CaptureRules>, string[]]>([
    ['leave the upstream copy', {}, ['event', 'client_report']],
    ['stay while the switch is on', { upstreamMetrics: true }, ['event', ...METRICS, 'client_report']],
    ['stay at a sample rate of 1', { upstreamMetricsSampleRate: 1 }, ['event', ...METRICS, 'client_report']],
    [
      'stay where the roll is below the rate',
      { upstreamMetricsSampleRate: 0.51 },
      ['event', ...METRICS, 'client_report'],
    ],
    ['leave where the roll is not below it', { upstreamMetricsSampleRate: 0.5 }, ['event', 'client_report']],
  ])('%s', async (_, rules, expected) => {
    const envelope = envelopeWith(['event', ...METRICS, 'client_report']);
    const { upstream, relay } = await capture(envelope, rules);
    expect(typesOf(upstream.sent[0])).toEqual(expected);
    expect(typesOf(relay.sent[0])).toEqual(['event', ...METRICS, 'client_report']);
    expect(typesOf(envelope)).toEqual(['event', ...METRICS, 'client_report']);
  });

  it('are each rolled for by themselves', async () => {
    const rolls = [0.9, 0.1, 0.9];
    const random = () => rolls.shift() ?? 0;
    const { upstream } = await capture(envelopeWith(METRICS), {
      random,
      upstreamMetricsSampleRate: 0.5,
      relaySampleRate: 1,
    });
    expect(typesOf(upstream.sent[0])).toEqual(['metric_buckets']);
  });

  it('alone make nothing to send upstream', async () => {
    const { upstream, relay, lines } = await capture(envelopeWith(['trace_metric']));
    expect(upstream.sent).toEqual([]);
    expect(relay.sent).toHaveLength(1);
    expect(lines).toEqual(['internal.uncaptured.events.upstream filtered', 'internal.captured.events.relay']);
  });
});

describe('the relay', () => {
  test.each<[string, Partial<CaptureRules>, string]>([
    ['gets what is safe', {}, 'internal.captured.events.relay'],
    ['gets nothing unsafe', { isSafe: () => false }, 'internal.uncaptured.events.relay unsafe'],
    ['gets nothing at a rate of 0', { relaySampleRate: 0 }, 'internal.uncaptured.events.relay sampled'],
    // In Sentry any rate but 1 is none.
    ['gets its share at a rate between', { relaySampleRate: 0.6 }, 'internal.captured.events.relay'],
    ['gets no more than its share', { relaySampleRate: 0.4 }, 'internal.uncaptured.events.relay sampled'],
  ])('%s, and upstream gets all', async (_, rules, counted) => {
    const { upstream, relay, lines } = await capture(envelopeWith(['event']), rules);
    expect(upstream.sent).toHaveLength(1);
    expect(relay.sent).toHaveLength(counted.startsWith('internal.captured') ? 1 : 0);
    expect(lines).toEqual(['internal.captured.events.upstream', counted]);
  });
});

describe('a side that fails', () => {
  const FAILURES = [
    [
      'throws',
      () => {
        throw new Error('now');
      },
    ],
    ['rejects', () => Promise.reject(new Error('later'))],
    ['refuses', async () => ({ statusCode: 403 })],
    ['holds back', async () => ({})],
  ] as const;

  test.each(FAILURES)('upstream, that %s, keeps nothing from the relay', async (_, send) => {
    const { relay, lines, response } = await capture(envelopeWith(['event']), {}, { upstream: fakeTransport(send) });
    expect(relay.sent).toHaveLength(1);
    expect(response).toEqual(TAKEN);
    expect(lines.toSorted()).toEqual([
      'internal.captured.events.relay',
      'internal.captured.events.upstream',
      'internal.uncaptured.events.upstream failed',
    ]);
  });

  test.each(FAILURES)('relay, that %s, keeps nothing from upstream', async (_, send) => {
    const { upstream, lines, response } = await capture(envelopeWith(['event']), {}, { relay: fakeTransport(send) });
    expect(upstream.sent).toHaveLength(1);
    expect(response).toEqual(TAKEN);
    expect(lines).toContain('internal.uncaptured.events.relay failed');
  });

  it('never reaches the caller, not even when it is a rule that fails', async () => {
    const isSafe = () => {
      throw new Error('of the rule');
    };
    const upstream = fakeTransport(() => Promise.reject(new Error('down')));
    const { response, lines } = await capture(envelopeWith(['event']), { isSafe }, { upstream });
    expect(response).toEqual({});
    expect(lines).toContain('internal.uncaptured.events.relay failed');
  });

  it('that hangs does not keep the other waiting', async () => {
    const upstream = fakeTransport(() => new Promise(() => {}));
    const relay = fakeTransport();
    void capture(envelopeWith(['event']), {}, { upstream, relay });
    await expect.poll(() => relay.sent).toHaveLength(1);
  });
});

it('sends upstream first, and to neither the original', async () => {
  const order: string[] = [];
  const noting = (name: string) =>
    fakeTransport(async () => {
      order.push(name);
      return TAKEN;
    });
  const envelope = envelopeWith(['event', 'client_report'], { message: 'm', extra: { a: 1 } });
  const before = structuredClone(envelope);
  const { upstream, relay } = await capture(envelope, {}, { upstream: noting('upstream'), relay: noting('relay') });
  expect(order).toEqual(['upstream', 'relay']);
  const lists = [envelope[1], upstream.sent[0]?.[1], relay.sent[0]?.[1]];
  expect(new Set(lists).size).toBe(3);
  expect(new Set([envelope, upstream.sent[0], relay.sent[0]]).size).toBe(3);
  expect(relay.sent[0]).toEqual(before);
  expect(envelope).toEqual(before);
});

it('does nothing where there is no side', async () => {
  const { incr, lines } = countLines();
  const rules = { incr, random: Math.random, upstreamMetrics: false, upstreamMetricsSampleRate: 0, relaySampleRate: 1 };
  const none = { upstream: null, relay: null };
  expect(await captureAnything(envelopeWith(['event']), none, { ...rules, isSafe: () => true })).toEqual({});
  expect(lines).toEqual([]);
});

import { describe, expect, it, test, vi } from 'vitest';
import type { CaptureRules } from '../../../../server/sdk/capture-anything.ts';
import { MultiplexingTransport } from '../../../../server/sdk/multiplexing-transport.ts';
import type { SideTransport } from '../../../../server/sdk/side.ts';
import { countLines, envelopeWith, fakeTransport, typesOf } from './envelopes.ts';

function multiplex(transports: { upstream?: SideTransport | null; relay?: SideTransport | null }) {
  const { incr, lines } = countLines();
  const rules: CaptureRules = {
    incr,
    random: () => 0.5,
    upstreamMetrics: false,
    upstreamMetricsSampleRate: 0,
    relaySampleRate: 1,
    isSafe: () => true,
  };
  const told: boolean[] = [];
  const onHealth = (isHealthy: boolean) => void told.push(isHealthy);
  const sides = { upstream: null, relay: null, ...transports };
  return { transport: new MultiplexingTransport(sides, rules, onHealth), lines, told };
}

describe('what is captured', () => {
  it('as an envelope is counted as one, as is a transaction in it', async () => {
    const relay = fakeTransport();
    const { transport, lines } = multiplex({ relay });
    await transport.send(envelopeWith(['event']));
    await transport.captureEnvelope(envelopeWith(['transaction']));
    expect(relay.sent).toHaveLength(2);
    expect(lines).toEqual([
      'internal.captured.events.envelopes',
      'internal.captured.events.relay',
      'internal.captured.events.envelopes',
      'internal.captured.events.transactions',
      'internal.captured.events.relay',
    ]);
  });

  it('as an event is sent in an envelope, and not counted as one', async () => {
    const [upstream, relay] = [fakeTransport(), fakeTransport()];
    const { transport, lines } = multiplex({ upstream, relay });
    await transport.captureEvent({ event_id: 'b'.repeat(32), message: 'words' });
    expect(typesOf(relay.sent[0])).toEqual(['event']);
    expect(JSON.stringify(relay.sent)).toContain('words');
    expect(JSON.stringify(upstream.sent)).not.toContain('words');
    expect(lines).toEqual(['internal.captured.events.upstream', 'internal.captured.events.relay']);
  });

  it('goes to no relay once that is removed', async () => {
    const relay = fakeTransport();
    const { transport, lines } = multiplex({ relay });
    transport.removeRelay();
    await transport.send(envelopeWith(['event']));
    expect(relay.sent).toEqual([]);
    expect(lines).toEqual(['internal.captured.events.envelopes']);
  });
});

it('tells a lost event to the relay alone, where that wants to know', () => {
  const [upstream, relay] = [
    { ...fakeTransport(), recordLostEvent: vi.fn() },
    { ...fakeTransport(), recordLostEvent: vi.fn() },
  ];
  multiplex({ upstream, relay }).transport.recordLostEvent('network_error', 'error', 3);
  expect(relay.recordLostEvent).toHaveBeenCalledExactlyOnceWith('network_error', 'error', 3);
  expect(upstream.recordLostEvent).not.toHaveBeenCalled();
  expect(() => multiplex({ relay: fakeTransport() }).transport.recordLostEvent('network_error', 'error')).not.toThrow();
  expect(() => multiplex({ upstream }).transport.recordLostEvent('network_error', 'error')).not.toThrow();
});

describe('it is healthy', () => {
  const taking = fakeTransport;
  const refusing = () => fakeTransport(async () => ({ statusCode: 429 }));
  const heldBack = () => fakeTransport(async () => ({}));
  const failing = () => fakeTransport(() => Promise.reject(new Error('down')));
  const ill = () => ({ ...fakeTransport(), isHealthy: () => false });

  test.each<[string, { upstream?: SideTransport; relay?: SideTransport }, boolean]>([
    ['without any side', {}, true],
    ['while both take', { upstream: taking(), relay: taking() }, true],
    ['not while upstream refuses', { upstream: refusing(), relay: taking() }, false],
    ['not while the relay is held back', { upstream: taking(), relay: heldBack() }, false],
    ['not while the only side fails', { relay: failing() }, false],
    ['not while a side says that it is not', { upstream: taking(), relay: ill() }, false],
  ])('%s', async (_, transports, expected) => {
    const { transport } = multiplex(transports);
    await transport.send(envelopeWith(['event']));
    expect(transport.isHealthy()).toBe(expected);
  });

  it('again after the next envelope that was taken, and tells each change', async () => {
    const answers = [500, 500, 200, 200].map((statusCode) => ({ statusCode }));
    const { transport, told } = multiplex({ relay: fakeTransport(async () => answers.shift() ?? {}) });
    const health: boolean[] = [transport.isHealthy()];
    for (let count = 0; count < 4; count += 1) {
      await transport.send(envelopeWith(['event']));
      health.push(transport.isHealthy());
    }
    expect(health).toEqual([true, false, false, true, true]);
    expect(told).toEqual([false, true]);
  });
});

describe('flush', () => {
  const flushing = (flush: (timeoutMs?: number) => PromiseLike<boolean>) => ({ ...fakeTransport(), flush });

  it('asks both sides at the same time', async () => {
    const flush = vi.fn(async () => true);
    const { transport } = multiplex({ upstream: flushing(flush), relay: flushing(flush) });
    expect(await transport.flush(50)).toBe(true);
    expect(flush.mock.calls).toEqual([[50], [50]]);
  });

  it('has one deadline, also for sides that do not keep theirs', async () => {
    const { transport } = multiplex({
      upstream: flushing(() => new Promise(() => {})),
      relay: flushing(() => new Promise(() => {})),
    });
    vi.useFakeTimers();
    const flushed = vi.fn();
    void transport.flush(2000).then(flushed);
    await vi.advanceTimersByTimeAsync(1999);
    expect(flushed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(flushed).toHaveBeenCalledExactlyOnceWith(false);
    vi.useRealTimers();
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['says so', async () => false],
  ])('is false when a side %s', async (_, flush) => {
    const { transport } = multiplex({ upstream: flushing(flush), relay: fakeTransport() });
    expect(await transport.flush(100)).toBe(false);
    expect(await transport.flush()).toBe(false);
  });

  it('of no side is done', async () => expect(await multiplex({}).transport.flush(1)).toBe(true));
});

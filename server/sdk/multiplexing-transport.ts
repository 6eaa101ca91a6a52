import {
  createEventEnvelope,
  type Envelope,
  type Event,
  envelopeContainsItemType,
  type Transport,
  type TransportMakeRequestResponse,
} from '@sentry/core';
import { type CaptureRules, captureAnything, type Sides } from './capture-anything.ts';
import { createSide, type LostCategory, type LostReason, type SideTransport } from './side.ts';

/** Sends each envelope to both sides, of which either may be missing. Nothing here throws or rejects. */
export class MultiplexingTransport implements Transport {
  readonly #rules: CaptureRules;
  readonly #sides: Sides;
  readonly #onHealth: (isHealthy: boolean) => void;
  #wasHealthy = true;

  /** @param onHealth is told when an envelope changes what `isHealthy` answers */
  constructor(
    transports: { upstream: SideTransport | null; relay: SideTransport | null },
    rules: CaptureRules,
    onHealth: (isHealthy: boolean) => void = () => {},
  ) {
    this.#rules = rules;
    this.#onHealth = onHealth;
    this.#sides = {
      upstream: transports.upstream && createSide(transports.upstream),
      relay: transports.relay && createSide(transports.relay),
    };
  }

  /** What the SDK calls, which makes an envelope of everything. */
  send(envelope: Envelope): Promise<TransportMakeRequestResponse> {
    return this.captureEnvelope(envelope);
  }

  captureEnvelope(envelope: Envelope): Promise<TransportMakeRequestResponse> {
    this.#rules.incr('internal.captured.events.envelopes');
    if (envelopeContainsItemType(envelope, ['transaction'])) {
      this.#rules.incr('internal.captured.events.transactions');
    }
    return this.#capture(envelope);
  }

  /** A single event, which no envelope is counted for. */
  captureEvent(event: Event): Promise<TransportMakeRequestResponse> {
    return this.#capture(createEventEnvelope(event));
  }

  /** Only the relay is told, as in Sentry: told to both, each loss would be reported twice. */
  recordLostEvent(reason: LostReason, category: LostCategory, quantity?: number): void {
    this.#sides.relay?.recordLostEvent(reason, category, quantity);
  }

  /** For a relay that turns out to be none. */
  removeRelay(): void {
    this.#sides.relay = null;
  }

  /** True also when there is no side at all: nothing fails. */
  isHealthy(): boolean {
    return this.#present().every((side) => side.isHealthy());
  }

  /**
   * Both sides at the same time, within one deadline. In Sentry the second side waits for the first, which may take twice
   * the time that one asked for.
   *
   * @param timeoutMs without it, or 0, waits for as long as it takes
   * @returns whether everything was sent
   */
  async flush(timeoutMs?: number): Promise<boolean> {
    const flushed = Promise.all(this.#present().map((side) => side.flush(timeoutMs)));
    if (!timeoutMs) return (await flushed).every(Boolean);
    const deadline = Promise.withResolvers<boolean[]>();
    const timer = setTimeout(() => deadline.resolve([false]), timeoutMs);
    const results = await Promise.race([flushed, deadline.promise]);
    clearTimeout(timer);
    return results.every(Boolean);
  }

  async #capture(envelope: Envelope): Promise<TransportMakeRequestResponse> {
    const response = await captureAnything(envelope, this.#sides, this.#rules);
    const isHealthy = this.isHealthy();
    if (isHealthy !== this.#wasHealthy) this.#onHealth(isHealthy);
    this.#wasHealthy = isHealthy;
    return response;
  }

  #present() {
    return [this.#sides.upstream, this.#sides.relay].filter((side) => side !== null);
  }
}

import type { Logger } from 'pino';
import { inspectEnvelope } from '../ingest/inspect-envelope.ts';
import { DEFAULT_LIMITS } from '../ingest/limits.ts';
import { createRateLimit } from '../limits/rate-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { parseEnvelope } from '../protocol/envelope.ts';
import { StatusError } from '../protocol/errors.ts';
import { configureSdk, type ErrorScope, NO_SDK, type Sdk } from '../sdk/configure-sdk.ts';
import type { Settings } from '../settings/settings.ts';
import type { Services } from './services.ts';
import { readVersion } from './version.ts';

/** The first migration makes it, for errors of ours. */
const INTERNAL_PROJECT = 1;
/** Of the same error, so that one broken deploy does not fill the internal project. */
const MAX_A_MINUTE = 5;

/** For the server; a command's errors are seen by whoever runs it. */
export function openSdk(settings: Settings, metrics: Metrics, log: Logger): Sdk {
  if (!settings['sdk.enabled']) return NO_SDK;
  const repeats = createRateLimit({ limit: MAX_A_MINUTE, windowMs: 60_000, now: Date.now });
  return configureSdk({
    config: {
      dsn: settings['sdk.dsn'],
      relayDsn: settings['sdk.relay-dsn'],
      environment: settings['sdk.environment'],
      release: settings['sdk.release'],
      sampleRate: settings['sdk.sample-rate'],
    },
    version: readVersion(),
    rules: {
      upstreamMetrics: settings['sdk.upstream-metrics'],
      upstreamMetricsSampleRate: settings['sdk.upstream-metrics-sample-rate'],
      relaySampleRate: settings['sdk.relay-sample-rate'],
    },
    internalProject: INTERNAL_PROJECT,
    incr: metrics.incr,
    allow: (fingerprint) => repeats.take(fingerprint).ok,
    log: (message, error) => log.warn(error, message),
  });
}

/** Lets the relay send to the internal project, by the way that ingest takes behind its HTTP. */
export function connectRelay(
  sdk: Sdk,
  { projects, append }: { projects: Pick<Services['projects'], 'keys'>; append: Services['append'] },
): Promise<void> {
  return sdk.connectRelay({
    findKey: async () => {
      const keys = await projects.keys(INTERNAL_PROJECT);
      return keys.find(({ isActive }) => isActive)?.publicKey ?? null;
    },
    append: async (body) => {
      const { eventId, isStored } = inspectEnvelope(parseEnvelope(body), DEFAULT_LIMITS);
      if (!isStored) return;
      const receivedAt = Date.now();
      await append({ projectId: INTERNAL_PROJECT, eventId, receivedAt, remoteAddress: null, client: null, body });
    },
  });
}

/** Takes an error of ours, or a line that the operator should read. */
export type OnError = (error: unknown, scope?: ErrorScope) => void;

/** Logs both, and reports the errors. */
export const createOnError =
  (log: Logger, sdk: Pick<Sdk, 'captureException'>): OnError =>
  (error, scope) => {
    log.error(error);
    if (typeof error !== 'string') sdk.captureException(error, scope);
  };

/** Logs what a request met, and reports it when nobody foresaw it. */
export const createLogError =
  (log: Logger, sdk: Pick<Sdk, 'captureException'>) =>
  (message: string, error: unknown): void => {
    log.error(error, message);
    if (isUnexpected(error)) sdk.captureException(error, { during: message });
  };

/** Of a client that went away, and of a database that is busy or full: no fault of the code. */
const EXPECTED_CODE = /^(?:ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE|SQLITE_BUSY.*|SQLITE_FULL)$/;

function isUnexpected(error: unknown): boolean {
  // Those that have a status were thrown on purpose: an answer of a model's provider, say.
  if (error instanceof StatusError) return false;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return !EXPECTED_CODE.test(code);
}

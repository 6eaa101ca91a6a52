import type { Tags } from './metrics.ts';

/**
 * Where counts and times go besides the registry in memory. Keys come with the prefix. May throw: `createMetrics` keeps
 * that from callers.
 */
export type MetricsBackend = {
  incr(key: string, amount: number, tags: Tags): void;
  gauge(key: string, value: number, tags: Tags): void;
  timing(key: string, milliseconds: number, tags: Tags): void;
  /** What `GET /metrics` answers, where the backend is read rather than told. */
  scrape?: () => Promise<{ contentType: string; text: string }>;
  /** Tells what it has not told yet. */
  close(): Promise<void>;
};

export type BackendOptions = {
  backend: 'none' | 'logging' | 'statsd' | 'prometheus';
  /** Share of counts and times that are sent, 0 to 1. */
  sampleRate: number;
  statsdHost: string;
  statsdPort: number;
  /** Where logging writes. */
  debug: (fields: object, message: string) => void;
  /** A failure outside of any call: a socket's, say. */
  onError: (error: unknown) => void;
};

/** Opens the one that is set; its code is loaded only then. @returns null when nothing is to go anywhere */
export async function createMetricsBackend(options: BackendOptions): Promise<MetricsBackend | null> {
  switch (options.backend) {
    case 'none':
      return null;
    case 'logging':
      return createLoggingBackend(options.debug);
    case 'statsd': {
      const { createStatsdBackend } = await import('./statsd.ts');
      return createStatsdBackend({
        ...options,
        host: options.statsdHost,
        port: options.statsdPort,
        random: Math.random,
      });
    }
    case 'prometheus': {
      const { createPrometheusBackend } = await import('./prometheus.ts');
      return createPrometheusBackend();
    }
  }
}

/** The least time between two messages of a failing backend. */
const TELL_MS = 60_000;

/** A backend that is away fails thousands of times a second: one message a minute says as much. */
export function createFailureLog(
  log: (message: string, error: unknown) => void,
  now: () => number,
): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (error) => {
    untold += 1;
    if (now() - toldAt < TELL_MS) return;
    log(`Metrics could not be recorded (${untold} since the last message)`, error);
    toldAt = now();
    untold = 0;
  };
}

/** For looking at in a terminal; nothing is sampled, as in Sentry. */
function createLoggingBackend(debug: BackendOptions['debug']): MetricsBackend {
  return {
    incr: (key, amount, tags) => debug({ tags }, `${key}: +${amount}`),
    gauge: (key, value, tags) => debug({ tags }, `${key}: ${value}`),
    timing: (key, milliseconds, tags) => debug({ tags }, `${key}: ${milliseconds.toFixed(1)} ms`),
    close: async () => {},
  };
}

import type { Logger } from 'pino';
import { createFailureLog, createMetricsBackend, type MetricsBackend } from '../metrics/backend.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import type { Settings } from '../settings/settings.ts';

export type OpenMetrics = {
  metrics: Metrics;
  scrape: MetricsBackend['scrape'] | undefined;
  close: () => Promise<void>;
};

/** The registry in memory, with the backend that is set behind it. */
export async function openMetrics(settings: Settings, log: Logger): Promise<OpenMetrics> {
  const onError = createFailureLog((message, error) => log.error(error, message), Date.now);
  const backend = await createMetricsBackend({
    backend: settings['metrics.backend'],
    sampleRate: settings['metrics.sample-rate'],
    statsdHost: settings['metrics.statsd-host'],
    statsdPort: settings['metrics.statsd-port'],
    debug: (fields, message) => log.debug(fields, message),
    onError,
  });
  return {
    metrics: createMetrics({ backend, prefix: settings['metrics.prefix'], onError }),
    scrape: backend?.scrape,
    close: async () => backend?.close(),
  };
}

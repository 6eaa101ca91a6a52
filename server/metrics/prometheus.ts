import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsBackend } from './backend.ts';
import type { Tags } from './metrics.ts';

/** Seconds; from an envelope's digest to the answer of a slow model. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/**
 * Prometheus fixes a metric's labels when it is made; keys whose calls differ in their tags say them all here. Of any
 * other key the tags of its first call are kept.
 */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  'ingest.envelopes': ['outcome', 'status', 'reason'],
};

type Labelled = { labelNames: readonly string[] };

/** Names with underscores; counts end in `_total`, times are histograms in `_seconds`. */
export function createPrometheusBackend(): MetricsBackend {
  const registry = new Registry();
  const counters = new Map<string, { metric: Counter } & Labelled>();
  const gauges = new Map<string, { metric: Gauge } & Labelled>();
  const histograms = new Map<string, { metric: Histogram } & Labelled>();

  const optionsOf = (key: string, suffix: string, tags: Tags) => ({
    name: `${toName(key)}${suffix}`,
    help: key,
    labelNames: labelNamesOf(key, tags),
    registers: [registry],
  });

  return {
    incr(key, amount, tags) {
      let counter = counters.get(key);
      if (!counter) {
        const options = optionsOf(key, '_total', tags);
        counter = { metric: new Counter(options), labelNames: options.labelNames };
        counters.set(key, counter);
      }
      counter.metric.inc(labelsOf(tags, counter.labelNames), amount);
    },
    gauge(key, value, tags) {
      let gauge = gauges.get(key);
      if (!gauge) {
        const options = optionsOf(key, '', tags);
        gauge = { metric: new Gauge(options), labelNames: options.labelNames };
        gauges.set(key, gauge);
      }
      gauge.metric.set(labelsOf(tags, gauge.labelNames), value);
    },
    timing(key, milliseconds, tags) {
      let histogram = histograms.get(key);
      if (!histogram) {
        const options = { ...optionsOf(key, '_seconds', tags), buckets: BUCKETS };
        histogram = { metric: new Histogram(options), labelNames: options.labelNames };
        histograms.set(key, histogram);
      }
      histogram.metric.observe(labelsOf(tags, histogram.labelNames), milliseconds / 1000);
    },
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: async () => registry.clear(),
  };
}

const toName = (key: string) => key.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');

/** Keys come with the operator's prefix, which is not known here. */
function labelNamesOf(key: string, tags: Tags): string[] {
  const known = Object.keys(LABELS).find((name) => key.endsWith(name));
  return (known ? [...(LABELS[known] ?? [])] : Object.keys(tags)).map(toName);
}

function labelsOf(tags: Tags, labelNames: readonly string[]): Tags {
  const labels: Tags = {};
  for (const [name, value] of Object.entries(tags)) {
    const label = toName(name);
    if (labelNames.includes(label)) labels[label] = value;
  }
  return labels;
}

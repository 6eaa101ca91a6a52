import type { OptionName } from './options.ts';

const BACKENDS: Record<string, string> = {
  'sentry.nodestore.django.DjangoNodeStorage': 'embedded',
  'sentry.eventstream.snuba.SnubaEventStream': 'snuba',
  'sentry.eventstream.kafka.KafkaEventStream': 'snuba',
  'sentry.search.snuba.EventsDatasetSnubaSearchBackend': 'snuba',
  'sentry.tagstore.snuba.SnubaTagStorage': 'snuba',
  'sentry.tsdb.redissnuba.RedisSnubaTSDB': 'snuba',
  // What Sentry puts in front of search and tsdb today; behind it is Snuba.
  'sentry.utils.services.ServiceDelegator': 'snuba',
  'sentry.metrics.dummy.DummyMetricsBackend': 'none',
  'sentry.metrics.logging.LoggingBackend': 'logging',
  'sentry.metrics.statsd.StatsdMetricsBackend': 'statsd',
  'sentry.metrics.dogstatsd.DogStatsdMetricsBackend': 'statsd',
};
/** A class that is not known stays as it is, and is refused with the option's name: never guessed. */
const toBackend = (value: string) => BACKENDS[value] ?? value;
const LEVELS: Record<string, string> = { warning: 'warn', critical: 'fatal' };

type Counterpart = { option: OptionName; translate?: (value: string) => string };

/** Sentry's own settings that have a counterpart here. `SENTRY_CONF` is the runner's, which looks for the files. */
export const SENTRY_NAMES: Record<string, Counterpart> = {
  SENTRY_SECRET_KEY: { option: 'system.secret-key' },
  SENTRY_URL_PREFIX: { option: 'system.url-prefix' },
  SENTRY_LOG_LEVEL: {
    option: 'logging.level',
    translate: (value) => LEVELS[value.toLowerCase()] ?? value.toLowerCase(),
  },
  SENTRY_NODESTORE: { option: 'nodestore.backend', translate: toBackend },
  SENTRY_EVENTSTREAM: { option: 'eventstream.backend', translate: toBackend },
  SENTRY_SEARCH: { option: 'search.backend', translate: toBackend },
  SENTRY_TAGSTORE: { option: 'tagstore.backend', translate: toBackend },
  SENTRY_TSDB: { option: 'tsdb.backend', translate: toBackend },
  SENTRY_METRICS_BACKEND: { option: 'metrics.backend', translate: toBackend },
  SENTRY_METRICS_PREFIX: { option: 'metrics.prefix' },
  SENTRY_METRICS_SAMPLE_RATE: { option: 'metrics.sample-rate' },
};

/** @returns one line that names what to set instead */
export const describeSentryName = (name: string, variable: string, isIgnored: boolean): string =>
  isIgnored
    ? `${name} is Sentry's name and is ignored, since ${variable} is set.`
    : `${name} is Sentry's name and is understood; ${variable} is Stackmend's.`;

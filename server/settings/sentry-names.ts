import { ConfigurationError } from '../protocol/errors.ts';
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
  // Python's words for it.
  SENTRY_SDK_UPSTREAM_METRICS_ENABLED: { option: 'sdk.upstream-metrics', translate: (value) => value.toLowerCase() },
};

/** Sentry's keyword arguments of the SDK that have a counterpart here. Client reports are always sent, as in Sentry. */
const SDK_CONFIG: ReadonlyMap<string, OptionName> = new Map([
  ['dsn', 'sdk.dsn'],
  ['relay_dsn', 'sdk.relay-dsn'],
  ['environment', 'sdk.environment'],
  ['release', 'sdk.release'],
  ['sample_rate', 'sdk.sample-rate'],
]);

/** What Sentry sets in code as a map stands in this variable as JSON. */
export const SENTRY_SDK_CONFIG = 'SENTRY_SDK_CONFIG';

type SdkConfig = { given: [option: OptionName, value: unknown][]; ignored: string[] };

/**
 * @returns the options that it sets, and the names in it that have no counterpart
 * @throws {ConfigurationError} it is no JSON object
 */
export function parseSdkConfig(text: string): SdkConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${SENTRY_SDK_CONFIG} is not JSON.`, { cause });
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new ConfigurationError(`${SENTRY_SDK_CONFIG} is not a JSON object.`);
  }
  const parsed: SdkConfig = { given: [], ignored: [] };
  for (const [name, value] of Object.entries(config)) {
    const option = SDK_CONFIG.get(name);
    // None is how Python says "not set".
    if (option && value !== null) parsed.given.push([option, value]);
    else if (!option && name !== 'send_client_reports') parsed.ignored.push(name);
  }
  return parsed;
}

/** @param ignored names in it that have no counterpart */
export function describeSdkConfig(ignored: readonly string[]): string {
  const instead = [...SDK_CONFIG.values()].join(', ');
  const rest = ignored.length > 0 ? ` It ignores ${ignored.map((name) => JSON.stringify(name)).join(', ')}.` : '';
  return `${SENTRY_SDK_CONFIG} is Sentry's name and is understood; Stackmend's options are ${instead}.${rest}`;
}

/** @returns one line that names what to set instead */
export const describeSentryName = (name: string, variable: string, isIgnored: boolean): string =>
  isIgnored
    ? `${name} is Sentry's name and is ignored, since ${variable} is set.`
    : `${name} is Sentry's name and is understood; ${variable} is Stackmend's.`;

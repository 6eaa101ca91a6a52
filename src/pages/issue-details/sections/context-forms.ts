import { formatBytes } from '../../../components/numbers.ts';
import { formatAgo, parseTime } from '../../../components/time.ts';

type Context = Record<string, unknown>;
/** A value in people's units; null when it is not of the kind that the unit is for. */
type Form = (value: unknown, context: Context, happened: number | null) => string | null;

const numeric = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
};
const textOf = (value: unknown): string | null =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number' ? String(value).trim() : null;

const inUnit =
  (write: (value: number) => string): Form =>
  (value) => {
    const number = numeric(value);
    return number === null ? null : write(number);
  };
const upTo = (value: number, digits: number) => String(Number(value.toFixed(digits)));

const bytes = inUnit(formatBytes);
const percent = inUnit((value) => `${upTo(value, 1)}%`);
const pixels = inUnit((value) => `${value} px`);
const milliseconds = inUnit((value) => (value < 1000 ? `${upTo(value, 2)} ms` : `${upTo(value / 1000, 2)} s`));
const frequency = inUnit((value) => (value < 1000 ? `${upTo(value, 0)} MHz` : `${upTo(value / 1000, 2)} GHz`));
const celsius: Form = (value) => (typeof value === 'number' ? `${upTo(value, 1)} °C` : null);

/** Bytes, and how much that is of another key's. */
const bytesOf =
  (wholeKey: string): Form =>
  (value, context) => {
    const part = numeric(value);
    const whole = Object.hasOwn(context, wholeKey) ? numeric(context[wholeKey]) : null;
    if (part === null) return null;
    return whole && part <= whole ? `${formatBytes(part)}, ${Math.round((part / whole) * 100)}%` : formatBytes(part);
  };

const beforeEvent: Form = (value, _context, happened) => {
  const time = typeof value === 'string' ? parseTime(value) : null;
  if (time === null || happened === null || time > happened) return null;
  const words = formatAgo(time, happened, true);
  return words === 'now' ? 'within the minute of the event' : `${words} before the event`;
};

const forms: Record<string, Record<string, Form>> = {
  device: {
    memory_size: bytes,
    free_memory: bytesOf('memory_size'),
    usable_memory: bytesOf('memory_size'),
    storage_size: bytes,
    free_storage: bytesOf('storage_size'),
    external_storage_size: bytes,
    external_free_storage: bytesOf('external_storage_size'),
    battery_level: percent,
    battery_temperature: celsius,
    processor_frequency: frequency,
    screen_width_pixels: pixels,
    screen_height_pixels: pixels,
    screen_density: inUnit((value) => `${upTo(value, 3)}×`),
    screen_dpi: inUnit((value) => `${value} dpi`),
    boot_time: beforeEvent,
  },
  app: { app_memory: bytes, free_memory: bytes, app_start_time: beforeEvent },
  // The protocol has megabytes here alone.
  gpu: { memory_size: inUnit((value) => formatBytes(value * 1e6)) },
  trace: { exclusive_time: milliseconds },
  response: { body_size: bytes },
};

/** A known value in people's units: `8.6 GB`, `84%`. Null for what is best shown as it was sent. */
export function formOf(type: string, key: string, context: Context, happened: number | null): string | null {
  const ofType = Object.hasOwn(forms, type) ? forms[type] : undefined;
  const form = ofType && Object.hasOwn(ofType, key) ? ofType[key] : /(?:^|_)bytes$/.test(key) ? bytes : undefined;
  return form?.(context[key], context, happened) ?? null;
}

const joined = (context: Context, keys: string[], separator: string) =>
  keys.flatMap((key) => (Object.hasOwn(context, key) ? (textOf(context[key]) ?? []) : [])).join(separator);

const nameAndVersion = (context: Context) => joined(context, ['name', 'version'], ' ');

const headlines: Record<string, (context: Context) => string> = {
  os: nameAndVersion,
  browser: nameAndVersion,
  runtime: nameAndVersion,
  device: (context) => {
    const model = joined(context, ['manufacturer', 'model'], ' ') || joined(context, ['name'], '');
    return [model, joined(context, ['arch'], '')].filter(Boolean).join(', ');
  },
  app: (context) => {
    const build = joined(context, ['app_build'], '');
    return joined(context, ['app_name', 'app_version'], ' ') + (build && ` (${build})`);
  },
  gpu: (context) => joined(context, ['vendor_name', 'name'], ' '),
  trace: (context) => joined(context, ['op', 'status'], ', '),
  response: (context) => joined(context, ['status_code'], ''),
  culture: (context) => joined(context, ['locale', 'timezone'], ', '),
  cloud_resource: (context) => joined(context, ['cloud.provider', 'cloud.platform', 'cloud.region'], ', '),
};

/** What a context of a known type is, in a few words: `Firefox 140.0`. Empty where there are none. */
export function headlineOf(type: string, context: Context): string {
  return Object.hasOwn(headlines, type) ? (headlines[type]?.(context) ?? '') : '';
}

const titles: Record<string, string> = {
  app: 'App',
  browser: 'Browser',
  cloud_resource: 'Cloud resource',
  client_os: 'System of the client',
  culture: 'Culture',
  device: 'Device',
  gpu: 'GPU',
  memory_info: 'Memory',
  os: 'Operating system',
  otel: 'OpenTelemetry',
  profile: 'Profile',
  replay: 'Replay',
  response: 'Response',
  runtime: 'Runtime',
  state: 'State',
  threadpool_info: 'Thread pool',
  trace: 'Trace',
  unity: 'Unity',
  unreal: 'Unreal Engine',
};
export const titleOf = (name: string): string => (Object.hasOwn(titles, name) ? titles[name] : undefined) ?? name;

/** Ids that people take to other tools. */
export const isId = (key: string): boolean =>
  /^(?:trace|span|parent_span|replay|profile|profiler|session)_id$/.test(key);

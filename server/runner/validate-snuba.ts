import { ConfigurationError } from '../protocol/errors.ts';
import type { Settings } from '../settings/settings.ts';

const READERS = ['search.backend', 'tagstore.backend', 'tsdb.backend'] as const;
const SERVICES = ['eventstream.backend', ...READERS] as const;

/** Backends of one family write and read the same store. A further one (Kafka before ClickHouse) joins by its line here. */
const FAMILIES = { embedded: 'embedded', snuba: 'snuba' } as const;

type BackendSettings = Pick<Settings, (typeof SERVICES)[number] | 'nodestore.backend'>;

/**
 * Are the event stream and what reads from it in sync? Sentry asks only in its debug mode, and there refuses an
 * installation without Snuba even where nothing reads from it. Here it is asked in every mode, and all embedded is sound.
 *
 * @throws {ConfigurationError} they are not, with a box of the four values; or the snuba family is asked for, which is
 *   not in this version
 */
export function validateSnuba(settings: BackendSettings): void {
  const isSnuba = (name: keyof BackendSettings) => FAMILIES[settings[name]] === 'snuba';
  const fault = describeFault(isSnuba('eventstream.backend'), READERS.filter(isSnuba));
  if (fault) throw new ConfigurationError(`${fault}\n${describeBigError(explain(settings, SERVICES.filter(isSnuba)))}`);
  if (isSnuba('nodestore.backend')) {
    throw new ConfigurationError('nodestore.backend is snuba, which is not in this version: set it to embedded.');
  }
}

function describeFault(isWritten: boolean, readers: readonly string[]): string | null {
  if (!isWritten && readers.length === 0) return null;
  if (!isWritten) return `${readers.join(', ')}: on snuba, where the event stream does not write.`;
  if (readers.length < READERS.length) {
    return 'eventstream.backend: on snuba, where search, tagstore and tsdb do not all read.';
  }
  return 'eventstream.backend and its readers: snuba is not in this version.';
}

const explain = (settings: BackendSettings, wrong: readonly string[]) => [
  'The event stream and its readers must be of one family.',
  '',
  ...SERVICES.map((name) => `${name} = ${settings[name]}`),
  '',
  'snuba is not in this version. Change to embedded:',
  ...wrong,
];

const MAX_BAR = 80;

/** A box of `!`, as Sentry's `show_big_error` draws it: each line in its middle. */
export function describeBigError(lines: readonly string[]): string {
  const width = Math.min(Math.max(...lines.map((line) => line.length)), MAX_BAR);
  const bar = '!'.repeat(width + 6);
  const inner = lines.map((line) => {
    const left = ' '.repeat(Math.max(0, Math.floor((width - line.length) / 2)));
    return `!! ${(left + line).padEnd(width)} !!`;
  });
  return ['', bar, ...inner, bar, ''].join('\n');
}

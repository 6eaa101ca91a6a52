import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createMetrics } from '../metrics/metrics.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { initializeConfiguration as initialize } from '../settings/init.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { openCommandServices, type Services } from './services.ts';

/** `STACKMEND_CONF`, else `~/.stackmend`: where the configuration and, by default, the data are. */
const configurationDirectory = () => resolve(process.env['STACKMEND_CONF'] || join(homedir(), '.stackmend'));

/** Writes a configuration with a fresh secret key, unless there is one. */
export const initializeConfiguration = () => initialize(configurationDirectory());

/** @throws {ConfigurationError} no configuration, or a fault in it; the message names the setting */
export const settingsOfEnvironment = (): Settings => readSettings(configurationDirectory(), process.env);

let configured: Promise<Services> | undefined;

/**
 * The one entry of commands: reads the settings, opens the database and builds the services, in this thread. Does so
 * once; a failure can be retried.
 *
 * @throws {ConfigurationError} no configuration, or a fault in it
 */
export function configure(): Promise<Services> {
  configured ??= open();
  configured.catch(() => {
    configured = undefined;
  });
  return configured;
}

async function open(): Promise<Services> {
  const settings = settingsOfEnvironment();
  return explainFaults(openCommandServices(settings, createMetrics()), settings);
}

/** Of a file that cannot be opened the operator is told where it is, and not where in our code it was noticed. */
export async function explainFaults<T>(opening: Promise<T>, settings: Settings): Promise<T> {
  try {
    return await opening;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const code = 'code' in cause ? String(cause.code) : '';
    const isNewer = cause.message.startsWith('corrupted migrations');
    if (!isNewer && !/^(SQLITE_(?!ERROR)|EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|EEXIST)/.test(code)) throw cause;
    const reason = isNewer ? 'they are of a newer Stackmend' : cause.message;
    const message = `The databases in ${settings.dataDirectory} (system.data-directory) cannot be opened: ${reason}.`;
    throw new ConfigurationError(message, { cause });
  }
}

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createMetrics } from '../metrics/metrics.ts';
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
  configured ??= openCommandServices(settingsOfEnvironment(), createMetrics());
  configured.catch(() => {
    configured = undefined;
  });
  return configured;
}

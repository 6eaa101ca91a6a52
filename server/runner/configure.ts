import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createMetrics } from '../metrics/metrics.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { initializeConfiguration as initialize } from '../settings/init.ts';
import { describeSentryName } from '../settings/sentry-names.ts';
import { bootstrapOptions, requireValid, showOptions, validateOptions } from '../settings/settings.ts';
import { type ConfigureSdk, initializeApp, type SetupServices } from './initialize-app.ts';
import { buildEndpoints } from './model-endpoints.ts';
import { openCommandServices, type Services } from './services.ts';
import { validateSnuba } from './validate-snuba.ts';

/** Names that were warned of: once in a process, however often one tries. */
const warned = new Set<string>();
function warn(name: string, text: string): void {
  if (!warned.has(name)) console.error(`stackmend: ${text}`);
  warned.add(name);
}

/** `STACKMEND_CONF`, else Sentry's name for it, else `~/.stackmend`: where configuration and, by default, data are. */
function configurationDirectory(): string {
  const { STACKMEND_CONF: ours, SENTRY_CONF: theirs } = process.env;
  if (theirs) warn('SENTRY_CONF', describeSentryName('SENTRY_CONF', 'STACKMEND_CONF', Boolean(ours)));
  // Sentry's may name the file of code; what counts here is the directory that it is in.
  const theirDirectory = theirs && /\.(?:py|conf)$/.test(theirs) ? dirname(theirs) : theirs;
  return resolve(ours || theirDirectory || join(homedir(), '.stackmend'));
}

/** Writes a configuration with a fresh secret key, unless there is one. */
export const initializeConfiguration = () => initialize(configurationDirectory());

let configured: Promise<Services> | undefined;

/**
 * The one entry of the server and of commands: finds the configuration and calls `initializeApp`. Does so once, also
 * when asked again meanwhile; a failure can be retried.
 *
 * Sentry registers MIME types of fonts and source maps here; the `send` package knows each of them by now.
 *
 * @param setupServices how the server opens them; commands leave it out and have all in this thread
 * @param configureSdk how the server reports its own errors; commands leave it out
 * @throws {ConfigurationError} no configuration, or a fault in it
 */
export function configure(
  setupServices: SetupServices = openForCommand,
  configureSdk?: ConfigureSdk,
): Promise<Services> {
  configured ??= initializeApp(configurationDirectory(), setupServices, warn, configureSdk);
  configured.catch(() => {
    configured = undefined;
  });
  return configured;
}

const openForCommand: SetupServices = ({ settings }) => openCommandServices(settings, createMetrics());

/** @throws {ConfigurationError} no configuration, or a fault in an option */
export async function showConfiguration() {
  const bootstrapped = await bootstrap();
  return showOptions(bootstrapped, requireValid(bootstrapped));
}

/** The endpoints that are set, without any service. @throws {ConfigurationError} no configuration, or a fault in an option */
export async function configuredEndpoints() {
  return buildEndpoints(requireValid(await bootstrap()), createMetrics());
}

/** @returns one line for each fault that would stop a start before it opens anything */
export async function checkConfiguration(): Promise<string[]> {
  try {
    const result = validateOptions(await bootstrap());
    if ('faults' in result) return result.faults;
    validateSnuba(result.settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n', 1);
    throw error;
  }
}

async function bootstrap() {
  const bootstrapped = await bootstrapOptions(configurationDirectory(), process.env);
  for (const { name, text } of bootstrapped.warnings) warn(name, text);
  return bootstrapped;
}

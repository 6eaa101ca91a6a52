import { type Logger, pino } from 'pino';
import { bootstrapOptions, requireValid, type Settings } from '../settings/settings.ts';
import type { Services } from './services.ts';
import { validateSnuba } from './validate-snuba.ts';

/** What services are built of. */
type App = { settings: Settings; log: Logger };
/** Validates and sets up every service; a failure names the one that failed. */
export type SetupServices = (app: App) => Promise<Services>;

/**
 * Everything between the files and running services, in this order: options of files and environment (Sentry's names
 * among them), validation of each, the log (whose level is an option, so not earlier), the backends together, services.
 *
 * @param warn gets one line for each setting that is in Sentry's name
 * @throws {ConfigurationError} a fault in the configuration, which it names
 */
export async function initializeApp(
  directory: string,
  setupServices: SetupServices,
  warn: (name: string, text: string) => void,
): Promise<Services> {
  const bootstrapped = await bootstrapOptions(directory, process.env);
  for (const { name, text } of bootstrapped.warnings) warn(name, text);
  const settings = requireValid(bootstrapped);
  const log = pino({ level: settings['logging.level'] });
  validateSnuba(settings);
  return setupServices({ settings, log });
}

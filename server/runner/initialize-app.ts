import { type Logger, pino } from 'pino';
import { ConfigurationError } from '../protocol/errors.ts';
import { NO_SDK, type Sdk } from '../sdk/configure-sdk.ts';
import { bootstrapOptions, requireValid, type Settings } from '../settings/settings.ts';
import type { Services } from './services.ts';
import { validateSnuba } from './validate-snuba.ts';

/** What services are built of. */
type App = { settings: Settings; log: Logger };
/** Starts what reports our own errors. */
export type ConfigureSdk = (app: App) => Promise<Sdk>;
/** How long a start that failed may take to tell. */
const REPORT_MS = 2000;
/** Validates and sets up every service; a failure names the one that failed. */
export type SetupServices = (app: App & { sdk: Sdk }) => Promise<Services>;

/**
 * Everything between the files and running services, in this order: options of files and environment (Sentry's names
 * among them), validation of each, the log (whose level is an option, so not earlier), the backends together, the SDK,
 * services.
 *
 * @param warn gets one line for each setting that is in Sentry's name
 * @param configureSdk how the server reports its own errors; commands leave it out
 * @throws {ConfigurationError} a fault in the configuration, which it names
 */
export async function initializeApp(
  directory: string,
  setupServices: SetupServices,
  warn: (name: string, text: string) => void,
  configureSdk: ConfigureSdk = async () => NO_SDK,
): Promise<Services> {
  const bootstrapped = await bootstrapOptions(directory, process.env);
  for (const { name, text } of bootstrapped.warnings) warn(name, text);
  const settings = requireValid(bootstrapped);
  const log = pino({ level: settings['logging.level'] });
  validateSnuba(settings);
  const sdk = await configureSdk({ settings, log });
  try {
    return await setupServices({ settings, log, sdk });
  } catch (error) {
    // What the operator is told to mend is no fault of ours.
    if (!(error instanceof ConfigurationError)) sdk.captureException(error);
    await sdk.close(REPORT_MS);
    throw error;
  }
}

import type { Metrics } from '../metrics/metrics.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Validates and sets up one service, and tells how long that took: a migration of much data may take minutes. A failure names the service; of a file that cannot be opened the operator is told
 * where it is, and not where in our code it was noticed.
 *
 * @throws {ConfigurationError} what the operator can mend; anything else is an Error with the fault as its cause
 */
export async function setupService<T>(
  name: string,
  { dataDirectory }: Settings,
  metrics: Pick<Metrics, 'timer'>,
  setup: () => T | Promise<T>,
): Promise<T> {
  try {
    return await metrics.timer('setup.duration', setup, { service: name });
  } catch (cause) {
    const reason = describeReason(cause);
    if (!reason) throw new Error(`The ${name} service could not be set up.`, { cause });
    const message = `The ${name} in ${dataDirectory} (system.data-directory) cannot be opened: ${reason}.`;
    throw new ConfigurationError(message, { cause });
  }
}

function describeReason(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  if (cause.message.startsWith('corrupted migrations')) return 'it is of a newer Stackmend';
  const code = 'code' in cause ? String(cause.code) : '';
  const isMendable = /^(SQLITE_(?!ERROR)|EACCES|EPERM|EROFS|ENOSPC|ENOTDIR|EISDIR|EEXIST)/.test(code);
  return isMendable ? cause.message : null;
}

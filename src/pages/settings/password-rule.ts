import { MIN_PASSWORD_LENGTH } from '../../../server/protocol/contract.ts';

/**
 * What can be said about a new password before the server sees it.
 *
 * @param field what the fault goes under
 */
export function passwordFault<F extends string>(field: F, password: string): Partial<Record<F, string>> {
  // In characters as people count them, as the server counts.
  const length = [...password.normalize('NFC')].length;
  if (length >= MIN_PASSWORD_LENGTH) return {};
  const fault: Partial<Record<F, string>> = {};
  fault[field] =
    length === 0 ? 'Choose a password.' : `At least ${MIN_PASSWORD_LENGTH} characters; this has ${length}.`;
  return fault;
}

import type { Activity } from '../../../server/protocol/contract.ts';

/** The release in which an issue came back last; null when its event named none. @param activities newest first */
export function regressedIn(activities: readonly Activity[]): string | null {
  const release = activities.find(({ type }) => type === 'set_regression')?.data['release'];
  return typeof release === 'string' && release !== '' ? release : null;
}

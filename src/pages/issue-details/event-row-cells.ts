import type { EventRow } from '../../../server/protocol/contract.ts';

/** Tags that are columns anyway. */
export const ownColumns = ['release', 'environment', 'user'];

export const tagOf = (event: EventRow, key: string): string => event.tags.find((tag) => tag.key === key)?.value ?? '';

/** Who it happened to, by the first that is known; the tag says `id:17`. */
export function userOf(event: EventRow): string {
  const user = event.user ?? {};
  for (const name of ['email', 'username', 'name', 'id', 'ip_address', 'ipAddress']) {
    const value = Object.hasOwn(user, name) ? user[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return tagOf(event, 'user');
}

import { PERMISSIONS, type Permission } from '../protocol/contract.ts';
import { BadRequestError } from '../protocol/errors.ts';

/** What the first user has, and the one user of a server without users. */
export const ALL: ReadonlySet<Permission> = new Set(PERMISSIONS);

/** A new user reads and triages. */
export const NEW_USER_PERMISSIONS: readonly Permission[] = [
  'event:read',
  'event:write',
  'attachment:read',
  'project:read',
  'org:read',
];

/** All that each includes, at any depth. What is not here includes itself alone. */
const INCLUDED: Partial<Record<Permission, Permission[]>> = {
  'event:write': ['event:read'],
  'event:admin': ['event:write', 'event:read'],
  'project:write': ['project:read'],
  'project:admin': ['project:write', 'project:read'],
  'ai:admin': ['ai:suggest'],
};

/** Permissions with all that they include: who may write may read. */
export function expand(given: Iterable<Permission>): ReadonlySet<Permission> {
  return new Set([...given].flatMap((permission) => [permission, ...(INCLUDED[permission] ?? [])]));
}

/** What a token may do: what both its scopes and its user's permissions include. */
export function inBoth(one: Iterable<Permission>, other: Iterable<Permission>): ReadonlySet<Permission> {
  const allowed = expand(other);
  return new Set([...expand(one)].filter((permission) => allowed.has(permission)));
}

export const isPermission = (text: string): text is Permission => PERMISSIONS.some((known) => known === text);

/**
 * Sentry keeps whatever is typed, so that a mistyped permission is there and gives nothing (sentry-behaviour 6.2).
 *
 * @throws {BadRequestError} unknown; the message lists all
 */
export function parsePermission(text: string): Permission {
  if (isPermission(text)) return text;
  throw new BadRequestError(`There is no permission "${text.slice(0, 64)}". There are: ${PERMISSIONS.join(', ')}.`);
}

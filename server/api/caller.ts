import type { Request } from 'express';
import type { Auth } from '../auth/auth.ts';
import type { Identity, User } from '../auth/identity.ts';
import { PERMISSIONS, type Permission, type User as UserBody } from '../protocol/contract.ts';
import { ForbiddenError, UnauthorizedError } from '../protocol/errors.ts';
import type { Author } from '../storage/activity.ts';
import { LOCAL_USER } from '../storage/triage.ts';
import { requireIdentity } from './permit.ts';
import { toMember } from './serialize.ts';

/** Who asks, as the API shows them. Who is no user of the table (`local`, `operator`) is named for what it is. */
export async function toCaller(auth: Pick<Auth, 'permissions'>, { kind, user }: Identity): Promise<UserBody> {
  if (user) return toMember({ ...user, permissions: await auth.permissions(user.id) });
  return { id: kind, username: kind, name: null, email: null, isActive: true, permissions: [...PERMISSIONS] };
}

/** Who asks, as what they do is kept under. */
export function toAuthor({ kind, user }: Identity): Author {
  if (user) return { userId: user.id, userName: user.name || user.username };
  return { userId: null, userName: kind === 'local' ? LOCAL_USER : 'operator' };
}

/** The user behind a route's `session` gate. @throws {UnauthorizedError} there is none: the gate is missing */
export function sessionUser(req: Request): { user: User; sessionId: string } {
  const { user, sessionId } = requireIdentity(req);
  if (!user || !sessionId) throw new UnauthorizedError('Sign in on the page.');
  return { user, sessionId };
}

/**
 * Nobody gives what they lack: a token that may manage users alone, or a user who may, could else make itself a user
 * who may do everything.
 *
 * @param what what would be given, as the beginning of a sentence
 * @throws {ForbiddenError} names them in `detail`, and the first of them in `permission`
 */
export function checkMayGive({ permissions }: Identity, given: Iterable<Permission>, what: string): void {
  const lacking = [...given].filter((permission) => !permissions.has(permission));
  const [permission] = lacking;
  if (!permission) return;
  throw new ForbiddenError(`${what} more than you have yourself: ${lacking.join(', ')}.`, { permission });
}

import type { Request, RequestHandler } from 'express';
import { type Identity, identityOf } from '../auth/identity.ts';
import type { Permission } from '../protocol/contract.ts';
import { ForbiddenError, UnauthorizedError } from '../protocol/errors.ts';

/** What a route asks of whoever calls it: a permission, being somebody, a session of the page, or nothing. */
export type Gate = Permission | 'signed-in' | 'session' | 'anyone';

const gates = new WeakMap<RequestHandler, Gate>();

/** The gate that a handler is; a test asks every route of the API for one. */
export const gateOf = (handler: RequestHandler): Gate | undefined => gates.get(handler);

function createGate(gate: Gate, check: (req: Request) => void): RequestHandler {
  const handler: RequestHandler = (req, _res, next) => {
    check(req);
    next();
  };
  gates.set(handler, gate);
  return handler;
}

/**
 * Comes before a route's own handler, and before its body is read.
 *
 * @throws {UnauthorizedError} nobody asks
 * @throws {ForbiddenError} the caller lacks the permission, which the body names in `permission`
 */
export const permit = (permission: Permission): RequestHandler =>
  createGate(permission, (req) => {
    const { kind, permissions } = requireIdentity(req);
    if (permissions.has(permission)) return;
    const who = kind === 'token' ? 'This token, or its user,' : 'You';
    const verb = kind === 'token' ? 'lacks' : 'lack';
    throw new ForbiddenError(`${who} ${verb} the permission ${permission}. Whoever has member:admin can give it.`, {
      permission,
    });
  });

/** Whoever it is, token or session. @throws {UnauthorizedError} nobody asks */
export const signedIn = (): RequestHandler => createGate('signed-in', requireIdentity);

/**
 * A user of the page, for what a token must not do: make another token, change the password that it comes from.
 *
 * @throws {UnauthorizedError} nobody asks
 * @throws {ForbiddenError} a token, or a server without users, asks
 */
export const session = (): RequestHandler =>
  createGate('session', (req) => {
    const { kind } = requireIdentity(req);
    if (kind === 'session') return;
    throw new ForbiddenError(
      kind === 'token'
        ? 'A token cannot do this. Sign in on the page.'
        : 'This server has no users yet. Make the first one in its settings.',
    );
  });

/** Says that a route is open on purpose. */
export const anyone = (): RequestHandler => createGate('anyone', () => {});

/** @throws {UnauthorizedError} nobody asks */
export function requireIdentity(req: Request): Identity {
  const identity = identityOf(req);
  if (!identity) throw new UnauthorizedError('Sign in, or send an API token as "Authorization: Bearer <token>".');
  return identity;
}

import type { Request, RequestHandler } from 'express';
import type { Auth } from '../auth/auth.ts';
import { type Identity, identityOf, setIdentity } from '../auth/identity.ts';
import { ALL } from '../auth/permissions.ts';
import { UnauthorizedError } from '../protocol/errors.ts';
import { bearerOf } from './same-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

export type IdentifyDeps = {
  auth: Pick<Auth, 'hasUsers' | 'fromSession' | 'fromToken'>;
  sessionCookie: Pick<SessionCookie, 'read'>;
  /** Only this machine can reach the server. */
  isLoopback: boolean;
};

const LOCAL: Identity = { kind: 'local', user: null, permissions: ALL, sessionId: null };

/**
 * Says who asks: by the token, else by the session's cookie, else the local user of a server without users. Comes after
 * `guard`, which has made sure that such a request is from this machine.
 *
 * @throws {UnauthorizedError} a token was given and is not valid, and there are users
 */
export function identify(deps: IdentifyDeps): RequestHandler {
  return async (req, _res, next) => {
    // A command's own requests come with theirs.
    const identity = identityOf(req) ? null : await whoAsks(req, deps);
    if (identity) setIdentity(req, identity);
    next();
  };
}

async function whoAsks(req: Request, { auth, sessionCookie, isLoopback }: IdentifyDeps): Promise<Identity | null> {
  const token = bearerOf(req);
  if (token !== null) {
    const identity = token === '' ? null : await auth.fromToken(token);
    if (identity) return identity;
    // Sentry's tools call nobody without one. Whoever may do all without a token may do no more with any.
    if (isLoopback && !(await auth.hasUsers())) return LOCAL;
    throw new UnauthorizedError('This token is not valid: it was revoked, or its user is disabled, or it is mistyped.');
  }
  const cookie = sessionCookie.read(req);
  const identity = cookie === null ? null : await auth.fromSession(cookie);
  if (identity) return identity;
  return isLoopback && !(await auth.hasUsers()) ? LOCAL : null;
}

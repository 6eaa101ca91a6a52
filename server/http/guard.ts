import type { Request, RequestHandler } from 'express';
import type { Auth } from '../auth/auth.ts';
import { identityOf } from '../auth/identity.ts';
import { localFault } from './local-only.ts';
import { RefusedError } from './refused-error.ts';
import { isRead, originFault } from './same-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

export type GuardDeps = {
  auth: Pick<Auth, 'hasUsers'>;
  sessionCookie: Pick<SessionCookie, 'read'>;
  /** Only this machine can reach the server. */
  isLoopback: boolean;
  /** Where clients reach the server. */
  url: string;
  /** Can the first user still be made by the link that was printed at the start? */
  isSetupOpen: () => boolean;
};

/**
 * Decides whether a request is answered at all; what it may then do is asked by each route of the API. A server without
 * users has two forms: on loopback it answers this machine alone, whose user it signs in; elsewhere it only lets the
 * first user be made. The first user ends both at once, also one that a command makes: without users they are looked for
 * anew each time, though not for a file of the page, nor for what is beyond doubt local.
 */
export function guard({ auth, sessionCookie, isLoopback, url, isSetupOpen }: GuardDeps): RequestHandler {
  const own = new URL(url).origin;
  return async (req, _res, next) => {
    if (identityOf(req)) return next();
    const fault = isLoopback ? localFault(req) : setupFault(req, isSetupOpen);
    if (fault && !(await auth.hasUsers())) throw fault;
    const foreign = originFault(req, own, sessionCookie.read(req) !== null);
    if (foreign) throw foreign;
    next();
  };
}

/** Why a server elsewhere than on loopback that waits for its first user must not answer this; null: it is part of that. */
function setupFault(req: Request, isSetupOpen: () => boolean): RefusedError | null {
  if (isPartOfSetup(req)) return null;
  const now = isSetupOpen()
    ? 'Open the setup link that it printed when it started'
    : 'The setup link that it printed has expired: restart it for a new one';
  return new RefusedError(
    'Stackmend waits for its first user',
    `This server has no users yet, and serves nothing but the taking of events. ${now}, or make the first user where it runs, with \`stackmend users create\`.`,
  );
}

function isPartOfSetup(req: Request): boolean {
  const { method, path } = req;
  if (path.startsWith('/api')) {
    return isRead(req) ? /^\/api\/0\/?$/.test(path) : method === 'POST' && /^\/api\/0\/setup\/?$/.test(path);
  }
  return isRead(req) && (/^\/welcome\/?$/.test(path) || /\.[a-z0-9]+$/i.test(path));
}

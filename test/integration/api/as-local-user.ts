import type { RequestHandler } from 'express';
import { setIdentity } from '../../../server/auth/identity.ts';
import { ALL } from '../../../server/auth/permissions.ts';

/** For a test that mounts some routes without what says who asks. */
export const asLocalUser: RequestHandler = (req, _res, next) => {
  setIdentity(req, { kind: 'local', user: null, permissions: ALL, sessionId: null });
  next();
};

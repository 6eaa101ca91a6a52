import { type Request, Router } from 'express';
import * as z from 'zod';
import { type Identity, identityOf } from '../auth/identity.ts';
import { type ApiIndex, PERMISSIONS, type User } from '../protocol/contract.ts';
import { BadRequestError, ForbiddenError } from '../protocol/errors.ts';
import { toCaller } from './caller.ts';
import { jsonBody, parseBody } from './parse-request.ts';
import { anyone, requireIdentity, signedIn } from './permit.ts';
import type { ApiServices } from './services.ts';

const loginSchema = z.object({ username: z.string(), password: z.string() });
const logoutSchema = z.object({ all: z.boolean().optional() });
const setupSchema = z.strictObject({
  token: z.string(),
  username: z.string(),
  email: z.string().nullish(),
  name: z.string().nullish(),
  password: z.string(),
});

/** Who asks; signing in and out; making the first user with the link that the server printed. */
export function authRoutes(services: Pick<ApiServices, 'auth' | 'sessionCookie' | 'setupLink'>): Router {
  const { auth, sessionCookie, setupLink } = services;
  const router = Router();

  async function toIndex(identity: Identity | null): Promise<ApiIndex> {
    return {
      version: '0',
      auth: identity && { scopes: PERMISSIONS.filter((permission) => identity.permissions.has(permission)) },
      user: identity && forTools(identity, await toCaller(auth, identity)),
      state: (await auth.hasUsers()) ? 'users' : setupLink ? 'setup' : 'local',
    };
  }

  /** Whoever signs in again does so instead of who they were: the session of before is worth nothing from now on. */
  async function endSessionOf(req: Request): Promise<void> {
    const sessionId = identityOf(req)?.sessionId;
    if (sessionId) await auth.logOut(sessionId);
  }

  router.get('/', anyone(), async (req, res) => {
    res.json(await toIndex(identityOf(req)));
  });

  router.post('/auth/login/', anyone(), jsonBody, async (req, res) => {
    const { username, password } = parseBody(loginSchema, req);
    const { cookie, identity } = await auth.logIn({ username, password, address: req.ip ?? '' });
    await endSessionOf(req);
    sessionCookie.set(res, cookie);
    res.json(await toIndex(identity));
  });

  router.delete('/auth/', signedIn(), jsonBody, async (req, res) => {
    const { all = false } = parseBody(logoutSchema, req);
    const { user, sessionId } = requireIdentity(req);
    if (!user || !sessionId) {
      throw new BadRequestError('There is no session here to end. A token is revoked in the settings of its user.');
    }
    await (all ? auth.logOutEverywhere(user.id) : auth.logOut(sessionId));
    sessionCookie.clear(res);
    res.status(204).end();
  });

  router.post('/setup/', anyone(), jsonBody, async (req, res) => {
    const { token, ...added } = parseBody(setupSchema, req);
    if (!setupLink?.isValid(token)) {
      throw new ForbiddenError(
        'This setup link was used, is older than 30 minutes, or is incomplete. Without users, a restart of the server prints a new one.',
      );
    }
    const { user } = await auth.createFirstUser(added);
    setupLink.use();
    const { cookie, identity } = await auth.startSession(user.id);
    sessionCookie.set(res, cookie);
    res.status(201).json(await toIndex(identity));
  });

  return router;
}

/** sentry-cli, which comes with a token, takes nothing but a text for the e-mail. */
const forTools = ({ kind }: Identity, user: User): User =>
  kind === 'token' ? { ...user, email: user.email ?? '' } : user;

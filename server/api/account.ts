import { Router } from 'express';
import * as z from 'zod';
import { sessionUser, toCaller } from './caller.ts';
import { jsonBody, parseBody } from './parse-request.ts';
import { requireIdentity, session, signedIn } from './permit.ts';
import { toMember } from './serialize.ts';
import type { ApiServices } from './services.ts';

const updateSchema = z.strictObject({ name: z.string().nullish(), email: z.string().nullish() });
/** Sentry's names of its account form. */
const passwordSchema = z.object({ password: z.string(), passwordNew: z.string() });

/** One's own name, e-mail and password. */
export function accountRoutes({ auth }: Pick<ApiServices, 'auth'>): Router {
  const router = Router();

  router.get('/users/me/', signedIn(), async (req, res) => {
    res.json(await toCaller(auth, requireIdentity(req)));
  });

  router.put('/users/me/', session(), jsonBody, async (req, res) => {
    const { id } = sessionUser(req).user;
    const user = await auth.updateUser(id, parseBody(updateSchema, req));
    res.json(toMember({ ...user, permissions: await auth.permissions(id) }));
  });

  /** This session goes on; whoever else is signed in as this user is so no longer. */
  router.put('/users/me/password/', session(), jsonBody, async (req, res) => {
    const { user, sessionId } = sessionUser(req);
    const { password, passwordNew } = parseBody(passwordSchema, req);
    await auth.changePassword(user.id, password, passwordNew, sessionId);
    res.status(204).end();
  });

  return router;
}

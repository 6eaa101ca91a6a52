import { Router } from 'express';
import * as z from 'zod';
import { NotFoundError } from '../protocol/errors.ts';
import { sessionUser } from './caller.ts';
import { jsonBody, parseBody, parseRequest } from './parse-request.ts';
import { session } from './permit.ts';
import { toApiToken } from './serialize.ts';
import type { ApiServices } from './services.ts';

const createSchema = z.strictObject({ name: z.string(), scopes: z.array(z.string()).max(100) });
const params = z.object({ tokenId: z.string() });

/** One's own tokens. Only a session manages them: a token that is stolen must not make others that outlive it. */
export function apiTokenRoutes({ auth }: Pick<ApiServices, 'auth'>): Router {
  const router = Router();

  router.get('/api-tokens/', session(), async (req, res) => {
    res.json((await auth.tokens(sessionUser(req).user.id)).map(toApiToken));
  });

  /**
   * The answer alone has the token. Its scopes may go beyond what its user may do: at each use, what counts is what both
   * have then, so that a permission that is given later works without a new token, and one that is taken away is gone.
   */
  router.post('/api-tokens/', session(), jsonBody, async (req, res) => {
    const { token, row } = await auth.createToken(sessionUser(req).user.id, parseBody(createSchema, req));
    res.status(201).json({ ...toApiToken(row), token });
  });

  router.delete('/api-tokens/:tokenId/', session(), async (req, res) => {
    const { tokenId } = parseRequest(params, req.params);
    const isRevoked = /^\d{1,15}$/.test(tokenId) && (await auth.revokeToken(sessionUser(req).user.id, Number(tokenId)));
    if (!isRevoked) throw new NotFoundError(`You have no token ${tokenId}. It may have been revoked already.`);
    res.status(204).end();
  });

  return router;
}

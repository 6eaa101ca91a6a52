import { type Request, Router } from 'express';
import * as z from 'zod';
import type { Member } from '../auth/auth.ts';
import { parsePermission } from '../auth/permissions.ts';
import { NotFoundError } from '../protocol/errors.ts';
import { checkMayGive } from './caller.ts';
import { parseRequest } from './parse-request.ts';
import { permit, requireIdentity } from './permit.ts';
import type { ApiServices } from './services.ts';

const PERMISSIONS = '/users/:userId/permissions/';
const userParams = z.object({ userId: z.string() });
const params = z.object({ permission: z.string() });

/** Sentry's paths. What a permission includes is not listed, and cannot be taken away by itself. */
export function userPermissionRoutes({ auth }: Pick<ApiServices, 'auth'>): Router {
  const router = Router();

  /** By id, or `me`. */
  async function userOf(req: Request): Promise<Member> {
    const { userId } = parseRequest(userParams, req.params);
    const id = userId === 'me' ? requireIdentity(req).user?.id : /^\d{1,15}$/.test(userId) ? Number(userId) : undefined;
    const user = id === undefined ? null : await auth.user(id);
    if (!user) throw new NotFoundError(`There is no user ${userId}.`);
    return user;
  }

  const permissionOf = (req: Request) => parsePermission(parseRequest(params, req.params).permission);

  router.get(PERMISSIONS, permit('member:admin'), async (req, res) => {
    res.json((await userOf(req)).permissions);
  });

  router.post(`${PERMISSIONS}:permission/`, permit('member:admin'), async (req, res) => {
    const { id } = await userOf(req);
    const permission = permissionOf(req);
    checkMayGive(requireIdentity(req), [permission], 'You cannot give');
    const isAdded = await auth.addPermission(id, permission);
    res.status(isAdded ? 201 : 200).end();
  });

  router.delete(`${PERMISSIONS}:permission/`, permit('member:admin'), async (req, res) => {
    const { id, username } = await userOf(req);
    const permission = permissionOf(req);
    if (!(await auth.removePermission(id, permission))) {
      throw new NotFoundError(`${username} does not have the permission ${permission}.`);
    }
    res.status(204).end();
  });

  return router;
}

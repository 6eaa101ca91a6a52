import { type Request, Router } from 'express';
import * as z from 'zod';
import type { Member } from '../auth/auth.ts';
import type { Identity } from '../auth/identity.ts';
import { NEW_USER_PERMISSIONS, parsePermission } from '../auth/permissions.ts';
import { ConflictError, NotFoundError } from '../protocol/errors.ts';
import { checkMayGive } from './caller.ts';
import { jsonBody, parseBody, parseRequest } from './parse-request.ts';
import { permit, requireIdentity } from './permit.ts';
import type { Scope } from './scope.ts';
import { toMember } from './serialize.ts';
import type { ApiServices } from './services.ts';

const MEMBERS = '/organizations/:organization/members/';

const createSchema = z.strictObject({
  username: z.string(),
  email: z.string().nullish(),
  name: z.string().nullish(),
  password: z.string().nullish(),
  permissions: z.array(z.string()).max(100).optional(),
});
/** `password: true` has one made, and answered this once. */
const changeSchema = z.strictObject({
  isActive: z.boolean().optional(),
  password: z.union([z.literal(true), z.string()], 'should be a text, or true to have one made').optional(),
});
const params = z.object({ userId: z.string() });

/** Users, for whoever manages them. They are never deleted, as what they did keeps naming them: they are disabled. */
export function memberRoutes({ auth }: Pick<ApiServices, 'auth'>, scope: Pick<Scope, 'organization'>): Router {
  const router = Router();

  async function memberOf(req: Request): Promise<Member> {
    await scope.organization(req);
    const { userId } = parseRequest(params, req.params);
    const member = /^\d{1,15}$/.test(userId) ? await auth.user(Number(userId)) : null;
    if (!member) throw new NotFoundError(`There is no user ${userId}.`);
    return member;
  }

  router.get(MEMBERS, permit('member:admin'), async (req, res) => {
    await scope.organization(req);
    res.json((await auth.users()).map(toMember));
  });

  router.post(MEMBERS, permit('member:admin'), jsonBody, async (req, res) => {
    await scope.organization(req);
    const { permissions: asked, ...user } = parseBody(createSchema, req);
    const permissions = asked?.map(parsePermission) ?? NEW_USER_PERMISSIONS;
    checkMayGive(requireIdentity(req), permissions, 'This user would have');
    const created = await auth.createUser({ ...user, permissions });
    // As stored: the first user has got all, whatever was asked.
    const member = { ...created.user, permissions: await auth.permissions(created.user.id) };
    res.status(201).json({ ...toMember(member), password: created.password });
  });

  router.put(`${MEMBERS}:userId/`, permit('member:admin'), jsonBody, async (req, res) => {
    const member = await memberOf(req);
    const { isActive, password } = parseBody(changeSchema, req);
    checkIsAnother(requireIdentity(req), member, { isActive, password });
    if (password !== undefined) {
      checkMayGive(
        requireIdentity(req),
        member.permissions,
        'Whoever sets a password can sign in with it. This user has',
      );
    }
    // Before the password: what is refused after it would keep one that was made from who must be told it.
    if (isActive !== undefined) await auth.setActive(member.id, isActive);
    const made = password === undefined ? null : await auth.setPassword(member.id, password === true ? null : password);
    res.json({ ...toMember((await auth.user(member.id)) ?? member), ...(made !== null && { password: made }) });
  });

  return router;
}

/** @throws {ConflictError} one's own: nobody locks themselves out, and one's own password asks for the current one */
function checkIsAnother(
  { user }: Identity,
  { id }: Member,
  { isActive, password }: z.infer<typeof changeSchema>,
): void {
  if (user?.id !== id) return;
  if (isActive === false) throw new ConflictError('This is you. Somebody else who manages users can disable you.');
  if (password !== undefined) {
    throw new ConflictError('This is you. Change your password in your account, with the current one.');
  }
}

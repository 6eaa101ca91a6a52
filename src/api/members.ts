import { queryOptions } from '@tanstack/react-query';
import {
  createdUserSchema,
  type Permission,
  type User,
  userSchema,
  usersSchema,
} from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { organization } from './projects.ts';

const membersPath = `/organizations/${organization}/members/`;
const memberPath = (id: string) => `${membersPath}${encodeURIComponent(id)}/`;
const permissionPath = (id: string, permission: string) =>
  `/users/${encodeURIComponent(id)}/permissions/${encodeURIComponent(permission)}/`;

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => apiClient.get(membersPath, usersSchema, { signal }),
});

/** Without a password the server makes one, and without permissions it gives those of a new user. */
export type NewMember = {
  username: string;
  email?: string;
  name?: string;
  password?: string;
  permissions?: Permission[];
};
/** A user as the server has just made it; `password` where the server made that too, and never again. */
export type CreatedMember = User & { password?: string | null };

/** The first one may be made by whoever opens the page of a server without users; it gets every permission. */
export const addMember = (member: NewMember): Promise<CreatedMember> =>
  apiClient.post(membersPath, member, createdUserSchema);

/** Disabling ends the user's sessions; its tokens stop working with it. */
export const setMemberActive = (id: string, isActive: boolean): Promise<User> =>
  apiClient.put(memberPath(id), { isActive }, userSchema);

/** @param password `true`: the server makes one. Ends the user's sessions. */
export const resetPassword = (id: string, password: string | true): Promise<CreatedMember> =>
  apiClient.put(memberPath(id), { password }, createdUserSchema);

/**
 * Makes a user's permissions from what they were into what they are to be. Gives before it takes, so that nobody is
 * without any in between; at the first refusal it stops, with what was changed until then.
 */
export async function changePermissions(id: string, from: readonly string[], to: readonly string[]): Promise<void> {
  for (const added of to) if (!from.includes(added)) await apiClient.post(permissionPath(id, added));
  for (const taken of from) if (!to.includes(taken)) await apiClient.delete(permissionPath(id, taken));
}

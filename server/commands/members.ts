import type { ApiClient } from '../api/api-client.ts';
import { type User, usersSchema } from '../protocol/contract.ts';
import { CommandError, ORGANIZATION, parseAnswer } from './context.ts';

export const MEMBERS = `/organizations/${ORGANIZATION}/members/`;

/** Users with their permissions, by name. */
export const listMembers = async (api: ApiClient): Promise<User[]> => parseAnswer(usersSchema, await api.get(MEMBERS));

/**
 * By name first, then, of what has an `@`, by e-mail; both without regard to case, as in Sentry's command. That one finds
 * nobody whose password is unusable, and manages superusers alone (sentry-behaviour 6.2): here whoever is listed is found,
 * disabled or not, since there are no superusers, only permissions. Nobody is found by number: that is a user name too.
 *
 * @throws {CommandError} nobody
 */
export async function findMember(api: ApiClient, text: string): Promise<User> {
  const wanted = text.trim().toLowerCase();
  const members = await listMembers(api);
  const found =
    members.find(({ username }) => username.toLowerCase() === wanted) ??
    (wanted.includes('@') ? members.find(({ email }) => email?.toLowerCase() === wanted) : undefined);
  if (found) return found;
  throw new CommandError(`No user matching \`${text}\`. \`stackmend users list\` names all.`);
}

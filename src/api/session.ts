import { queryOptions, useQuery } from '@tanstack/react-query';
import { type ApiIndex, apiIndexSchema, type Permission } from '../../server/protocol/contract.ts';
import { apiClient, sendRequest } from './api-client.ts';

/** Who asks, with what is allowed to them in effect, and whether the server has users. Open to nobody in particular. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => apiClient.get('/', apiIndexSchema, { signal }),
  staleTime: 60_000,
});

/** Is this query about anything else? Such belongs to who was signed in as it was asked. */
export const isOther = ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
  queryKey[0] !== sessionQuery.queryKey[0];

/** Must somebody sign in, or be made, before anything else answers? */
export const isNobody = ({ state, user }: ApiIndex): boolean => state === 'setup' || (state === 'users' && !user);

/**
 * May whoever looks at the page do this? Undefined while the server has not said, or nobody is signed in any more: that
 * counts as yes, so that no control is seen to turn off and on. The server decides anyway.
 */
export function useCan(permission: Permission): boolean | undefined {
  const { data } = useQuery(sessionQuery);
  return data?.auth?.scopes.includes(permission);
}

/** Why somebody cannot do a thing, and who could change it. */
const wordsOfDenial = (permission: Permission): string =>
  `You need the permission ${permission}. Whoever has member:admin can give it.`;

/** The words for `whyNot` of a control; null where it may be used. */
export function useWhyNot(permission: Permission): string | null {
  return useCan(permission) === false ? wordsOfDenial(permission) : null;
}

/** @param username or e-mail. @throws {ApiError} 401 wrong; 429 too often, with `retryAfter` */
export const logIn = (credentials: { username: string; password: string }): Promise<ApiIndex> =>
  apiClient.post('/auth/login/', credentials, apiIndexSchema);

/** Makes the first user, who is signed in with it. @throws {ApiError} 403 the link was used or is too old */
export const createFirstUser = (first: {
  token: string;
  username: string;
  email?: string;
  password: string;
}): Promise<ApiIndex> => apiClient.post('/setup/', first, apiIndexSchema);

/** @param all ends every session of the user, wherever; tokens go on */
export async function logOut({ all = false } = {}): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await sendRequest('/auth/', { method: 'DELETE', headers, body: JSON.stringify({ all }) });
}

import { queryOptions } from '@tanstack/react-query';
import { type User, userSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';

const accountPath = '/users/me/';

/** Who is signed in, with name and e-mail. A server without users has nobody here. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => apiClient.get(accountPath, userSchema, { signal }),
});

/** An empty text takes away what was there. */
export const updateAccount = (change: { name: string; email: string }): Promise<User> =>
  apiClient.put(accountPath, change, userSchema);

/** Ends one's other sessions; this one goes on. */
export const changePassword = (change: { password: string; passwordNew: string }): Promise<void> =>
  apiClient.put(`${accountPath}password/`, change);

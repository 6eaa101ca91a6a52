import { queryOptions } from '@tanstack/react-query';
import { type ApiToken, apiTokenSchema, apiTokensSchema, type Permission } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';

const tokensPath = '/api-tokens/';

/** One's own, newest first as the server orders them. */
export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => apiClient.get(tokensPath, apiTokensSchema, { signal }),
});

/** The answer alone has the token itself. */
export const createToken = (token: { name: string; scopes: Permission[] }): Promise<ApiToken> =>
  apiClient.post(tokensPath, token, apiTokenSchema);

export const revokeToken = (id: string): Promise<void> => apiClient.delete(`${tokensPath}${encodeURIComponent(id)}/`);

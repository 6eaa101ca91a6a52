import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { aiCallSchema, aiCallsSchema } from '../../server/protocol/contract.ts';
import { apiClient, apiUrl, type Query } from './api-client.ts';
import { organization } from './projects.ts';

const callsPath = `/organizations/${organization}/ai-calls/`;

/** What narrows the ledger; empty: nothing. */
export type CallFilter = {
  /** Slug. */
  project: string;
  /** Id of a user, or `local`. */
  user: string;
  /** `success`, `failure`, `aborted`. */
  status: string;
};

const queryOf = ({ project, user, status }: CallFilter): Query => ({
  project: project || undefined,
  user: user || undefined,
  status: status || undefined,
});

/** Calls to models, the newest first, without what was sent and answered. */
export const aiCallsQuery = (filter: CallFilter, cursor: string) =>
  queryOptions({
    queryKey: ['ai-calls', 'list', filter, cursor],
    queryFn: ({ signal }) =>
      apiClient.getPage(callsPath, aiCallsSchema, {
        signal,
        query: { ...queryOf(filter), cursor: cursor || undefined },
      }),
    placeholderData: keepPreviousData,
  });

/** One call with the exact request and answer. */
export const aiCallQuery = (id: string) =>
  queryOptions({
    queryKey: ['ai-calls', id],
    queryFn: ({ signal }) => apiClient.get(`${callsPath}${encodeURIComponent(id)}/`, aiCallSchema, { signal }),
    // What was sent and answered does not change, and is large.
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** Address of all that the filter leaves, a JSON object a line. */
export const aiCallsExportUrl = (filter: CallFilter): string => apiUrl(`${callsPath}export/`, queryOf(filter));

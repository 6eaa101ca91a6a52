import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { tagValueSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { issuePath } from './issues.ts';

const valuesSchema = z.array(tagValueSchema);
const path = (issueId: string, key: string) => `${issuePath(issueId)}tags/${encodeURIComponent(key)}/values/`;

/** Most frequent values of a tag that have a text in them: what a field can be completed with. */
export const tagCompletionQuery = (issueId: string, key: string, part: string) =>
  queryOptions({
    queryKey: ['issues', 'one', issueId, 'tags', key, 'completion', part],
    queryFn: ({ signal }) =>
      apiClient.get(path(issueId, key), valuesSchema, { signal, query: { query: part || undefined, limit: 10 } }),
    staleTime: 60_000,
  });

/** All values of a tag, most frequent first, page after page. */
export const tagValuesQuery = (issueId: string, key: string, part: string) =>
  infiniteQueryOptions({
    queryKey: ['issues', 'one', issueId, 'tags', key, 'values', part],
    queryFn: ({ signal, pageParam }) =>
      apiClient.getPage(path(issueId, key), valuesSchema, {
        signal,
        query: { query: part || undefined, cursor: pageParam || undefined, limit: 100 },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

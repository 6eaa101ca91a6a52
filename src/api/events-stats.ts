import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { eventsStatsSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { type EventFilter, filterParameters } from './event-filter.ts';
import { issuePath } from './issues.ts';

/** Events and users of an issue over time: all, and those that match the filter. The graph before stays until this is there. */
export const eventsStatsQuery = (issueId: string, filter: EventFilter) =>
  queryOptions({
    queryKey: ['issues', 'one', issueId, 'events-stats', filter],
    queryFn: ({ signal }) =>
      apiClient.get(`${issuePath(issueId)}events-stats/`, eventsStatsSchema, {
        signal,
        query: filterParameters(filter),
      }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

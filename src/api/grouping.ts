import { queryOptions } from '@tanstack/react-query';
import { groupingInfoSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';
import { eventGcTime } from './query-client.ts';

/** What the hashes of an event are made of. A stored event's grouping never changes. */
export const groupingInfoQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId, 'grouping-info'],
    queryFn: ({ signal }) =>
      apiClient.get(
        `${projectPath(project)}/events/${encodeURIComponent(eventId)}/grouping-info/`,
        groupingInfoSchema,
        {
          signal,
        },
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: eventGcTime,
  });

import { queryOptions } from '@tanstack/react-query';
import { eventCoverageSchema } from '../../server/protocol/contract-source.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';
import { eventGcTime } from './query-client.ts';

/** Does a test reach the lines that the event's in-app frames stopped at? Another report may come at any time. */
export const eventCoverageQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event-coverage', eventId],
    queryFn: ({ signal }) =>
      apiClient.get(`${projectPath(project)}/events/${encodeURIComponent(eventId)}/coverage/`, eventCoverageSchema, {
        signal,
      }),
    staleTime: 60_000,
    gcTime: eventGcTime,
    retry: false,
  });

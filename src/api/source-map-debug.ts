import { queryOptions } from '@tanstack/react-query';
import type { Symbolicated } from '../../server/protocol/contract.ts';
import { sourceMapDebugSchema, symbolicatedSchema } from '../../server/protocol/contract-source.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';
import { eventGcTime } from './query-client.ts';

const eventPath = (project: string, eventId: string) =>
  `${projectPath(project)}/events/${encodeURIComponent(eventId)}/`;

/** What became of each JavaScript frame. Not for good: an upload a moment ago changes the answer. */
export const sourceMapDebugQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'source-map-debug', eventId],
    queryFn: ({ signal }) =>
      apiClient.get(`${eventPath(project, eventId)}source-map-debug/`, sourceMapDebugSchema, { signal }),
    staleTime: 10_000,
    gcTime: eventGcTime,
  });

/** Maps the frames of an event with what is uploaded by now. */
export const symbolicateAgain = (project: string, eventId: string): Promise<Symbolicated> =>
  apiClient.post(`${eventPath(project, eventId)}symbolicate/`, {}, symbolicatedSchema);

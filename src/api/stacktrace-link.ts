import { queryOptions } from '@tanstack/react-query';
import { stacktraceLinkSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';
import { eventGcTime } from './query-client.ts';

/** What tells one line of one file of one release; null and undefined are left out. */
export type LinkedFrame = {
  file: string | null | undefined;
  lineNo: number | null | undefined;
  absPath?: string | null | undefined;
  module?: string | null | undefined;
  package?: string | null | undefined;
  platform?: string | null | undefined;
  sdkName?: string | null | undefined;
  /** Version of the event's release. */
  release?: string | null | undefined;
  /** Last commit of that release, where it is known. */
  commitId?: string | null | undefined;
};

/** A frame's place in the repository and its line coverage. An event does not change, so one answer is for good. */
export const stacktraceLinkQuery = (project: string, frame: LinkedFrame) => {
  const query = Object.fromEntries(Object.entries(frame).map(([key, value]) => [key, value ?? undefined]));
  return queryOptions({
    queryKey: ['projects', project, 'stacktrace-link', query],
    queryFn: ({ signal }) =>
      apiClient.get(`${projectPath(project)}/stacktrace-link/`, stacktraceLinkSchema, { query, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: eventGcTime,
    retry: false,
  });
};

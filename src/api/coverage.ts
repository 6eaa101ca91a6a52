import { queryOptions } from '@tanstack/react-query';
import { coverageMatchesSchema, coverageReportsSchema } from '../../server/protocol/contract-source.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';

const reportsPath = (project: string) => `${projectPath(project)}/coverage/`;
const reportPath = (project: string, id: string) => `${reportsPath(project)}${encodeURIComponent(id)}/`;

/** Uploaded reports, the newest first. @param project slug */
export const coverageReportsQuery = (project: string) =>
  queryOptions({
    queryKey: ['projects', project, 'coverage'],
    queryFn: ({ signal }) => apiClient.get(reportsPath(project), coverageReportsSchema, { signal }),
  });

/** Which frames of the newest events a report covers. */
export const coverageMatchesQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['projects', project, 'coverage-matches', id],
    queryFn: ({ signal }) => apiClient.get(`${reportPath(project, id)}matches/`, coverageMatchesSchema, { signal }),
    staleTime: 60_000,
  });

export const removeCoverageReport = (project: string, id: string): Promise<void> =>
  apiClient.delete(reportPath(project, id));

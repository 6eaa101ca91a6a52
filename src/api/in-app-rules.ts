import { queryOptions } from '@tanstack/react-query';
import { projectSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';

/** The rules that say which frames are in-app: Sentry's syntax, one a line; empty without any. */
export const inAppRulesQuery = (project: string) =>
  queryOptions({
    queryKey: ['projects', project, 'in-app-rules'],
    queryFn: async ({ signal }) => {
      const { groupingEnhancements } = await apiClient.get(`${projectPath(project)}/`, projectSchema, { signal });
      return groupingEnhancements ?? '';
    },
    staleTime: 0,
  });

/** @throws {ApiError} 400 names the first line that cannot be read: `Line 3: ...` */
export const saveInAppRules = async (project: string, rules: string): Promise<void> => {
  await apiClient.put(`${projectPath(project)}/`, { groupingEnhancements: rules }, projectSchema);
};

import { queryOptions } from '@tanstack/react-query';
import { type AiSettings, aiConsentSchema, aiSettingsSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { projectPath } from './projects.ts';

const settingsPath = (project: string) => `${projectPath(project)}/ai-settings/`;

/** @param project slug */
export const aiSettingsQuery = (project: string) =>
  queryOptions({
    queryKey: ['projects', project, 'ai-settings'],
    queryFn: ({ signal }) => apiClient.get(settingsPath(project), aiSettingsSchema, { signal }),
  });

/** @throws {ApiError} 400 names each rule that cannot be read, a line each: `Line 3: ...` */
export const saveAiSettings = (
  project: string,
  change: Pick<AiSettings, 'localOnly' | 'endpoint' | 'redactionRules'>,
): Promise<AiSettings> => apiClient.put(settingsPath(project), change, aiSettingsSchema);

/** Does who asks let events be sent to a model? */
export const aiConsentQuery = queryOptions({
  queryKey: ['users', 'me', 'ai-consent'],
  queryFn: ({ signal }) => apiClient.get('/users/me/ai-consent/', aiConsentSchema, { signal }),
});

import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod/mini';
import type { CodeMapping, CodeMappingUpdate } from '../../server/protocol/contract.ts';
import { codeMappingSchema, codeMappingsSchema } from '../../server/protocol/contract-source.ts';
import { apiClient } from './api-client.ts';
import { organization, projectPath } from './projects.ts';

const mappingsPath = `/organizations/${organization}/code-mappings/`;
const mappingPath = (id: string) => `${mappingsPath}${encodeURIComponent(id)}/`;

/** @param project slug */
export const codeMappingsQuery = (project: string) =>
  queryOptions({
    queryKey: ['projects', project, 'code-mappings'],
    queryFn: ({ signal }) => apiClient.get(mappingsPath, codeMappingsSchema, { query: { project }, signal }),
  });

/** @throws {ApiError} 400 names the field: `repositoryPath: ...`; 409 the project has one with these roots */
export const addCodeMapping = (mapping: CodeMappingUpdate): Promise<CodeMapping> =>
  apiClient.post(mappingsPath, mapping, codeMappingSchema);

export const changeCodeMapping = (id: string, mapping: CodeMappingUpdate): Promise<CodeMapping> =>
  apiClient.put(mappingPath(id), mapping, codeMappingSchema);

export const removeCodeMapping = (id: string): Promise<void> => apiClient.delete(mappingPath(id));

const proposedRootsSchema = z.looseObject({
  stackRoot: z.string(),
  sourceRoot: z.string(),
  /** The file that was taken for the frame's, and all whose path ends alike. */
  path: z.optional(z.string()),
  candidates: z.optional(z.array(z.string())),
});
export type ProposedRoots = z.infer<typeof proposedRootsSchema>;

/** Both roots by the path of one frame. @throws {ApiError} 400 no file ends like it, or the repository cannot be read */
export const proposeRoots = (
  project: string,
  from: { stackPath: string; repositoryPath: string },
): Promise<ProposedRoots> => apiClient.post(`${projectPath(project)}/repo-path-parsing/`, from, proposedRootsSchema);

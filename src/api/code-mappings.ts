import { queryOptions } from '@tanstack/react-query';
import type { CodeMapping, CodeMappingUpdate, RepoPathParsing } from '../../server/protocol/contract.ts';
import {
  codeMappingSchema,
  codeMappingsSchema,
  repoPathParsingSchema,
  sourceRootsSchema,
} from '../../server/protocol/contract-source.ts';
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

/** Folders below which the server may read checkouts. */
export const sourceRootsQuery = queryOptions({
  queryKey: ['source-roots'],
  queryFn: ({ signal }) => apiClient.get(`/organizations/${organization}/source-roots/`, sourceRootsSchema, { signal }),
});

/** @throws {ApiError} 400 names the field: `repositoryPath: ...`; 409 the project has one with these roots */
export const addCodeMapping = (mapping: CodeMappingUpdate): Promise<CodeMapping> =>
  apiClient.post(mappingsPath, mapping, codeMappingSchema);

export const changeCodeMapping = (id: string, mapping: CodeMappingUpdate): Promise<CodeMapping> =>
  apiClient.put(mappingPath(id), mapping, codeMappingSchema);

export const removeCodeMapping = (id: string): Promise<void> => apiClient.delete(mappingPath(id));

/** Both roots by the path of one frame. @throws {ApiError} 400 no file ends like it, or the repository cannot be read */
export const proposeRoots = (
  project: string,
  from: { stackPath: string; repositoryPath: string },
): Promise<RepoPathParsing> =>
  apiClient.post(`${projectPath(project)}/repo-path-parsing/`, from, repoPathParsingSchema);

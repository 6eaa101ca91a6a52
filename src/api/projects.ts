import { queryOptions } from '@tanstack/react-query';
import {
  type Imported,
  importedSchema,
  ingestStatusSchema,
  type Project,
  type ProjectKey,
  projectKeySchema,
  projectKeysSchema,
  projectSchema,
  projectsSchema,
} from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';

/** There is one organization; its slug stands in every path (Sentry's shape). */
export const organization = 'stackmend';

/** @param slug of a project, as the URL of the page has it: not to be trusted with a slash */
export const projectPath = (slug: string): string => `/projects/${organization}/${encodeURIComponent(slug)}`;

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => apiClient.get(`/organizations/${organization}/projects/`, projectsSchema, { signal }),
  staleTime: 10_000,
});

export const projectKeysQuery = (slug: string) =>
  queryOptions({
    queryKey: ['projects', slug, 'keys'],
    queryFn: ({ signal }) => apiClient.get(`${projectPath(slug)}/keys/`, projectKeysSchema, { signal }),
    staleTime: 60_000,
  });

export type ProjectFields = { name: string; slug: string; platform: string | null };
/** @throws {ApiError} 409 the slug is taken */
export const createProject = (fields: ProjectFields): Promise<Project> =>
  apiClient.post(`/organizations/${organization}/projects/`, fields, projectSchema);
/** @param slug as it is until then @throws {ApiError} 409 the slug is taken */
export const updateProject = (slug: string, change: Partial<ProjectFields>): Promise<Project> =>
  apiClient.put(`${projectPath(slug)}/`, change, projectSchema);

export const createKey = (slug: string, name: string): Promise<ProjectKey> =>
  apiClient.post(`${projectPath(slug)}/keys/`, { name }, projectKeySchema);
export const changeKey = (slug: string, id: string, change: { isActive: boolean }): Promise<ProjectKey> =>
  apiClient.put(`${projectPath(slug)}/keys/${encodeURIComponent(id)}/`, change, projectKeySchema);

/** What the server refused and counted since its start. */
export const ingestStatusQuery = (slug: string) =>
  queryOptions({
    queryKey: ['projects', slug, 'ingest'],
    queryFn: ({ signal }) => apiClient.get(`${projectPath(slug)}/ingest/`, ingestStatusSchema, { signal }),
  });

/** Hands over one event as JSON or an envelope, byte for byte; it is digested like any other. */
export const importEvent = (slug: string, text: string | Blob): Promise<Imported> =>
  apiClient.post(`${projectPath(slug)}/events/`, text, importedSchema);

export const loadSamples = (slug: string): Promise<Imported> =>
  apiClient.post(`${projectPath(slug)}/create-sample/`, {}, importedSchema);

/** The project that something without a choice is about: the named one, else the oldest of the operator's own. */
export function pickProject(
  projects: Project[],
  chosen: { id?: string | null; slug?: string | null } = {},
): Project | null {
  const own = projects.filter((project) => !project.isInternal);
  return (
    projects.find((project) => project.slug === chosen.slug || project.id === chosen.id) ??
    own[0] ??
    projects[0] ??
    null
  );
}

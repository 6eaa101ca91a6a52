import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { ArtifactFiles } from '../../server/protocol/contract.ts';
import { artifactBundlesSchema, artifactFilesSchema } from '../../server/protocol/contract-source.ts';
import { apiClient, sendRequest } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { parseLinkHeader } from './link-header.ts';
import { projectPath } from './projects.ts';

const bundlesPath = (project: string) => `${projectPath(project)}/files/artifact-bundles/`;

/** All that is asked for about the uploads of a project: they change together. */
export const artifactsKey = (project: string) => ['projects', project, 'artifact-bundles'] as const;

/**
 * Uploaded bundles, the newest first.
 *
 * @param query text in a release, dist, bundle id, debug id or file; empty for all
 */
export const artifactBundlesQuery = (project: string, query: string) =>
  infiniteQueryOptions({
    queryKey: [...artifactsKey(project), 'list', query],
    queryFn: ({ signal, pageParam }) =>
      apiClient.getPage(bundlesPath(project), artifactBundlesSchema, {
        signal,
        query: { query: query || undefined, cursor: pageParam || undefined },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Files of one bundle, page after page: a build may have thousands. */
export const artifactFilesQuery = (project: string, bundleId: string) =>
  infiniteQueryOptions({
    queryKey: [...artifactsKey(project), 'files', bundleId],
    queryFn: async ({ signal, pageParam }) => {
      const path = `${projectPath(project)}/artifact-bundles/${encodeURIComponent(bundleId)}/files/`;
      const response = await sendRequest(path, { signal, query: { cursor: pageParam || undefined } });
      const { next } = parseLinkHeader(response.headers.get('Link'));
      return { files: (await parseFiles(response)).files, next };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // A bundle's files are always the same.
    staleTime: Number.POSITIVE_INFINITY,
  });

async function parseFiles(response: Response): Promise<ArtifactFiles> {
  const parsed = artifactFilesSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new ApiError(response.status, "The server's answer was not understood.", { cause: parsed.error });
}

/** Removes a bundle, with every release that it was uploaded for, or all that was uploaded for a release. */
export const deleteUploads = (project: string, which: { bundleId: string } | { release: string }): Promise<void> =>
  apiClient.delete(`${bundlesPath(project)}?${new URLSearchParams(which)}`);

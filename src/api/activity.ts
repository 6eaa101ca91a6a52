import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type Activity,
  activitiesSchema,
  activitySchema,
  actorsSchema,
  releasesSchema,
} from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { issuePath } from './issues.ts';
import { organization, projectPath } from './projects.ts';

const notePath = (issueId: string, noteId: string) => `${issuePath(issueId)}notes/${encodeURIComponent(noteId)}/`;

/** What was done to an issue and written about it, newest first, a hundred at a time. */
export const activitiesQuery = (issueId: string) =>
  infiniteQueryOptions({
    queryKey: ['issues', 'one', issueId, 'activities'],
    queryFn: ({ signal, pageParam }) =>
      apiClient.get(`${issuePath(issueId)}activities/`, activitiesSchema, {
        signal,
        query: { cursor: pageParam || undefined },
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** The activities of all pages that were asked for. While one was read others came: none is there twice. */
export function activitiesOf({ pages }: { pages: { activity: Activity[] }[] }): Activity[] {
  return [...new Map(pages.flatMap(({ activity }) => activity.map((each) => [each.id, each] as const))).values()];
}

/** Changes what is known already, page by page, until it is asked for again. */
export function changeActivities(
  client: QueryClient,
  issueId: string,
  change: (activity: Activity[], page: number) => Activity[],
): void {
  client.setQueryData(
    activitiesQuery(issueId).queryKey,
    (all) =>
      all && { ...all, pages: all.pages.map((page, index) => ({ ...page, activity: change(page.activity, index) })) },
  );
}

/** @param text Markdown */
export const addNote = (issueId: string, text: string): Promise<Activity> =>
  apiClient.post(`${issuePath(issueId)}notes/`, { text }, activitySchema);
/** @throws {ApiError} 403 somebody else's; 404 it was deleted meanwhile */
export const changeNote = (issueId: string, noteId: string, text: string): Promise<Activity> =>
  apiClient.put(notePath(issueId, noteId), { text }, activitySchema);
export const deleteNote = (issueId: string, noteId: string): Promise<void> =>
  apiClient.delete(notePath(issueId, noteId));

/** Who an issue can be assigned to; nobody on a server without users. */
export const assigneesQuery = queryOptions({
  queryKey: ['assignees'],
  queryFn: ({ signal }) => apiClient.get(`/organizations/${organization}/users/`, actorsSchema, { signal }),
  staleTime: 60_000,
});

/** Releases of a project, the newest first. @param slug of the project */
export const releasesQuery = (slug: string) =>
  queryOptions({
    queryKey: ['projects', slug, 'releases'],
    queryFn: ({ signal }) => apiClient.get(`${projectPath(slug)}/releases/`, releasesSchema, { signal }),
    staleTime: 10_000,
  });

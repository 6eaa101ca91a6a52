import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type IssueUpdate, issueSchema, issuesSchema, issueTagsSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { organization } from './projects.ts';

const issuesPath = `/organizations/${organization}/issues/`;
export const issuePath = (id: string): string => `${issuesPath}${encodeURIComponent(id)}/`;

/** What the list asks for; all of it stands in the page's URL. */
export type IssueSearch = {
  query: string;
  sort: string;
  /** `24h`, `14d`, ...; empty: any time. */
  statsPeriod: string;
  /** Id of a project; empty: all. */
  project: string;
  cursor: string;
};

const issuesPerPage = 25;

export const issuesQuery = (search: IssueSearch) =>
  queryOptions({
    queryKey: ['issues', 'list', search],
    queryFn: ({ signal }) =>
      apiClient.getPage(issuesPath, issuesSchema, {
        signal,
        query: {
          query: search.query,
          sort: search.sort,
          statsPeriod: search.statsPeriod || undefined,
          groupStatsPeriod: '24h',
          project: search.project || undefined,
          cursor: search.cursor || undefined,
          limit: issuesPerPage,
        },
      }),
    placeholderData: keepPreviousData,
  });

export const issueQuery = (id: string) =>
  queryOptions({
    queryKey: ['issues', 'one', id],
    queryFn: ({ signal }) => apiClient.get(issuePath(id), issueSchema, { signal }),
  });

export const issueTagsQuery = (id: string) =>
  queryOptions({
    queryKey: ['issues', 'one', id, 'tags'],
    queryFn: ({ signal }) => apiClient.get(`${issuePath(id)}tags/`, issueTagsSchema, { signal }),
  });

/** Changes some issues at once. */
export const updateIssues = (ids: string[], update: IssueUpdate): Promise<void> =>
  apiClient.put(`${issuesPath}?${new URLSearchParams(ids.map((id) => ['id', id]))}`, update);
export const deleteIssue = (id: string) => apiClient.delete(issuePath(id));

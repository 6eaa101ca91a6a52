import { queryOptions } from '@tanstack/react-query';
import { attachmentsSchema, eventSchema } from '../../server/protocol/contract.ts';
import { apiClient, apiUrl, sendRequest } from './api-client.ts';
import { issuePath } from './issues.ts';
import { projectPath } from './projects.ts';

/** Names that stand for an event of the issue. */
const eventAliases = ['recommended', 'latest', 'oldest'] as const;
const isAlias = (name: string) => eventAliases.some((alias) => alias === name);

/** @param event an event id, or one of `eventAliases` */
export const eventQuery = (issueId: string, event: string) =>
  queryOptions({
    queryKey: ['issues', 'one', issueId, 'event', event],
    queryFn: ({ signal }) =>
      apiClient.get(`${issuePath(issueId)}events/${encodeURIComponent(event)}/`, eventSchema, { signal }),
    // A stored event changes never; what is "latest" does.
    staleTime: isAlias(event) ? 5_000 : Number.POSITIVE_INFINITY,
  });

const eventPath = (project: string, eventId: string) =>
  `${projectPath(project)}/events/${encodeURIComponent(eventId)}/`;

/** The event by its project alone: an imported event whose issue is not known yet. */
export const projectEventQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId],
    queryFn: ({ signal }) => apiClient.get(eventPath(project, eventId), eventSchema, { signal }),
  });

export const rawEventUrl = (project: string, eventId: string): string => apiUrl(`${eventPath(project, eventId)}json/`);

/** The stored payload, as text: numbers keep their digits. */
export const rawEventQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId, 'json'],
    queryFn: async ({ signal }) => (await sendRequest(`${eventPath(project, eventId)}json/`, { signal })).text(),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const attachmentsQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId, 'attachments'],
    queryFn: ({ signal }) => apiClient.get(`${eventPath(project, eventId)}attachments/`, attachmentsSchema, { signal }),
  });

export const attachmentUrl = (project: string, eventId: string, attachmentId: string): string =>
  apiUrl(`${eventPath(project, eventId)}attachments/${encodeURIComponent(attachmentId)}/`, { download: 1 });

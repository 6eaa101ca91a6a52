import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { attachmentsSchema, eventRowsSchema, eventSchema } from '../../server/protocol/contract.ts';
import { apiClient, apiUrl, sendRequest } from './api-client.ts';
import { type EventFilter, filterParameters, noFilter } from './event-filter.ts';
import { issuePath } from './issues.ts';
import { projectPath } from './projects.ts';
import { eventGcTime } from './query-client.ts';

/** Names that stand for an event of the issue. */
const eventAliases = ['recommended', 'latest', 'oldest'] as const;
export const isAlias = (name: string) => eventAliases.some((alias) => alias === name);

/**
 * @param event an event id, or one of `eventAliases`
 * @param filter what an alias chooses from, and the neighbours; an event that is named by its id need not match
 */
export const eventQuery = (issueId: string, event: string, filter: EventFilter = noFilter) =>
  queryOptions({
    queryKey: ['issues', 'one', issueId, 'event', event, filterParameters(filter)],
    queryFn: ({ signal }) =>
      apiClient.get(`${issuePath(issueId)}events/${encodeURIComponent(event)}/`, eventSchema, {
        signal,
        query: filterParameters(filter),
      }),
    // A stored event changes never; what is "latest" does, and so does what follows the last one.
    staleTime: ({ state }) => (isAlias(event) || !state.data?.nextEventID ? 5_000 : Number.POSITIVE_INFINITY),
    gcTime: eventGcTime,
  });

export type EventOrder = 'newest' | 'oldest';

/** The table of an issue's events, page after page. */
export const issueEventsQuery = (issueId: string, filter: EventFilter, order: EventOrder) =>
  infiniteQueryOptions({
    queryKey: ['issues', 'one', issueId, 'events', filter, order],
    queryFn: ({ signal, pageParam }) =>
      apiClient.getPage(`${issuePath(issueId)}events/`, eventRowsSchema, {
        signal,
        query: {
          ...filterParameters(filter),
          sort: order === 'oldest' ? 'timestamp' : undefined,
          cursor: pageParam || undefined,
          limit: 100,
        },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // A thousand rows are not asked for again because somebody looked at one of them.
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** Is an event one of the filter's? */
export const isWithinFilterQuery = (issueId: string, eventId: string, filter: EventFilter) =>
  queryOptions({
    queryKey: ['issues', 'one', issueId, 'is-within', eventId, filter],
    queryFn: async ({ signal }) => {
      const query = { ...filterParameters(filter), query: `${filter.query} id:${eventId}`.trim(), limit: 1 };
      const page = await apiClient.getPage(`${issuePath(issueId)}events/`, eventRowsSchema, { signal, query });
      return page.items.length > 0;
    },
    gcTime: eventGcTime,
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
    gcTime: eventGcTime,
  });

export const attachmentsQuery = (project: string, eventId: string) =>
  queryOptions({
    queryKey: ['projects', project, 'event', eventId, 'attachments'],
    queryFn: ({ signal }) => apiClient.get(`${eventPath(project, eventId)}attachments/`, attachmentsSchema, { signal }),
    gcTime: eventGcTime,
  });

export const attachmentUrl = (project: string, eventId: string, attachmentId: string): string =>
  apiUrl(`${eventPath(project, eventId)}attachments/${encodeURIComponent(attachmentId)}/`, { download: 1 });

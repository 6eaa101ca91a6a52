import { queryOptions } from '@tanstack/react-query';
import { placeholdersSchema, type SuggestFeedback } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { type EventPlace, suggestPath } from './suggest.ts';

/**
 * What redaction replaced in the payload that an answer came from, by its placeholder: for text and code on the page alone.
 *
 * @param place the answer's own event, which another of the issue may show
 * @param id of the answer
 */
export const placeholdersQuery = (place: EventPlace, id: string) =>
  queryOptions({
    queryKey: ['projects', place.project, 'suggest-placeholders', place.eventId, id],
    queryFn: async ({ signal }) => {
      const { placeholders } = await apiClient.get(`${suggestPath(place)}placeholders/`, placeholdersSchema, {
        query: { id },
        signal,
      });
      return new Map(Object.entries(placeholders));
    },
    staleTime: Number.POSITIVE_INFINITY,
    // These are the secrets of an event: they stay no longer than they are looked at.
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });

const feedbackPath = (place: EventPlace) => `${suggestPath(place)}feedback/`;

/** Stores what this user thinks of an answer, in place of what they said before. */
export const putFeedback = (place: EventPlace, feedback: SuggestFeedback): Promise<void> =>
  apiClient.put(feedbackPath(place), feedback);

export const deleteFeedback = (place: EventPlace, id: string): Promise<void> =>
  apiClient.delete(`${feedbackPath(place)}?${new URLSearchParams({ id })}`);

import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Event } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { projectEventQuery } from '../../api/events.ts';
import { importEvent, loadSamples } from '../../api/projects.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Accepted events are digested a moment later; so long we wait for one. */
const patience = { tries: 40, everyMs: 250 };

/** Waits until an accepted event can be read. */
async function waitForEvent(queryClient: QueryClient, project: string, eventId: string): Promise<Event> {
  for (let tried = 0; tried < patience.tries; tried++) {
    try {
      return await queryClient.fetchQuery({ ...projectEventQuery(project, eventId), retry: false, staleTime: 0 });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      await pause(patience.everyMs);
    }
  }
  throw new Error(
    'The event was accepted but has not appeared. It may still be worked on, or could not be read as an event: see the refused requests on the setup page.',
  );
}

/** Sends one event (or an envelope with some) and opens the first when it can be read. */
export function useImport(project: string, onOpened?: () => void) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (text: string | Blob) => {
      const [eventId] = (await importEvent(project, text)).eventIDs;
      if (!eventId) throw new Error('There is no event in it.');
      return waitForEvent(queryClient, project, eventId);
    },
    onSuccess: async (event) => {
      onOpened?.();
      void queryClient.invalidateQueries({ queryKey: ['issues', 'list'] });
      await navigate(event.groupID ? `/issues/${event.groupID}/events/${event.eventID}/` : '/issues/');
    },
  });
}

/** Loads the sample events and answers when the last of them can be read. */
export function useSamples(project: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const last = (await loadSamples(project)).eventIDs.at(-1);
      if (last) await waitForEvent(queryClient, project, last);
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['issues', 'list'] }),
        queryClient.invalidateQueries({ queryKey: ['projects'] }),
      ]),
  });
}

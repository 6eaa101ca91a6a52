import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Symbolicated } from '../../server/protocol/contract.ts';
import { symbolicateAgain } from '../api/source-map-debug.ts';
import { useToast } from '../components/toast.tsx';

/** Everything that is told about an event of the issue, and what would be sent of it to a model. */
function isOfEvent([first, project, third]: readonly unknown[], of: string): boolean {
  if (first === 'issues') return true;
  const parts: readonly unknown[] = ['event', 'source-map-debug', 'suggest-payload'];
  return first === 'projects' && project === of && parts.includes(third);
}

/** "9 of 12 frames are mapped now", or that it changed nothing. */
export function resultWords({ frames, mapped, mappedBefore }: Symbolicated): string {
  const many = `${mapped} of ${frames} ${frames === 1 ? 'frame' : 'frames'} ${mapped === 1 ? 'is' : 'are'} mapped`;
  return mapped > mappedBefore ? `${many} now` : `${many}, as before`;
}

/**
 * Maps an event's frames with what is uploaded by now, and draws it anew. Pending until it is drawn.
 *
 * @param project slug
 */
export function useSymbolicateAgain(project: string, eventId: string) {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: async () => {
      const result = await symbolicateAgain(project, eventId);
      await queries.invalidateQueries({ predicate: ({ queryKey }) => isOfEvent(queryKey, project) });
      return result;
    },
    onSuccess: (result) => toast({ message: resultWords(result) }),
    onError: (error) => toast({ message: `The event could not be symbolicated: ${error.message}`, kind: 'error' }),
  });
}

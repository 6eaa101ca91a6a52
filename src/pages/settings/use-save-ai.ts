import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AiSettings } from '../../../server/protocol/contract.ts';
import { aiSettingsQuery, saveAiSettings } from '../../api/ai-settings.ts';
import { useToast } from '../../components/toast.tsx';

type Change = Partial<Pick<AiSettings, 'localOnly' | 'endpoint' | 'redactionRules'>>;

/** Stores a change of a project's AI settings; the toast takes it back. What would be sent is another payload then. */
export function useSaveAi(project: string, settings: AiSettings) {
  const queries = useQueryClient();
  const toast = useToast();
  const save = async ({ localOnly, endpoint, redactionRules }: AiSettings) => {
    const saved = await saveAiSettings(project, { localOnly, endpoint: endpoint ?? null, redactionRules });
    queries.setQueryData(aiSettingsQuery(project).queryKey, saved);
    await queries.invalidateQueries({ queryKey: ['projects', project, 'suggest-payload'] });
  };
  return useMutation({
    mutationFn: (change: Change) => save({ ...settings, ...change }),
    // By the time that it is stored, these are the new ones.
    onMutate: () => settings,
    onSuccess: (_, _change, before) =>
      toast({
        message: 'Saved. It holds from the next suggestion on.',
        action: {
          label: 'Undo',
          run: () =>
            save(before).then(
              () => toast({ message: 'The settings are as they were.' }),
              (error: Error) => toast({ message: `It could not be undone: ${error.message}`, kind: 'error' }),
            ),
        },
      }),
  });
}

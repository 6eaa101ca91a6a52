import { useMutation, useQueryClient } from '@tanstack/react-query';
import { inAppRulesQuery, saveInAppRules } from '../api/in-app-rules.ts';
import { useToast } from '../components/toast.tsx';

/** Every event is another one under other rules, and with it what would be sent to a model. */
function isOfRules([first, , third, fourth, ...more]: readonly unknown[]): boolean {
  if (first === 'issues') return fourth === 'event';
  if (first !== 'projects') return false;
  return third === 'suggest-payload' || third === 'event-coverage' || (third === 'event' && more.length === 0);
}

/**
 * Stores a project's in-app rules and draws its events anew under them. The toast takes it back.
 *
 * @param project slug
 */
export function useSaveRules(project: string) {
  const queries = useQueryClient();
  const toast = useToast();
  const save = async (rules: string) => {
    await saveInAppRules(project, rules);
    queries.setQueryData(inAppRulesQuery(project).queryKey, rules);
    await queries.invalidateQueries({ predicate: ({ queryKey }) => isOfRules(queryKey) });
  };
  return useMutation({
    mutationFn: ({ rules }: { rules: string; before: string; message: string }) => save(rules),
    onSuccess: (_, { before, message }) =>
      toast({
        message,
        action: {
          label: 'Undo',
          run: () =>
            save(before).then(
              () => toast({ message: 'The in-app rules are as they were.' }),
              (error: Error) => toast({ message: `It could not be undone: ${error.message}`, kind: 'error' }),
            ),
        },
      }),
  });
}

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { Issue, IssueUpdate } from '../../../server/protocol/contract.ts';
import { updateIssue } from '../../api/issues.ts';
import { useToast } from '../../components/toast.tsx';

const done: Record<string, string> = { resolved: 'resolved', ignored: 'archived', unresolved: 'unresolved again' };

/** "CHECKOUT-12 resolved", "3 issues bookmarked". */
export function describeUpdate(issues: Pick<Issue, 'shortId'>[], update: IssueUpdate): string {
  const what = issues.length === 1 ? issues[0]?.shortId : `${issues.length} issues`;
  if (update.status) return `${what} ${done[update.status]}`;
  return update.isBookmarked ? `${what} bookmarked` : `Bookmark of ${what} removed`;
}

async function updateAll(queryClient: QueryClient, changes: { id: string; update: IssueUpdate }[]): Promise<void> {
  try {
    await Promise.all(
      changes.map(async ({ id, update }) => {
        queryClient.setQueryData(['issues', 'one', id], await updateIssue(id, update));
      }),
    );
  } finally {
    // Also where one of several failed: the others have changed.
    await queryClient.invalidateQueries({ queryKey: ['issues', 'list'] });
  }
}

/** Changes issues, says so, and offers the way back. */
export function useIssueActions() {
  const queryClient = useQueryClient();
  const toast = useToast();
  const run = async (changes: { id: string; update: IssueUpdate }[], then: () => void) => {
    try {
      await updateAll(queryClient, changes);
      then();
    } catch (error) {
      toast({ kind: 'error', message: `That did not work: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  return (issues: Issue[], update: IssueUpdate) => {
    const undo = issues.map(({ id, status, isBookmarked }) => ({
      id,
      update: update.status ? { status } : { isBookmarked },
    }));
    const message = describeUpdate(issues, update);
    return run(
      issues.map(({ id }) => ({ id, update })),
      () =>
        toast({
          message,
          action: { label: 'Undo', run: () => void run(undo, () => toast({ message: 'Undone' })) },
        }),
    );
  };
}

import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Issue, IssueUpdate } from '../../../server/protocol/contract.ts';
import { updateIssues } from '../../api/issues.ts';
import { useWhyNot } from '../../api/session.ts';
import { useToast } from '../../components/toast.tsx';

type Change = { ids: string[]; update: IssueUpdate };

const done: Record<string, string> = { resolved: 'resolved', ignored: 'archived', unresolved: 'unresolved again' };

/** "CHECKOUT-12 resolved", "3 issues bookmarked". */
export function describeUpdate(issues: Pick<Issue, 'shortId'>[], update: IssueUpdate): string {
  const what = issues.length === 1 ? issues[0]?.shortId : `${issues.length} issues`;
  if (update.status) return `${what} ${done[update.status]}`;
  return update.isBookmarked ? `${what} bookmarked` : `Bookmark of ${what} removed`;
}

/** What brings every issue back to what it was; those that were alike go together. */
export function undoOf(issues: Pick<Issue, 'id' | 'status' | 'isBookmarked'>[], update: IssueUpdate): Change[] {
  const groups = Map.groupBy(issues, (issue) => (update.status ? issue.status : issue.isBookmarked));
  return [...groups].map(([before, those]) => ({
    ids: those.map(({ id }) => id),
    update: typeof before === 'string' ? { status: before } : { isBookmarked: before },
  }));
}

async function send(queryClient: QueryClient, changes: Change[]): Promise<void> {
  try {
    await Promise.all(changes.map(({ ids, update }) => updateIssues(ids, update)));
  } finally {
    // Also where one of several failed: the others have changed.
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['issues', 'list'] }),
      ...changes.flatMap(({ ids }) =>
        ids.map((id) => queryClient.invalidateQueries({ queryKey: ['issues', 'one', id], exact: true })),
      ),
    ]);
  }
}

/** Changes issues, says so, and offers the way back. Who may not, by a key say, is told why. */
export function useIssueActions() {
  const queryClient = useQueryClient();
  const toast = useToast();
  const whyNot = useWhyNot('event:write');
  const { mutateAsync } = useMutation({ mutationFn: (changes: Change[]) => send(queryClient, changes) });
  const run = async (changes: Change[], then: () => void) => {
    try {
      await mutateAsync(changes);
      then();
    } catch (error) {
      toast({ kind: 'error', message: `That did not work: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  return async (issues: Issue[], update: IssueUpdate) => {
    if (whyNot) return toast({ kind: 'error', message: whyNot });
    const message = describeUpdate(issues, update);
    const undo = () => void run(undoOf(issues, update), () => toast({ message: 'Undone' }));
    return run([{ ids: issues.map(({ id }) => id), update }], () =>
      toast({ message, action: { label: 'Undo', run: undo } }),
    );
  };
}

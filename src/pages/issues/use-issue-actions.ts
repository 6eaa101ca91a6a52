import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Actor, Issue, IssueUpdate } from '../../../server/protocol/contract.ts';
import type { Page } from '../../api/api-client.ts';
import { updateIssues } from '../../api/issues.ts';
import { useWhyNot } from '../../api/session.ts';
import { useToast } from '../../components/toast.tsx';
import { describeDetails, toAsked, toDetails } from '../issue-details/status-words.ts';

/** Where `assignedTo` names somebody, `assignee` is who that is. */
export type IssueChange = IssueUpdate & { assignee?: Actor | null };
export const assignTo = (assignee: Actor | null): IssueChange => ({
  assignedTo: assignee ? `user:${assignee.id}` : null,
  assignee,
});
type Change = { ids: string[]; change: IssueChange };

const done = { resolved: 'resolved', ignored: 'archived', unresolved: 'unresolved again' } as const;

/** "CHECKOUT-12 resolved in the next release", "3 issues bookmarked". */
export function describeUpdate(
  issues: Pick<Issue, 'shortId'>[],
  change: IssueChange,
  now: number = Date.now(),
): string {
  const what = issues.length === 1 ? issues[0]?.shortId : `${issues.length} issues`;
  if (change.status) {
    return `${what} ${done[change.status]} ${describeDetails(change.status, toDetails(change, now), now)}`.trimEnd();
  }
  if (change.priority) return `Priority of ${what}: ${change.priority}`;
  if (change.assignedTo !== undefined) {
    return change.assignee ? `${what} assigned to ${change.assignee.name}` : `${what} assigned to nobody`;
  }
  return change.isBookmarked ? `${what} bookmarked` : `Bookmark of ${what} removed`;
}

type Former = Pick<Issue, 'id' | 'status' | 'statusDetails' | 'isBookmarked' | 'priority' | 'assignedTo'>;

/** What brings every issue back to what it was, as far as `change` touches it; those that were alike go together. */
export function undoOf(issues: Former[], change: IssueChange, now: number = Date.now()): Change[] {
  const groups = new Map<string, Change>();
  for (const issue of issues) {
    const before = formerOf(issue, change, now);
    if (Object.keys(before).length === 0) continue;
    const key = JSON.stringify(before);
    const group = groups.get(key);
    if (group) group.ids.push(issue.id);
    else groups.set(key, { ids: [issue.id], change: before });
  }
  return [...groups.values()];
}

function formerOf(issue: Former, change: IssueChange, now: number): IssueChange {
  const { priority, assignedTo } = issue;
  return {
    ...(change.status && toAsked(issue, now)),
    ...(change.isBookmarked !== undefined && { isBookmarked: issue.isBookmarked }),
    ...(change.priority && priority && { priority }),
    ...(change.assignedTo !== undefined && assignTo(assignedTo ?? null)),
  };
}

/** An issue as it will be; what the server alone knows (who, how many) comes with its answer. */
function changed(issue: Issue, change: IssueChange, now: number = Date.now()): Issue {
  const { status, isBookmarked, priority, assignedTo, assignee } = change;
  return {
    ...issue,
    ...(status && { status, substatus: null, statusDetails: toDetails(change, now) }),
    ...(isBookmarked !== undefined && { isBookmarked }),
    ...(priority && { priority }),
    ...(assignedTo !== undefined && { assignedTo: assignee ?? null }),
  };
}

/** The parts of an issue that an undone change had touched, as they were. */
function restored(issue: Issue, before: Issue, change: IssueChange): Issue {
  const { status, substatus, statusDetails, isBookmarked, priority, assignedTo } = before;
  return {
    ...issue,
    ...(change.status && { status, substatus, statusDetails }),
    ...(change.isBookmarked !== undefined && { isBookmarked }),
    ...(change.priority && { priority }),
    ...(change.assignedTo !== undefined && { assignedTo }),
  };
}

/** Redraws some issues wherever the page holds them. */
function redraw(queryClient: QueryClient, ids: readonly string[], draw: (issue: Issue) => Issue): void {
  for (const id of ids) {
    queryClient.setQueryData<Issue>(['issues', 'one', id], (issue) => issue && draw(issue));
  }
  queryClient.setQueriesData<Page<Issue>>(
    { queryKey: ['issues', 'list'] },
    (page) => page && { ...page, items: page.items.map((issue) => (ids.includes(issue.id) ? draw(issue) : issue)) },
  );
}

function keysOf(changes: Change[]): { queryKey: string[]; exact: boolean }[] {
  const ids = changes.flatMap((change) => change.ids);
  return [
    { queryKey: ['issues', 'list'], exact: false },
    ...ids.flatMap((id) => [
      { queryKey: ['issues', 'one', id], exact: true },
      { queryKey: ['issues', 'one', id, 'activities'], exact: true },
    ]),
  ];
}

/** Shows the changes before the server has them, takes them back where it refuses, and asks how things are. */
async function send(queryClient: QueryClient, changes: Change[], before: Issue[]): Promise<void> {
  const keys = keysOf(changes);
  // An answer from before would show the old state once more.
  await Promise.all(keys.map((key) => queryClient.cancelQueries(key)));
  for (const { ids, change } of changes) redraw(queryClient, ids, (issue) => changed(issue, change));
  const answers = await Promise.allSettled(
    changes.map(({ ids, change: { assignee: _, ...update } }) => updateIssues(ids, update)),
  );
  for (const [index, answer] of answers.entries()) {
    const refused = answer.status === 'rejected' ? changes[index] : undefined;
    if (!refused) continue;
    redraw(queryClient, refused.ids, (issue) =>
      restored(issue, before.find(({ id }) => id === issue.id) ?? issue, refused.change),
    );
  }
  for (const key of keys) void queryClient.invalidateQueries(key);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Changes issues, says so, and offers the way back. Who may not, by a key say, is told why. */
export function useIssueActions() {
  const queryClient = useQueryClient();
  const toast = useToast();
  const whyNot = useWhyNot('event:write');
  const { mutateAsync } = useMutation({
    mutationFn: ({ changes, before }: { changes: Change[]; before: Issue[] }) => send(queryClient, changes, before),
  });
  const run = async (changes: Change[], before: Issue[], then: () => void) => {
    try {
      await mutateAsync({ changes, before });
      then();
    } catch (error) {
      toast({ kind: 'error', message: `That did not work: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  return async (issues: Issue[], change: IssueChange) => {
    if (whyNot) return toast({ kind: 'error', message: whyNot });
    const message = describeUpdate(issues, change);
    const after = issues.map((issue) => changed(issue, change));
    const undo = () => void run(undoOf(issues, change), after, () => toast({ message: 'Undone' }));
    return run([{ ids: issues.map(({ id }) => id), change }], issues, () =>
      toast({
        message,
        ...(undoOf(issues, change).length > 0 && { action: { label: 'Undo', run: undo } }),
      }),
    );
  };
}

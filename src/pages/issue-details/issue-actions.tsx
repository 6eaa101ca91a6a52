import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Issue, IssueStatus } from '../../../server/protocol/contract.ts';
import { deleteIssue } from '../../api/issues.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import type { MenuHandle } from '../../components/menu.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { useToast } from '../../components/toast.tsx';
import { assignTo, type IssueChange, useIssueActions } from '../issues/use-issue-actions.ts';
import { ArchiveButton } from './archive-button.tsx';
import { AssigneeMenu } from './assignee-menu.tsx';
import styles from './issue-actions.module.css';
import { PriorityMenu } from './priority-menu.tsx';
import { ResolveButton } from './resolve-button.tsx';

/** Resolve, archive, priority, assignee, bookmark, delete. All but the last can be undone from the notification. */
export function IssueActions({ issue }: { issue: Issue }) {
  const update = useIssueActions();
  const toast = useToast();
  const whyNot = useWhyNot('event:write');
  const whyNotDelete = useWhyNot('event:admin');
  const [isDeleting, setDeleting] = useState(false);
  const priority = useRef<MenuHandle>(null);
  const assignee = useRef<MenuHandle>(null);
  const onUpdate = (change: IssueChange) => void update([issue], change);
  const toggle = (status: IssueStatus) => onUpdate({ status: issue.status === status ? 'unresolved' : status });
  const bookmark = () => onUpdate({ isBookmarked: !issue.isBookmarked });
  const open = (menu: RefObject<MenuHandle | null>) =>
    whyNot ? toast({ kind: 'error', message: whyNot }) : menu.current?.open();
  useShortcuts({
    r: () => toggle('resolved'),
    i: () => toggle('ignored'),
    b: bookmark,
    p: () => open(priority),
    a: () => open(assignee),
  });
  return (
    <div className={styles['actions']}>
      <ResolveButton issue={issue} whyNot={whyNot} onUpdate={onUpdate} />
      <ArchiveButton issue={issue} whyNot={whyNot} onUpdate={onUpdate} />
      <PriorityMenu
        ref={priority}
        priority={issue.priority ?? null}
        title={issue.priority ? `Priority: ${issue.priority} (p)` : 'Priority (p)'}
        whyNot={whyNot}
        onPick={(picked) => onUpdate({ priority: picked })}
      />
      <AssigneeMenu
        ref={assignee}
        assignee={issue.assignedTo ?? null}
        title={`Assignee: ${issue.assignedTo?.name ?? 'nobody'} (a)`}
        whyNot={whyNot}
        onPick={(picked) => onUpdate(assignTo(picked))}
      />
      <Button
        look="quiet"
        icon="bookmark"
        iconFilled={issue.isBookmarked}
        aria-pressed={issue.isBookmarked}
        aria-label={issue.isBookmarked ? 'Remove the bookmark' : 'Bookmark'}
        whyNot={whyNot}
        onClick={bookmark}
      />
      <Button look="quiet" icon="trash" aria-label="Delete" whyNot={whyNotDelete} onClick={() => setDeleting(true)} />
      {isDeleting && <DeleteDialog issue={issue} onClose={() => setDeleting(false)} />}
    </div>
  );
}

function DeleteDialog({ issue, onClose }: { issue: Issue; onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => deleteIssue(issue.id),
    onSuccess: async () => {
      toast({ message: `${issue.shortId} deleted` });
      // Away first: the page would otherwise ask again for what is gone.
      await navigate('/issues/');
      queryClient.removeQueries({ queryKey: ['issues', 'one', issue.id] });
      await queryClient.invalidateQueries({ queryKey: ['issues', 'list'] });
    },
  });
  return (
    <Dialog title={`Delete ${issue.shortId}?`} onClose={onClose}>
      <p>
        The issue and its {issue.count} {issue.count === '1' ? 'event' : 'events'} are deleted for good. The next event
        of this kind makes a new issue.
      </p>
      {remove.isError && (
        <p role="alert" className={styles['error']}>
          It could not be deleted: {remove.error.message}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" icon="trash" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {remove.isPending ? 'Deleting…' : 'Delete'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Issue, IssueStatus } from '../../../server/protocol/contract.ts';
import { deleteIssue } from '../../api/issues.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { useShortcuts } from '../../components/shortcuts.ts';
import { useToast } from '../../components/toast.tsx';
import { useIssueActions } from '../issues/use-issue-actions.ts';
import styles from './issue-actions.module.css';

/** Resolve, archive, bookmark, delete; the first two turn into their opposite. */
export function IssueActions({ issue }: { issue: Issue }) {
  const update = useIssueActions();
  const whyNotWrite = useWhyNot('event:write');
  const whyNotDelete = useWhyNot('event:admin');
  const [isDeleting, setDeleting] = useState(false);
  const setStatus = (status: IssueStatus) => void update([issue], { status });
  const resolve = () => setStatus(issue.status === 'resolved' ? 'unresolved' : 'resolved');
  const archive = () => setStatus(issue.status === 'ignored' ? 'unresolved' : 'ignored');
  const bookmark = () => void update([issue], { isBookmarked: !issue.isBookmarked });
  useShortcuts({ r: resolve, i: archive, b: bookmark });
  return (
    <div className={styles['actions']}>
      <Button
        icon="check"
        aria-pressed={issue.status === 'resolved'}
        whyNot={whyNotWrite}
        onClick={resolve}
        title="Resolve (r)"
      >
        {issue.status === 'resolved' ? 'Unresolve' : 'Resolve'}
      </Button>
      <Button
        icon="archive"
        aria-pressed={issue.status === 'ignored'}
        whyNot={whyNotWrite}
        onClick={archive}
        title="Archive (i)"
      >
        {issue.status === 'ignored' ? 'Unarchive' : 'Archive'}
      </Button>
      <Button
        look="quiet"
        icon="bookmark"
        iconFilled={issue.isBookmarked}
        aria-pressed={issue.isBookmarked}
        aria-label={issue.isBookmarked ? 'Remove the bookmark' : 'Bookmark'}
        whyNot={whyNotWrite}
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

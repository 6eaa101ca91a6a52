import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, useEffect, useRef, useState } from 'react';
import type { Activity } from '../../../server/protocol/contract.ts';
import { changeActivities, changeNote, deleteNote } from '../../api/activity.ts';
import { useCan } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useToast } from '../../components/toast.tsx';
import { type EntryProps, NoteHead } from './activity-entry.tsx';
import styles from './activity-section.module.css';
import { dataOf } from './activity-words.ts';
import { NoteForm } from './note-form.tsx';

const NoteMarkdown = lazy(() => import('./note-markdown.tsx'));

/** What somebody wrote about the issue; who wrote it changes and deletes it, and who has event:admin. */
export function NoteEntry({ issueId, activity, me }: EntryProps) {
  const [state, setState] = useState<'shown' | 'editing' | 'deleting'>('shown');
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  const isAdmin = useCan('event:admin') === true;
  const mayWrite = useCan('event:write') !== false;
  const isOwn = me !== undefined && activity.user?.id === me;
  useEffect(() => {
    // The button that was pressed was away meanwhile.
    if (state === 'shown' && wasEditing.current) edit.current?.focus();
    wasEditing.current = state === 'editing';
  }, [state]);
  const { text, dateEdited, editedBy } = dataOf(activity);
  return (
    <li className={styles['entry']} data-type="note">
      <NoteHead activity={activity} me={me} />
      {mayWrite && (isOwn || isAdmin) && state !== 'editing' && (
        <span className={styles['noteActions']}>
          <Button ref={edit} look="quiet" onClick={() => setState('editing')}>
            Edit
          </Button>
          <Button look="quiet" icon="trash" aria-label="Delete the comment" onClick={() => setState('deleting')} />
        </span>
      )}
      <div className={styles['note']}>
        {state === 'editing' ? (
          <EditNote issueId={issueId} activity={activity} text={text ?? ''} onDone={() => setState('shown')} />
        ) : (
          <LateCode what="The comment" fallback={<p className={styles['plain']}>{text}</p>}>
            <NoteMarkdown text={text ?? ''} />
          </LateCode>
        )}
        {dateEdited && state !== 'editing' && (
          <p className={styles['edited']}>
            edited {editedBy && `by ${editedBy.name} `}
            <TimeAgo date={dateEdited} />
          </p>
        )}
      </div>
      {state === 'deleting' && (
        <DeleteNote issueId={issueId} activity={activity} isOwn={isOwn} onClose={() => setState('shown')} />
      )}
    </li>
  );
}

function EditNote({
  issueId,
  activity,
  text,
  onDone,
}: {
  issueId: string;
  activity: Activity;
  text: string;
  onDone: () => void;
}) {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(text);
  const change = useMutation({
    mutationFn: () => changeNote(issueId, activity.id, draft),
    onSuccess: (changed) => {
      changeActivities(queryClient, issueId, (all) => all.map((each) => (each.id === changed.id ? changed : each)));
      onDone();
    },
  });
  return (
    <NoteForm
      label="Edit the comment"
      action="Save"
      text={draft}
      isPending={change.isPending}
      error={change.error}
      isFocused
      onChange={setDraft}
      onSend={() => (draft === text ? onDone() : change.mutate())}
      onCancel={onDone}
    />
  );
}

type DeleteProps = { issueId: string; activity: Activity; isOwn: boolean; onClose: () => void };

function DeleteNote({ issueId, activity, isOwn, onClose }: DeleteProps) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => deleteNote(issueId, activity.id),
    onSuccess: () => {
      toast({ message: 'Comment deleted' });
      onClose();
      changeActivities(queryClient, issueId, (all) => all.filter(({ id }) => id !== activity.id));
    },
  });
  const whose = isOwn ? 'your comment' : `the comment of ${activity.user?.name ?? 'somebody'}`;
  return (
    <Dialog title={`Delete ${whose}?`} onClose={onClose}>
      <p>It is deleted for good.</p>
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

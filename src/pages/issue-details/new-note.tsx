import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { addNote, changeActivities } from '../../api/activity.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import styles from './activity-section.module.css';
import { NoteForm } from './note-form.tsx';

/** Adds a comment. What was begun waits, also while one looks at other events of the issue. */
export function NewNote({ issueId }: { issueId: string }) {
  const queryClient = useQueryClient();
  const whyNot = useWhyNot('event:write');
  const opener = useRef<HTMLButtonElement>(null);
  const draftKey = ['issues', 'one', issueId, 'draft'];
  const [text, setText] = useState(() => queryClient.getQueryData<string>(draftKey) ?? '');
  const [isOpen, setOpen] = useState(text !== '');
  const [isPressed, setPressed] = useState(false);
  const write = (draft: string) => {
    setText(draft);
    // With the rest of what the page knows: gone when somebody else signs in.
    queryClient.setQueryData(draftKey, draft);
  };
  const close = () => {
    setOpen(false);
    setPressed(true);
  };
  useEffect(() => {
    if (!isOpen && isPressed) opener.current?.focus();
  }, [isOpen, isPressed]);
  const add = useMutation({
    mutationFn: () => addNote(issueId, text),
    onSuccess: (note) => {
      write('');
      close();
      changeActivities(queryClient, issueId, (all, page) => {
        // A poll may have brought it already.
        const others = all.filter(({ id }) => id !== note.id);
        return page === 0 ? [note, ...others] : others;
      });
    },
  });
  if (!isOpen) {
    return (
      <Button
        ref={opener}
        className={styles['add']}
        whyNot={whyNot}
        onClick={() => {
          setOpen(true);
          setPressed(true);
        }}
      >
        {text ? 'Go on with your comment' : 'Add a comment'}
      </Button>
    );
  }
  return (
    <NoteForm
      label="Comment"
      action="Comment"
      text={text}
      isPending={add.isPending}
      error={add.error}
      isFocused={isPressed}
      onChange={write}
      onSend={() => add.mutate()}
      onCancel={close}
    />
  );
}

import { useEffect, useId, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { formatExact } from '../../components/numbers.ts';
import styles from './note-form.module.css';

/** The server takes no longer ones. */
const maxLength = 4096;
/** From here on it is worth saying how much is left. */
const nearlyFull = maxLength - 500;

type Props = {
  label: string;
  action: string;
  text: string;
  isPending: boolean;
  error: Error | null;
  /** Takes the focus as it appears. */
  isFocused?: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
  onCancel: () => void;
};

/** A comment in the making, in Markdown. Ctrl+Enter sends it, Escape gives it up while it is as it was. */
export function NoteForm({ label, action, text, isPending, error, isFocused, onChange, onSend, onCancel }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isFocused) return;
    field.current?.focus();
    // With its buttons, in a column that is scrolled by itself.
    field.current?.form?.scrollIntoView({ block: 'nearest' });
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [isFocused]);
  const left = maxLength - text.length;
  const isSendable = text.trim() !== '' && left >= 0 && !isPending;
  const told = left < 0 ? `${formatExact(-left)} characters too long` : text.length > nearlyFull && `${left} left`;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSendable) onSend();
      }}
    >
      <textarea
        ref={field}
        aria-label={label}
        aria-describedby={`${id}-hint`}
        aria-invalid={left < 0 || undefined}
        rows={4}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            if (isSendable) onSend();
          }
          if (event.key === 'Escape') {
            // The sheet that it may lie in stays.
            event.stopPropagation();
            onCancel();
          }
        }}
      />
      {error && (
        <p role="alert" className={styles['error']}>
          It could not be saved: {error.message}
        </p>
      )}
      <div className={styles['foot']}>
        <span id={`${id}-hint`} role="status" data-wrong={left < 0 || undefined}>
          {told || 'Markdown. Ctrl+Enter sends.'}
        </span>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!isSendable}>
          {isPending ? 'Sending…' : action}
        </Button>
      </div>
    </form>
  );
}

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Icon } from '../../components/icon.tsx';
import { formatBytes } from '../../components/numbers.ts';
import styles from './import-dialog.module.css';
import { useImport } from './use-import.ts';

type Props = {
  /** Slug of the project that the event goes to. */
  project: string;
  /** What was dropped; it is sent at once. */
  dropped?: string | File;
  onClose: () => void;
};

/** Takes an event as JSON (SDK payload, Sentry's API shape) or an envelope, pasted or as a file, and opens it. */
export function ImportDialog({ project, dropped, onClose }: Props) {
  const [text, setText] = useState(typeof dropped === 'string' ? dropped : '');
  const [file, setFile] = useState(typeof dropped === 'object' ? dropped : null);
  const { mutate, isPending, error } = useImport(project, onClose);
  const sent = useRef(false);
  useEffect(() => {
    if (!dropped || sent.current) return;
    sent.current = true;
    mutate(dropped);
  }, [dropped, mutate]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate(file ?? text);
  };
  return (
    <Dialog title="Import an event" wide onClose={onClose}>
      <form className={styles['form']} onSubmit={submit}>
        <p className={styles['hint']}>
          One event as JSON, as an SDK sends it or as Sentry's API answers it, or a whole envelope. It goes to the
          project <strong>{project}</strong> and is read like any other.
        </p>
        {file ? (
          <p className={styles['file']}>
            <Icon name="upload" />
            {file.name} <span>{formatBytes(file.size)}</span>
            <Button look="quiet" icon="close" aria-label="Remove the file" onClick={() => setFile(null)} />
          </p>
        ) : (
          <textarea
            className={styles['text']}
            aria-label="Event as JSON, or an envelope"
            placeholder='{"event_id": "…", "exception": {"values": […]}}'
            spellCheck={false}
            rows={14}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        {error && (
          <p className={styles['error']} role="alert">
            {error.message}
          </p>
        )}
        <DialogActions>
          <label className={styles['choose']}>
            <input
              type="file"
              className={styles['input']}
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
            />
            Choose a file…
          </label>
          <Button type="submit" look="primary" disabled={isPending || (!file && text.trim() === '')}>
            {isPending ? 'Importing…' : 'Import'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

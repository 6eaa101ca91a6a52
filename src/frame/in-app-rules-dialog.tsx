import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useRef } from 'react';
import { inAppRulesQuery } from '../api/in-app-rules.ts';
import { useWhyNot } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { Dialog, DialogActions } from '../components/dialog.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import styles from './in-app-rules.module.css';
import { useSaveRules } from './use-save-rules.ts';

/** The project's in-app rules as text. Whoever may not change them can read them. */
export function InAppRulesDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const stored = useQuery(inAppRulesQuery(project));
  return (
    <Dialog title="In-app rules" onClose={onClose}>
      {stored.data !== undefined ? (
        <Editor project={project} before={stored.data} onClose={onClose} />
      ) : stored.error ? (
        <p role="alert" className={styles.fault}>
          The rules could not be loaded: {stored.error.message}
        </p>
      ) : (
        <Skeleton label="Loading the rules" rows={4} />
      )}
    </Dialog>
  );
}

function Editor({ project, before, onClose }: { project: string; before: string; onClose: () => void }) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const whyNot = useWhyNot('project:write');
  const save = useSaveRules(project);
  const fault = save.error?.message;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const rules = field.current?.value ?? '';
    save.mutate(
      { rules, before, message: 'In-app rules saved.' },
      { onSuccess: onClose, onError: ({ message }) => selectLine(field.current, lineOf(message)) },
    );
  };
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <p id={`${id}-help`} className={styles.help}>
        One rule a line, the last that matches wins: <code>stack.abs_path:**/vendor/** -app</code>,{' '}
        <code>stack.module:com.shop.* +app</code>, <code>family:native stack.package:libfoo* -app</code>. They count as
        events are looked at; grouping stays as it is.
      </p>
      <textarea
        ref={field}
        className={styles.text}
        aria-label="Rules"
        aria-describedby={`${id}-help${fault ? ` ${id}-fault` : ''}`}
        aria-invalid={fault ? true : undefined}
        defaultValue={before}
        readOnly={!!whyNot}
        rows={10}
        spellCheck={false}
        wrap="off"
      />
      <DialogActions>
        {fault && (
          <p id={`${id}-fault`} role="alert" className={styles.fault}>
            {fault}
          </p>
        )}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" whyNot={whyNot} disabled={save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
      </DialogActions>
    </form>
  );
}

/** `Line 3: ...` is about the third line; null for a message about none. */
function lineOf(message: string): number | null {
  const line = /^Line (\d{1,6}):/.exec(message)?.[1];
  return line === undefined ? null : Number(line);
}

/** Shows which line is meant, and puts the caret there. */
function selectLine(field: HTMLTextAreaElement | null, line: number | null): void {
  if (!field || line === null) return;
  const lines = field.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

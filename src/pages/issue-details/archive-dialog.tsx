import { type ReactNode, useState } from 'react';
import type { IssueUpdate } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import styles from './archive-dialog.module.css';

type Until = NonNullable<IssueUpdate['statusDetails']>;
type Kind = 'time' | 'events' | 'users';
type Props = { onClose: () => void; onPick: (until: Until) => void };

const kinds: { id: Kind; words: string }[] = [
  { id: 'time', words: 'Until a time' },
  { id: 'events', words: 'Until more events' },
  { id: 'users', words: 'Until more users' },
];
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What `datetime-local` has: local time without a zone. */
function toLocal(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * minuteMs;
  return new Date(time - offset).toISOString().slice(0, 16);
}

/** Archives until a time or number of one's own. */
export function ArchiveDialog({ onClose, onPick }: Props) {
  const [kind, setKind] = useState<Kind>('time');
  const [time, setTime] = useState(() => toLocal(Date.now() + dayMs));
  const [count, setCount] = useState('25');
  const [fault, setFault] = useState<string | null>(null);
  const submit = () => {
    const until = kind === 'time' ? untilTime(time) : untilCount(kind, count);
    if (typeof until === 'string') setFault(until);
    else onPick(until);
  };
  const change = (set: (value: string) => void) => (value: string) => {
    setFault(null);
    set(value);
  };
  return (
    <Dialog title="Archive until…" onClose={onClose}>
      <form
        className={styles['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className={styles['kinds']}>
          <legend className={styles['legend']}>Until when</legend>
          {kinds.map(({ id, words }) => (
            <label key={id}>
              <input
                type="radio"
                name="until"
                checked={kind === id}
                onChange={() => {
                  setKind(id);
                  setFault(null);
                }}
              />
              {words}
            </label>
          ))}
        </fieldset>
        {kind === 'time' ? (
          <TextField
            label="Time"
            type="datetime-local"
            value={time}
            fault={fault}
            hint="In the time of this browser."
            onChange={(event) => change(setTime)(event.target.value)}
          />
        ) : (
          <TextField
            label={kind === 'events' ? 'More events' : 'More users'}
            inputMode="numeric"
            autoComplete="off"
            value={count}
            fault={fault}
            hint={hints[kind]}
            onChange={(event) => change(setCount)(event.target.value)}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" icon="archive">
            Archive
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

const hints: Record<'events' | 'users', ReactNode> = {
  events: 'Counted from now; with the last of them the issue is unresolved again.',
  users: 'Those whom it has not happened to so far, counted from now.',
};

/** What to ask for, or what is wrong with the time. */
function untilTime(local: string): Until | string {
  const minutes = (Date.parse(local) - Date.now()) / minuteMs;
  if (!Number.isFinite(minutes)) return 'Choose a day and a time.';
  return minutes > 0 ? { ignoreDuration: minutes } : 'This time is over. Choose one to come.';
}

function untilCount(kind: 'events' | 'users', text: string): Until | string {
  const count = Number(text.trim().replaceAll(',', ''));
  if (!Number.isInteger(count) || count < 1 || count > 1e9) return 'Write a whole number from 1 on.';
  return kind === 'events' ? { ignoreCount: count } : { ignoreUserCount: count };
}

import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Actor } from '../../../server/protocol/contract.ts';
import { assigneesQuery } from '../../api/activity.ts';
import { sessionQuery } from '../../api/session.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Icon } from '../../components/icon.tsx';
import { PopoverLink } from '../../components/popover.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './assignee-list.module.css';

type Props = {
  assignee: Actor | null | undefined;
  onPick: (assignee: Actor | null) => void;
  onLeave: () => void;
};

/** Null stands for nobody. */
type Choice = { id: string; actor: Actor | null; label: string };

/** Whoever looks comes first, then nobody, then the others by name. */
export function choicesOf(people: readonly Actor[], myId: string | undefined, search: string): Choice[] {
  const byName = people.toSorted((one, other) => one.name.localeCompare(other.name));
  const toChoice = (actor: Actor): Choice => ({
    id: actor.id,
    actor,
    label: actor.id === myId ? `${actor.name} (you)` : actor.name,
  });
  const me = byName.filter(({ id }) => id === myId).map(toChoice);
  const others = byName.filter(({ id }) => id !== myId).map(toChoice);
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return [...me, { id: 'nobody', actor: null, label: 'Nobody' }, ...others].filter(({ actor, label }) => {
    const text = `${label} ${actor?.email ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A field that searches people, and the list of them (ARIA's combobox): the focus stays in the field. */
export function AssigneeList({ assignee, onPick, onLeave }: Props) {
  const people = useQuery(assigneesQuery);
  if (people.isPending) return <Skeleton label="Loading the people" rows={3} />;
  if (people.isError) {
    return (
      <p role="alert" className={styles['words']}>
        The people could not be loaded: {people.error.message}
      </p>
    );
  }
  if (people.data.length === 0) {
    return (
      <>
        <p className={styles['words']}>Nobody can be assigned yet: this server has no users.</p>
        <PopoverLink to="/settings/members/" onClick={onLeave}>
          Add users in the settings
        </PopoverLink>
      </>
    );
  }
  return <People people={people.data} assignee={assignee} onPick={onPick} />;
}

function People({ people, assignee, onPick }: Omit<Props, 'onLeave'> & { people: Actor[] }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // The panel was opened for it: nothing else can be typed in.
  useEffect(() => field.current?.focus(), []);
  const me = useQuery(sessionQuery).data?.user?.id;
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const choices = choicesOf(people, me, search);
  const at = Math.min(active, choices.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    const choice = choices[at];
    if (event.key === 'Enter') return choice && onPick(choice.actor);
    if (choices.length > 0) setActive((at + (step ?? 0) + choices.length) % choices.length);
  };
  return (
    <div className={styles['people']}>
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label="Find a person"
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder="Find a person"
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label="People" className={styles['list']}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above; aria-activedescendant names it
          <div
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={assignee !== undefined && choice.actor?.id === assignee?.id}
            data-active={index === at || undefined}
            ref={(option) => {
              if (index === at) option?.scrollIntoView({ block: 'nearest' });
            }}
            onPointerMove={() => setActive(index)}
            onClick={() => onPick(choice.actor)}
          >
            {choice.actor ? <Avatar name={choice.actor.name} /> : <Icon name="user" />}
            <span>{choice.label}</span>
            {assignee !== undefined && choice.actor?.id === assignee?.id && <Icon name="check" />}
          </div>
        ))}
      </div>
      <p role="status" className={styles['words']} hidden={choices.length > 0}>
        {choices.length === 0 && 'Nobody is called so.'}
      </p>
    </div>
  );
}

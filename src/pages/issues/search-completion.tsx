import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Ref, useEffect, useImperativeHandle, useState } from 'react';
import styles from './search-completion.module.css';
import { type TermAtCaret, termAt } from './search-term.ts';

/** A key or a value that can stand in a query. */
export type Completion = {
  /** What a person reads. */
  label: string;
  /** What is written: `release:`, or a whole term without its `!`. */
  term: string;
  /** A few words beside it: how many there are. */
  note?: string;
};
export type CompletionSource = {
  /** Tells the sources apart. */
  id: string;
  /** All keys; those that do not fit are left out here. */
  keys: () => Promise<Completion[]>;
  /** Values of a key that fit what was typed. */
  values: (key: string, typed: string) => Promise<Completion[]>;
};
export type CompletionState = { isOpen: boolean; activeId: string | null };
/** @returns whether the key meant something to the list */
export type CompletionHandle = { handleKey: (key: string) => boolean };

type Props = {
  ref: Ref<CompletionHandle>;
  /** Prefix of the ids of list and options. */
  id: string;
  source: CompletionSource;
  text: string;
  caret: number;
  /** The whole query as it is then, where the caret goes, and whether the term is complete with it. */
  onPick: (text: string, caret: number, isWhole: boolean) => void;
  onState: (state: CompletionState) => void;
};

const mostShown = 12;

/** The list below a search field: keys, and after a key's colon its values. The field keeps the focus (ARIA's combobox). */
export function SearchCompletion({ ref, id, source, text, caret, onPick, onState }: Props) {
  const term = termAt(text, caret);
  const { items, error } = useCompletions(source, term);
  const [active, setActive] = useState(-1);
  const shown = `${term?.start}|${term?.key}|${term?.typed}`;
  const [before, setBefore] = useState(shown);
  if (before !== shown) {
    setBefore(shown);
    setActive(-1);
  }
  const isOpen = items.length > 0;
  const activeId = isOpen && active >= 0 ? `${id}-option-${active}` : null;
  useEffect(() => onState({ isOpen, activeId }), [isOpen, activeId, onState]);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  const pick = (item: Completion | undefined) => {
    if (!item || !term) return false;
    const isWhole = term.key !== null;
    const head = `${text.slice(0, term.start)}${term.negated ? '!' : ''}${item.term}`;
    onPick(`${head}${text.slice(term.end)}`, head.length, isWhole);
    return true;
  };
  useImperativeHandle(ref, () => ({
    handleKey: (key) => {
      if (key === 'Enter') return pick(items[active]);
      const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
      if (step === 0) return false;
      // From the last one to none, which is the text itself, and on to the first.
      setActive(((active + 1 + step + items.length + 1) % (items.length + 1)) - 1);
      return true;
    },
  }));
  if (error) return <p className={styles['fault']}>There are no suggestions: {error.message}</p>;
  if (!isOpen) return null;
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label={term?.key === null ? 'Keys' : `Values of ${term?.key}`}
      className={styles['list']}
      tabIndex={-1}
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={item.term}
          id={`${id}-option-${index}`}
          role="option"
          aria-selected={index === active}
          className={styles['option']}
          // The field would lose the focus, and with it the list would go.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => pick(item)}
        >
          <span>{item.label}</span> {item.note && <small>{item.note}</small>}
        </div>
      ))}
    </div>
  );
}

function useCompletions(source: CompletionSource, term: TermAtCaret | null) {
  const key = term?.key ?? null;
  const keys = useQuery({
    queryKey: ['completion', source.id, 'keys'],
    queryFn: source.keys,
    enabled: term !== null && key === null,
  });
  const values = useQuery({
    queryKey: ['completion', source.id, 'values', key, term?.typed ?? ''],
    queryFn: () => source.values(key ?? '', term?.typed ?? ''),
    enabled: key !== null,
    placeholderData: (before, query) => (query?.queryKey[3] === key ? keepPreviousData(before) : undefined),
  });
  if (!term) return { items: [], error: null };
  if (key !== null) return { items: values.data ?? [], error: values.error };
  return { items: fitting(keys.data ?? [], term.typed.toLowerCase()), error: keys.error };
}

/** Those that begin with it first, then those that hold it. */
function fitting(keys: Completion[], typed: string): Completion[] {
  const place = ({ label }: Completion) => label.toLowerCase().indexOf(typed);
  const found = keys.filter((key) => place(key) >= 0);
  return [...found.filter((key) => place(key) === 0), ...found.filter((key) => place(key) > 0)].slice(0, mostShown);
}

import { type FormEvent, lazy, type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { LateCode } from '../../components/late-code.tsx';
import type { CompletionHandle, CompletionSource, CompletionState } from './search-completion.tsx';
import styles from './search-field.module.css';

const SearchCompletion = lazy(async () => ({ default: (await import('./search-completion.tsx')).SearchCompletion }));

type Props = {
  label: string;
  placeholder: string;
  /** The query that is shown now. */
  query: string;
  /** Why the server could not read the query. */
  error: string | null;
  onSearch: (query: string) => void;
  field?: RefObject<HTMLInputElement | null>;
  /** What its terms can be completed with. */
  source?: CompletionSource;
  /** What stands at the field's end; gets a function that adds a term and searches. */
  children?: (add: (term: string) => void) => ReactNode;
};

const closed: CompletionState = { isOpen: false, activeId: null };

/** A query as text. It is sent on Enter, not on each key: a half-typed term is no question yet. */
export function QueryInput({ label, placeholder, query, error, onSearch, field, source, children }: Props) {
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  /** Where the caret is while the field is typed in. */
  const [caret, setCaret] = useState<number | null>(null);
  const [list, setList] = useState(closed);
  const own = useRef<HTMLInputElement>(null);
  const completion = useRef<CompletionHandle>(null);
  const id = useId();
  const input = field ?? own;
  // Back, Forward and links change the query from outside.
  if (seen !== query) {
    setSeen(query);
    setText(query);
  }
  const close = () => {
    setCaret(null);
    setList(closed);
  };
  const search = (next: string) => {
    setText(next);
    close();
    onSearch(next.trim());
  };
  const complete = (next: string, at: number, isWhole: boolean) => {
    if (isWhole) return search(next);
    // At once: what is typed next belongs there.
    flushSync(() => {
      setText(next);
      setCaret(at);
    });
    input.current?.setSelectionRange(at, at);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };
  const follow = () => source && setCaret(input.current?.selectionStart ?? null);
  return (
    <div className={styles['search']}>
      {/* biome-ignore lint/a11y/useSemanticElements: <search> is not in every browser yet */}
      <form role="search" className={styles['form']} data-invalid={error !== null || undefined} onSubmit={submit}>
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          aria-label={label}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : `${id}-error`}
          {...(source && comboboxOf(id, list))}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="search"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            follow();
          }}
          onFocus={follow}
          onClick={follow}
          onBlur={close}
          onKeyDown={(event) => {
            if (list.isOpen && completion.current?.handleKey(event.key)) event.preventDefault();
            else if (event.key === 'Escape' && list.isOpen) close();
            else if (event.key === 'Escape') event.currentTarget.blur();
          }}
          onKeyUp={(event) => /^(?:Arrow(?:Left|Right)|Home|End)$/.test(event.key) && follow()}
        />
        {text !== '' && <Button look="quiet" icon="close" aria-label="Clear the search" onClick={() => search('')} />}
        {children?.((term) => search(`${text} ${term}`.trim()))}
      </form>
      {source && caret !== null && (
        <LateCode what="The completion">
          <SearchCompletion
            ref={completion}
            id={id}
            source={source}
            text={text}
            caret={Math.min(caret, text.length)}
            onPick={complete}
            onState={setList}
          />
        </LateCode>
      )}
      {error !== null && (
        <p id={`${id}-error`} className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

const comboboxOf = (id: string, { isOpen, activeId }: CompletionState) =>
  ({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? `${id}-list` : undefined,
    'aria-activedescendant': activeId ?? undefined,
  }) as const;

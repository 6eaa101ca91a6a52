import { type FormEvent, type RefObject, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Popover } from '../../components/popover.tsx';
import styles from './search-field.module.css';
import { SearchHelp } from './search-help.tsx';

type Props = {
  /** The query that is listed now. Give the field a `key` of it, so that Back also changes what it says. */
  query: string;
  /** Why the server could not read the query. */
  error: string | null;
  onSearch: (query: string) => void;
  field: RefObject<HTMLInputElement | null>;
};

/** The query as text. It is sent on Enter, not on each key: a half-typed term is no question yet. */
export function SearchField({ query, error, onSearch, field }: Props) {
  const [text, setText] = useState(query);
  const errorId = useId();
  const search = (next: string) => {
    setText(next);
    onSearch(next.trim());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };
  return (
    <div className={styles['search']}>
      {/* biome-ignore lint/a11y/useSemanticElements: <search> is not in every browser yet */}
      <form role="search" className={styles['form']} data-invalid={error !== null || undefined} onSubmit={submit}>
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          aria-label="Search issues"
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : errorId}
          placeholder="is:unresolved level:error some words"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {text !== '' && <Button look="quiet" icon="close" aria-label="Clear the search" onClick={() => search('')} />}
        <Popover label="Search syntax" icon="help" showLabel={false} look="quiet">
          {(close) => (
            <SearchHelp
              onPick={(term) => {
                close();
                search(`${text} ${term}`.trim());
              }}
            />
          )}
        </Popover>
      </form>
      {error !== null && (
        <p id={errorId} className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

import { useDeferredValue, useState } from 'react';
import { Button } from './button.tsx';
import { FindField, matcherOf } from './find-field.tsx';
import { type KeyValue, KeyValues } from './key-values.tsx';
import styles from './searchable-rows.module.css';

/** From so many rows on one searches rather than reads. */
const searchFrom = 16;
const pageSize = 100;

/** Names and values as in `KeyValues`; many of them can be searched, and are drawn a hundred at a time. */
export function SearchableRows({
  rows,
  label,
  platform,
}: {
  rows: KeyValue[];
  label: string;
  platform?: string | null;
}) {
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(pageSize);
  const matches = matcherOf(useDeferredValue(search));
  if (rows.length < searchFrom) return <KeyValues label={label} rows={rows} platform={platform} />;
  const found = search ? rows.filter(({ key, value }) => matches(key, textOf(value))) : rows;
  const rest = found.length - shown;
  return (
    <div className={styles['rows']}>
      <p className={styles['tools']}>
        <FindField label={`Search ${label.toLowerCase()}`} value={search} onChange={setSearch} />
        <span role="status">{search && `${found.length} of ${rows.length}`}</span>
      </p>
      {found.length === 0 && <p className={styles['none']}>Nothing matches.</p>}
      <KeyValues label={label} rows={found.slice(0, shown)} platform={platform} />
      {rest > 0 && (
        <Button look="quiet" onClick={() => setShown(shown + pageSize)}>
          Show {Math.min(rest, pageSize)} more of {rest.toLocaleString('en-US')}
        </Button>
      )}
    </div>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

import type { RefObject } from 'react';
import type { IssueSearch } from '../../api/issues.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { useOpenImport } from '../import/import-provider.tsx';
import { periods, sorts, statusTabs, tabOf, withTab } from './issue-query.ts';
import styles from './issue-toolbar.module.css';
import { SearchField } from './search-field.tsx';

type Props = {
  search: IssueSearch;
  error: string | null;
  field: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<IssueSearch>) => void;
};

/** Search, status tabs, order and period; what they say stands in the URL. */
export function IssueToolbar({ search, error, field, onChange }: Props) {
  const openImport = useOpenImport();
  const whyNotImport = useWhyNot('event:write');
  const tab = tabOf(search.query);
  return (
    <div className={styles['toolbar']}>
      <div className={styles['row']}>
        <SearchField
          key={search.query}
          query={search.query}
          project={search.project}
          error={error}
          onSearch={(query) => onChange({ query })}
          field={field}
        />
        <Select
          label="Period"
          value={search.statsPeriod}
          options={periods}
          onChange={(statsPeriod) => onChange({ statsPeriod })}
        />
        <Select label="Sort by" value={search.sort} options={sorts} onChange={(sort) => onChange({ sort })} />
      </div>
      <div className={styles['row']}>
        <fieldset className={styles['tabs']} aria-label="Status">
          {statusTabs.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              aria-pressed={tab === id}
              onClick={() => onChange({ query: withTab(search.query, id) })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <Button look="quiet" icon="upload" title="Import an event as JSON" whyNot={whyNotImport} onClick={openImport}>
          <span className={styles['import']}>Import event</span>
        </Button>
      </div>
    </div>
  );
}

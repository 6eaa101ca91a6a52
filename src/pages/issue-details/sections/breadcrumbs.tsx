import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import type { Event } from '../../../../server/protocol/contract.ts';
import { Button } from '../../../components/button.tsx';
import { FindField } from '../../../components/find-field.tsx';
import { Select } from '../../../components/select.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useStoredFlag } from '../../../components/stored.ts';
import { useSeen } from '../../../frame/use-seen.ts';
import styles from './breadcrumbs-section.module.css';
import { CrumbRow } from './crumb-row.tsx';
import { type Crumb, type CrumbFilter, choicesOf, crumbsOf, filterCrumbs, noCrumbFilter } from './crumbs.ts';

const LongBreadcrumbs = lazy(async () => ({ default: (await import('./long-breadcrumbs.tsx')).LongBreadcrumbs }));

/** From so many on only those in sight are drawn. */
const virtualFrom = 100;
/** From so many on there is something to search in. */
const filterFrom = 6;

/** The breadcrumbs of an event, of which there is one at least. */
export function Breadcrumbs({ event }: { event: Event }) {
  const { platform } = event;
  const crumbs = useMemo(() => crumbsOf(event), [event]);
  const [filter, setFilter] = useState<CrumbFilter>(noCrumbFilter);
  const [isAbsolute, setAbsolute] = useStoredFlag('stackmend-breadcrumbs-absolute', false);
  const asked = useDeferredValue(filter);
  const found = useMemo(() => filterCrumbs(crumbs, asked), [crumbs, asked]);
  const isLong = found.length >= virtualFrom;
  // A box that scrolls is measured, and with it all that was drawn since: not before somebody comes near.
  const [place, isSeen] = useSeen<HTMLDivElement>(isLong);
  return (
    <>
      <div className={styles['tools']}>
        {crumbs.length >= filterFrom && <Filter crumbs={crumbs} filter={filter} onChange={setFilter} />}
        {found.length < crumbs.length && <span role="status">{`${found.length} of ${crumbs.length}`}</span>}
        <Button
          look="quiet"
          aria-pressed={isAbsolute}
          title="Time of the day, or how long before the event"
          onClick={() => setAbsolute(!isAbsolute)}
        >
          {isAbsolute ? 'Time of day' : 'Before the event'}
        </Button>
      </div>
      {found.length === 0 && (
        <p className={styles['none']}>
          No breadcrumb matches. <Button onClick={() => setFilter(noCrumbFilter)}>Show all</Button>
        </p>
      )}
      {!isLong ? (
        <ol className={styles['crumbs']}>
          {found.map((each) => (
            <li key={each.index}>
              <CrumbRow {...each} platform={platform} isAbsolute={isAbsolute} />
            </li>
          ))}
        </ol>
      ) : (
        <div ref={place} className={styles['place']}>
          {isSeen && (
            <Suspense fallback={<Skeleton label="Loading the breadcrumbs" rows={8} />}>
              <LongBreadcrumbs crumbs={found} platform={platform} isAbsolute={isAbsolute} />
            </Suspense>
          )}
        </div>
      )}
    </>
  );
}

type FilterProps = { crumbs: Crumb[]; filter: CrumbFilter; onChange: (filter: CrumbFilter) => void };

function Filter({ crumbs, filter, onChange }: FilterProps) {
  const { kinds, levels } = useMemo(() => choicesOf(crumbs), [crumbs]);
  return (
    <>
      <FindField
        label="Search breadcrumbs"
        value={filter.search}
        onChange={(search) => onChange({ ...filter, search })}
      />
      {kinds.length > 1 && (
        <Select
          label="Type of breadcrumb"
          value={filter.kind}
          options={[{ id: '', label: 'All types' }, ...kinds]}
          onChange={(kind) => onChange({ ...filter, kind })}
        />
      )}
      {levels.length > 1 && (
        <Select
          label="Level of breadcrumb"
          value={filter.level}
          options={[{ id: '', label: 'All levels' }, ...levels]}
          onChange={(level) => onChange({ ...filter, level })}
        />
      )}
    </>
  );
}

import { lazy, useState } from 'react';
import type { Issue } from '../../../server/protocol/contract.ts';
import { countFilters } from '../../api/event-filter.ts';
import { LateCode } from '../../components/late-code.tsx';
import styles from './event-filters.module.css';
import { useEventFilter } from './use-event-filter.ts';

/** Comes while the event does, for issues that have more than one. */
const FilterBar = lazy(async () => ({ default: (await import('./filter-bar.tsx')).FilterBar }));

type Props = { issue: Issue /** When the open event happened, ISO; none in the table. */; eventTime?: string | null };

/** Which of the issue's events are looked at, and how many there were over time. Of a single event both would say nothing. */
export function EventFilters({ issue, eventTime = null }: Props) {
  const { filter } = useEventFilter();
  const active = countFilters(filter);
  // As it was when it was opened: nothing may move down under the reader's eyes.
  const [isAlone] = useState(issue.count === '1');
  if (isAlone && active === 0) return null;
  return (
    <LateCode what="The filters" fallback={<div className={styles['reserved']} />}>
      <FilterBar issue={issue} eventTime={eventTime} active={active} />
    </LateCode>
  );
}

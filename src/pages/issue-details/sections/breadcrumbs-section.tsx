import { lazy, Suspense } from 'react';
import { breadcrumbsEntryData, type Event } from '../../../../server/protocol/contract.ts';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { Section } from '../../../components/section.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { parseTime } from '../../../components/time.ts';
import { entryOf } from '../event-entries.ts';
import styles from './breadcrumbs-section.module.css';
import { type Crumb, CrumbRow } from './crumb-row.tsx';

const LongBreadcrumbs = lazy(async () => ({ default: (await import('./long-breadcrumbs.tsx')).LongBreadcrumbs }));

/** From so many on only those in sight are drawn. */
const virtualFrom = 100;

/** What led to it, newest first: the last step is the one next to the failure. */
export function BreadcrumbsSection({ event }: { event: Event }) {
  const entry = entryOf(event, 'breadcrumbs', breadcrumbsEntryData);
  if (!entry || entry.data.values.length === 0) return null;
  const happened = parseTime(event.dateCreated);
  const crumbs = entry.data.values
    .map((crumb, index): Crumb => {
      const time = parseTime(crumb.timestamp);
      const before = time === null || happened === null ? null : happened - time;
      return { crumb, meta: metaAt(entry.meta, 'values', index), before };
    })
    .reverse();
  return (
    <Section id="breadcrumbs" title="Breadcrumbs" aside={`${crumbs.length}, newest first`} resetKey={event.id}>
      {crumbs.length < virtualFrom ? (
        <ol className={styles['crumbs']}>
          {crumbs.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: breadcrumbs have no identity but their place
            <li key={index}>
              <CrumbRow {...each} platform={event.platform} />
            </li>
          ))}
        </ol>
      ) : (
        <Suspense fallback={<Skeleton label="Loading the breadcrumbs" rows={8} />}>
          <LongBreadcrumbs crumbs={crumbs} platform={event.platform} />
        </Suspense>
      )}
    </Section>
  );
}

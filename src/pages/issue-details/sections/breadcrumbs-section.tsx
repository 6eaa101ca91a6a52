import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import { type Breadcrumb, breadcrumbsEntryData, type Event } from '../../../../server/protocol/contract.ts';
import { AnnotatedText } from '../../../components/annotated-text.tsx';
import { metaAt } from '../../../components/annotated-text-meta.ts';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { Section } from '../../../components/section.tsx';
import { StructuredValue } from '../../../components/structured-value.tsx';
import { formatAbsolute, parseTime } from '../../../components/time.ts';
import { entryOf } from '../event-entries.ts';
import styles from './breadcrumbs-section.module.css';

type Crumb = {
  crumb: Breadcrumb;
  meta: unknown /** Milliseconds before the event; null when a time is missing. */;
  before: number | null;
};

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
        <LongList crumbs={crumbs} platform={event.platform} />
      )}
    </Section>
  );
}

function LongList({ crumbs, platform }: { crumbs: Crumb[]; platform: string | null | undefined }) {
  const box = useRef<HTMLOListElement>(null);
  const rows = useVirtualizer({
    count: crumbs.length,
    getScrollElement: () => box.current,
    estimateSize: () => 34,
    overscan: 12,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <ol ref={box} className={styles['long']} tabIndex={0} aria-label={`${crumbs.length} breadcrumbs`}>
      <li className={styles['space']} style={{ height: rows.getTotalSize() }} role="presentation" />
      {rows.getVirtualItems().map(({ index, key, start }) => {
        const each = crumbs[index];
        return (
          each && (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              aria-setsize={crumbs.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <CrumbRow {...each} platform={platform} />
            </li>
          )
        );
      })}
    </ol>
  );
}

const icons: Record<string, IconName> = {
  http: 'globe',
  navigation: 'pointer',
  ui: 'pointer',
  user: 'user',
  query: 'list',
  error: 'warning',
  warning: 'warning',
};
const iconOf = ({ type, category, level }: Breadcrumb): IconName => {
  if (level === 'error' || level === 'fatal') return 'warning';
  const kind = [type, category?.split('.')[0]].find((name) => name && Object.hasOwn(icons, name));
  return (kind && icons[kind]) || 'info';
};

const CrumbRow = memo(function CrumbRow({
  crumb,
  meta,
  before,
  platform,
}: Crumb & { platform: string | null | undefined }) {
  const hasData = crumb.data && Object.keys(crumb.data).length > 0;
  const time = parseTime(crumb.timestamp);
  return (
    <div className={styles['crumb']} data-level={crumb.level ?? 'info'}>
      <Icon name={iconOf(crumb)} />
      <span className={styles['category']}>
        <AnnotatedText value={crumb.category ?? crumb.type ?? 'default'} meta={metaAt(meta, 'category')} />
        {crumb.level && crumb.level !== 'info' && <span className={styles['level']}>{crumb.level}</span>}
      </span>
      <div className={styles['what']}>
        {(crumb.message || Boolean(metaAt(meta, 'message'))) && (
          <p>
            <AnnotatedText value={crumb.message} meta={metaAt(meta, 'message')} />
          </p>
        )}
        {(hasData || Boolean(metaAt(meta, 'data'))) && (
          <StructuredValue value={crumb.data ?? null} meta={metaAt(meta, 'data')} platform={platform} name="data" />
        )}
      </div>
      <time className={styles['time']} title={time === null ? undefined : formatAbsolute(time)}>
        {before === null ? '' : formatBefore(before)}
      </time>
    </div>
  );
});

/** Time before the event: `-1.25s`, `-3m 02s`. */
function formatBefore(milliseconds: number): string {
  const sign = milliseconds < 0 ? '+' : '-';
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 60) return `${sign}${seconds.toFixed(seconds < 10 ? 2 : 1)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, '0')}s`;
  return `${sign}${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

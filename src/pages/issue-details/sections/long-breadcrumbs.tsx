import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import styles from './breadcrumbs-section.module.css';
import { type Crumb, CrumbRow } from './crumb-row.tsx';

/** Hundreds of breadcrumbs, of which those in sight are drawn. In a file of its own: few events need the library. */
export function LongBreadcrumbs({ crumbs, platform }: { crumbs: Crumb[]; platform: string | null | undefined }) {
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

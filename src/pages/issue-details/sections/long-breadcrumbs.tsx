import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import styles from './breadcrumbs-section.module.css';
import { CrumbRow } from './crumb-row.tsx';
import type { Crumb } from './crumbs.ts';

type Props = { crumbs: Crumb[]; platform: string | null | undefined; isAbsolute: boolean };

/** Hundreds of breadcrumbs, of which those in sight are drawn. In a file of its own: few events need the library. */
export function LongBreadcrumbs({ crumbs, platform, isAbsolute }: Props) {
  const box = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: crumbs.length,
    getScrollElement: () => box.current,
    estimateSize: () => 34,
    overscan: 6,
    // Its height stays with a row that a search moves.
    getItemKey: (index) => crumbs[index]?.index ?? index,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section ref={box} className={styles['long']} tabIndex={0} aria-label={`List of ${crumbs.length} breadcrumbs`}>
      <ol aria-label={`${crumbs.length} breadcrumbs`} style={{ height: rows.getTotalSize() }}>
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
                <CrumbRow {...each} platform={platform} isAbsolute={isAbsolute} />
              </li>
            )
          );
        })}
      </ol>
    </section>
  );
}

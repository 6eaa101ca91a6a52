import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { EventRow } from '../../../server/protocol/contract.ts';
import type { EventOrder } from '../../api/events.ts';
import { useShortcuts } from '../../components/shortcuts.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import { tagOf, userOf } from './event-row-cells.ts';
import styles from './events-table.module.css';

const rowHeight = 33;
/** So many rows before the end of what is there, more is asked for. */
const rowsAhead = 40;

type Props = {
  issueId: string;
  rows: EventRow[];
  columns: string[];
  search: string;
  order: EventOrder;
  onOrder: (order: EventOrder) => void;
  isBusy: boolean;
  hasMore: boolean;
  onNeedMore: () => void;
};

/** The rows in sight, of any number; the others are room above and below them. */
export function EventRows({ rows, columns, hasMore, onNeedMore, order, onOrder, isBusy, ...row }: Props) {
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 15,
  });
  useRestOfWindow(box);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const isNear = items.length > 0 && last >= rows.length - rowsAhead;
  useEffect(() => {
    if (isNear && hasMore) onNeedMore();
  }, [isNear, hasMore, onNeedMore]);
  const current = useRowKeys(rows, box, (index) => virtual.scrollToIndex(index));
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = 6 + columns.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section ref={box} className={styles['scroll']} tabIndex={0} aria-label="Rows" aria-busy={isBusy}>
      <table aria-rowcount={hasMore ? -1 : rows.length + 1} aria-colcount={width}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" aria-sort={order === 'newest' ? 'descending' : 'ascending'} className={styles['when']}>
              <button type="button" onClick={() => onOrder(order === 'newest' ? 'oldest' : 'newest')}>
                Time {order === 'newest' ? '↓' : '↑'}
              </button>
            </th>
            <th scope="col" className={styles['id']}>
              Event
            </th>
            <th scope="col" className={styles['title']}>
              Message
            </th>
            {['User', 'Release', 'Environment', ...columns].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Room height={above} width={width} />
          {items.map(({ index }) => {
            const event = rows[index];
            return (
              event && (
                <Row
                  key={event.id}
                  {...row}
                  event={event}
                  columns={columns}
                  index={index}
                  isCurrent={index === current}
                />
              )
            );
          })}
          <Room height={below} width={width} />
        </tbody>
      </table>
      {hasMore && isNear && (
        <p className={styles['more']} role="status">
          Loading more events…
        </p>
      )}
    </section>
  );
}

/** Gives the box the height that is left below it: a row that is scrolled to is in the window then. */
function useRestOfWindow(box: { current: HTMLElement | null }) {
  useLayoutEffect(() => {
    const fill = () => {
      const top = (box.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      box.current?.style.setProperty('--above', `${Math.round(top)}px`);
    };
    fill();
    window.addEventListener('resize', fill);
    return () => window.removeEventListener('resize', fill);
  }, [box]);
}

function Room({ height, width }: { height: number; width: number }) {
  return (
    height > 0 && (
      <tr className={styles['room']}>
        <td colSpan={width} style={{ height }} />
      </tr>
    )
  );
}

/** j and k move the focus from row to row; Enter is then the link's own. */
function useRowKeys(rows: EventRow[], box: { current: HTMLElement | null }, scrollTo: (index: number) => void) {
  const [current, setCurrent] = useState<number | null>(null);
  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    scrollTo(next);
  };
  const next = () => go(current === null ? 0 : current + 1);
  const previous = () => go(current === null ? 0 : current - 1);
  useShortcuts({ j: next, ArrowDown: next, k: previous, ArrowUp: previous });
  useEffect(() => {
    if (current === null) return;
    // The row may only be drawn once the box has scrolled to it.
    const frame = requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-index="${current}"] a`)?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(frame);
  }, [current, box]);
  return current;
}

type RowProps = {
  event: EventRow;
  issueId: string;
  search: string;
  columns: string[];
  index: number;
  isCurrent: boolean;
};

function Row({ event, issueId, search, columns, index, isCurrent }: RowProps) {
  const cells = [userOf(event), ...['release', 'environment', ...columns].map((key) => tagOf(event, key))];
  return (
    <tr data-index={index} data-current={isCurrent || undefined} aria-rowindex={index + 2}>
      <td>
        <TimeAgo date={event.dateCreated} />
      </td>
      <td>
        <Link to={`/issues/${issueId}/events/${event.eventID}/${search}`} title={event.eventID}>
          <code>{event.eventID.slice(0, 8)}</code>
        </Link>
      </td>
      <td className={styles['title']} title={event.message || event.title}>
        {event.title}
      </td>
      {cells.map((text, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        <td key={nth} title={text}>
          {text}
        </td>
      ))}
    </tr>
  );
}

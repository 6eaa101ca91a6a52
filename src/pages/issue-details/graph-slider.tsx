import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { EventsStats } from '../../../server/protocol/contract.ts';
import styles from './event-graph.module.css';
import {
  bucketAt,
  bucketCount,
  bucketStart,
  describeBucket,
  describeGraph,
  type Measure,
  releasesIn,
  shareOf,
} from './graph-buckets.ts';
import { type TimeRange, toRange } from './time-range.ts';

type Handlers = {
  /** The bucket under the pointer; null when it left. */
  onHover: (index: number | null) => void;
  /** First and last bucket of what was drawn. */
  onSelect: (first: number, last: number) => void;
};
type Props = {
  stats: EventsStats;
  measure: Measure;
  withReleases: boolean;
  /** Unix milliseconds. */
  eventTime: number | null;
  onZoom: (range: TimeRange) => void;
  onZoomOut: (() => void) | null;
  children: (handlers: Handlers) => ReactNode;
};

/**
 * The graph as something to go through: for screen readers and keys a slider over its buckets, each of which says what
 * it holds. The marks of releases and of the open event lie over the bars.
 */
export function GraphSlider({ stats, measure, withReleases, eventTime, onZoom, onZoomOut, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const hint = useId();
  const [hovered, setHovered] = useState<number | null>(null);
  const [kept, setKept] = useState<number | null>(null);
  const [isFocused, setFocused] = useState(false);
  const last = bucketCount(stats) - 1;
  const open = eventTime === null ? null : bucketAt(stats, eventTime);
  const current = Math.min(kept ?? open ?? last, last);
  const shown = hovered ?? (isFocused ? current : null);
  const words = (index: number) => describeBucket(stats, index, measure, { withReleases, eventTime });
  const zoom = (from: number, to: number) => {
    setKept(null);
    setHovered(null);
    onZoom(toRange(bucketStart(stats, from), bucketStart(stats, to + 1)));
    box.current?.focus();
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => setKept(Math.max(0, current - 1)),
    ArrowDown: () => setKept(Math.max(0, current - 1)),
    ArrowRight: () => setKept(Math.min(last, current + 1)),
    ArrowUp: () => setKept(Math.min(last, current + 1)),
    Home: () => setKept(0),
    End: () => setKept(last),
    PageUp: () => setKept(nextMark(stats, current, 1) ?? last),
    PageDown: () => setKept(nextMark(stats, current, -1) ?? 0),
    Enter: () => zoom(current, current),
    ...(onZoomOut && { Escape: onZoomOut }),
  };
  const press = (event: KeyboardEvent) => {
    const run = Object.hasOwn(keys, event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
    if (!run) return;
    event.preventDefault();
    setHovered(null);
    run();
  };
  return (
    <div
      ref={box}
      className={styles['buckets']}
      role="slider"
      tabIndex={0}
      aria-label={measure === 'events' ? 'Events over time' : 'Users over time'}
      aria-describedby={hint}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={current}
      aria-valuetext={words(current)}
      onKeyDown={press}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <span id={hint} hidden>
        {describeGraph(stats, measure)}
      </span>
      {children({ onHover: setHovered, onSelect: zoom })}
      <div className={styles['marks']} aria-hidden="true">
        {shown !== null && (
          <span
            className={styles['current']}
            style={{ left: percent(shown / (last + 1)), width: percent(1 / (last + 1)) }}
          />
        )}
        {withReleases && <ReleaseMarks stats={stats} />}
        {eventTime !== null && <EventMark share={shareOf(stats, eventTime)} />}
      </div>
      {shown !== null && (
        <output className={styles['readout']} data-side={shown > last / 2 ? 'left' : 'right'} aria-hidden="true">
          {words(shown)}
        </output>
      )}
    </div>
  );
}

const percent = (share: number) => `${share * 100}%`;

function ReleaseMarks({ stats }: { stats: EventsStats }) {
  return stats.releases.map(({ version, time }) => {
    const share = shareOf(stats, time);
    return share !== null && <span key={version} className={styles['release']} style={{ left: percent(share) }} />;
  });
}

function EventMark({ share }: { share: number | null }) {
  return share !== null && <span className={styles['event']} style={{ left: percent(share) }} />;
}

/** The next bucket on the way in which a release began; null when there is none. */
function nextMark(stats: EventsStats, from: number, step: 1 | -1): number | null {
  for (let at = from + step; at >= 0 && at < bucketCount(stats); at += step) {
    if (releasesIn(stats, at).length > 0) return at;
  }
  return null;
}

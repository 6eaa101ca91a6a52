import { lazy } from 'react';
import type { EventsStats } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { formatCount, formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { useStoredFlag } from '../../components/stored.ts';
import { parseTime } from '../../components/time.ts';
import styles from './event-graph.module.css';
import type { Measure } from './graph-buckets.ts';
import { GraphSlider } from './graph-slider.tsx';
import type { TimeRange } from './time-range.ts';

const EventPlot = lazy(async () => ({ default: (await import('./event-plot.tsx')).EventPlot }));

type Props = {
  /** Undefined until it is there. */
  stats: EventsStats | undefined;
  /** They are those of the filter before. */
  isStale: boolean;
  error: Error | null;
  onRetry: () => void;
  /** The server could not read the search, which is said beside it. */
  isUnread: boolean;
  eventTime: string | null;
  onZoom: (range: TimeRange) => void;
  /** Null where the range is not one that was set. */
  onZoomOut: (() => void) | null;
};

/** Events or users over time, what matches the filter over all; a range drawn on it becomes the filter's. */
export function EventGraph({ stats: data, isStale, error, onRetry, isUnread, eventTime, onZoom, onZoomOut }: Props) {
  const [countsUsers, setCountsUsers] = useStoredFlag('stackmend-graph-users', false);
  const [withReleases, setWithReleases] = useStoredFlag('stackmend-graph-releases', true);
  if (isUnread) return <p className={styles['words']}>The graph waits for a search that can be read.</p>;
  if (error) {
    return (
      <p className={styles['words']} role="status">
        The graph could not be loaded: {error.message}{' '}
        <Button look="quiet" onClick={onRetry}>
          Load the graph
        </Button>
      </p>
    );
  }
  if (!data) return <Skeleton label="Loading the graph" rows={3} height={12} />;
  const measure: Measure = countsUsers ? 'users' : 'events';
  return (
    <div className={styles['graph']} aria-busy={isStale}>
      <fieldset className={styles['legend']} aria-label="What the graph shows">
        <Toggle
          label="Events"
          matching={data.matching?.eventCount}
          total={data.total.eventCount}
          isOn={!countsUsers}
          onClick={() => setCountsUsers(false)}
        />
        <Toggle
          label="Users"
          matching={data.matching?.userCount}
          total={data.total.userCount}
          isOn={countsUsers}
          onClick={() => setCountsUsers(true)}
        />
        {data.releases.length > 0 && (
          <button type="button" aria-pressed={withReleases} onClick={() => setWithReleases(!withReleases)}>
            <i className={styles['releaseKey']} aria-hidden="true" />
            Releases
          </button>
        )}
      </fieldset>
      <div className={styles['plot']}>
        {data.total.eventCount === 0 ? (
          <p className={styles['words']}>No events in this time.</p>
        ) : (
          <LateCode what="The graph">
            <GraphSlider
              stats={data}
              measure={measure}
              withReleases={withReleases}
              eventTime={parseTime(eventTime)}
              onZoom={onZoom}
              onZoomOut={onZoomOut}
            >
              {(handlers) => <EventPlot stats={data} measure={measure} {...handlers} />}
            </GraphSlider>
          </LateCode>
        )}
        {onZoomOut && (
          <Button className={styles['out']} icon="left" title="Back to the range before (Escape)" onClick={onZoomOut}>
            Zoom out
          </Button>
        )}
      </div>
    </div>
  );
}

type ToggleProps = {
  label: string;
  matching: number | undefined;
  total: number;
  isOn: boolean;
  onClick: () => void;
};

function Toggle({ label, matching, total, isOn, onClick }: ToggleProps) {
  const exact = matching === undefined ? formatExact(total) : `${formatExact(matching)} of ${formatExact(total)}`;
  return (
    <button type="button" aria-pressed={isOn} title={`${exact} ${label.toLowerCase()}`} onClick={onClick}>
      <b>{matching === undefined ? formatCount(total) : `${formatCount(matching)} of ${formatCount(total)}`}</b> {label}
    </button>
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { Issue } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { type EventFilter, noFilter } from '../../api/event-filter.ts';
import { eventsStatsQuery } from '../../api/events-stats.ts';
import { issueTagsQuery } from '../../api/issues.ts';
import { Boundary } from '../../components/boundary.tsx';
import { Button } from '../../components/button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { Select } from '../../components/select.tsx';
import { useStoredFlag } from '../../components/stored.ts';
import { useTimeZone } from '../../components/time-zone.ts';
import { useIdle } from '../../components/use-idle.ts';
import { QueryInput } from '../issues/query-input.tsx';
import styles from './event-filters.module.css';
import { describeRange, periods, type TimeRange, wholeTime } from './time-range.ts';
import { useEventFilter } from './use-event-filter.ts';
import { useIsNarrow } from './use-is-narrow.ts';

const EventGraph = lazy(async () => ({ default: (await import('./event-graph.tsx')).EventGraph }));
const TimeRangeDialog = lazy(async () => ({ default: (await import('./time-range-dialog.tsx')).TimeRangeDialog }));

type Props = { issue: Issue; eventTime: string | null; active: number };

/** @param props.active how many filters are set */
export function FilterBar({ issue, eventTime, active }: Props) {
  const { filter, change } = useEventFilter();
  const isNarrow = useIsNarrow();
  // The range and the graph tell absolute times.
  useTimeZone();
  const [isUnfolded, setUnfolded] = useStoredFlag('stackmend-event-filters', false);
  const isOpen = !isNarrow || isUnfolded;
  const isIdle = useIdle();
  // Read here: a query tells only of what was read, and the graph may come after its answer.
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...eventsStatsQuery(issue.id, filter),
    enabled: isIdle && isOpen,
  });
  const unread = error instanceof ApiError && error.status === 400 ? error.message : null;
  const zoom = useZoom(filter, change);
  return (
    <section className={styles['filters']} aria-label="Filters">
      {isNarrow && (
        <div className={styles['fold']}>
          <Button icon="filter" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
            {active > 0 ? `Filters (${active})` : 'Filters'}
          </Button>
          {active > 0 && (
            <Button look="quiet" onClick={() => change(noFilter)}>
              Clear
            </Button>
          )}
        </div>
      )}
      {isOpen && (
        <>
          <div className={styles['controls']}>
            <EnvironmentSelect
              issueId={issue.id}
              value={filter.environment}
              onChange={(environment) => change({ environment })}
            />
            <RangeSelect filter={filter} onChange={change} />
            <EventSearch
              issueId={issue.id}
              query={filter.query}
              error={unread}
              onSearch={(query) => change({ query })}
            />
          </div>
          <div className={styles['graph']}>
            {isIdle && (
              <Boundary what="The graph">
                <Suspense>
                  <EventGraph
                    stats={data}
                    isStale={isPlaceholderData}
                    error={error}
                    onRetry={() => void refetch()}
                    isUnread={unread !== null}
                    eventTime={eventTime}
                    {...zoom}
                  />
                </Suspense>
              </Boundary>
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** Narrowing the range by the graph, and the way back: to the range before, or after a reload to all. */
function useZoom(filter: EventFilter, change: (range: TimeRange) => void) {
  const before = useRef<TimeRange[]>([]);
  const { statsPeriod, start, end } = filter;
  return {
    onZoom: (range: TimeRange) => {
      before.current.push({ statsPeriod, start, end });
      change(range);
    },
    onZoomOut: start || end ? () => change(before.current.pop() ?? wholeTime) : null,
  };
}

const environmentKey = 'environment';

function EnvironmentSelect({
  issueId,
  value,
  onChange,
}: {
  issueId: string;
  value: string;
  onChange: (environment: string) => void;
}) {
  const tags = useQuery(issueTagsQuery(issueId));
  const found = tags.data?.find(({ key }) => key === environmentKey)?.topValues ?? [];
  const options = found.flatMap((each) => (each.value ? [{ id: each.value, label: each.value }] : []));
  return (
    <Select
      label="Environment"
      value={value}
      options={[{ id: '', label: 'All environments' }, ...options]}
      onChange={onChange}
    />
  );
}

function RangeSelect({ filter, onChange }: { filter: EventFilter; onChange: (range: TimeRange) => void }) {
  const [isAsking, setAsking] = useState(false);
  const isAbsolute = Boolean(filter.start || filter.end);
  return (
    <>
      <Select
        label="Time range"
        value={isAbsolute ? 'set' : filter.statsPeriod}
        options={[
          ...periods,
          ...(isAbsolute ? [{ id: 'set', label: describeRange(filter) }] : []),
          { id: 'ask', label: isAbsolute ? 'Another range…' : 'From … to …' },
        ]}
        onChange={(period) => {
          if (period === 'ask') setAsking(true);
          else if (period !== 'set') onChange({ ...wholeTime, statsPeriod: period });
        }}
      />
      {isAsking && (
        <LateCode what="The dialog">
          <TimeRangeDialog
            range={filter}
            onChoose={(range) => {
              setAsking(false);
              onChange(range);
            }}
            onClose={() => setAsking(false)}
          />
        </LateCode>
      )}
    </>
  );
}

type SearchProps = { issueId: string; query: string; error: string | null; onSearch: (query: string) => void };

function EventSearch({ issueId, ...search }: SearchProps) {
  const queryClient = useQueryClient();
  const source = useMemo(
    () => ({
      id: `events of ${issueId}`,
      keys: async () => (await import('./event-completion.ts')).eventKeys(queryClient, issueId),
      values: async (key: string, typed: string) =>
        (await import('./event-completion.ts')).eventValues(queryClient, issueId, key, typed),
    }),
    [queryClient, issueId],
  );
  return (
    <QueryInput {...search} label="Search events" placeholder="Filter events: key:value or words" source={source} />
  );
}

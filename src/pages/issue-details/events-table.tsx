import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { Issue } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { countFilters } from '../../api/event-filter.ts';
import { type EventOrder, issueEventsQuery } from '../../api/events.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { EventColumns } from './event-columns.tsx';
import { EventFilters } from './event-filters.tsx';
import { EventRows } from './event-rows.tsx';
import styles from './events-table.module.css';
import { useIssue } from './issue-page.tsx';
import { NoMatch } from './no-match.tsx';
import { useEventColumns } from './use-event-columns.ts';
import { useEventFilter } from './use-event-filter.ts';

/** `/issues/:issueId/events/`: the events of the issue that match the filter, newest first unless turned around. */
export function EventsTable() {
  const issue = useIssue();
  return (
    <>
      <EventFilters issue={issue} />
      <Events issue={issue} />
    </>
  );
}

/** Where the server stops counting what matches a search. */
const mostCounted = 1000;

function Events({ issue }: { issue: Issue }) {
  const { filter, search } = useEventFilter();
  const [order, setOrder] = useOrder();
  const { columns, toggle } = useEventColumns();
  const events = useInfiniteQuery(issueEventsQuery(issue.id, filter, order));
  if (events.isPending) return <Skeleton label="Loading events" rows={12} />;
  if (!events.data) return <Failed error={events.error} onRetry={() => events.refetch()} />;
  const rows = events.data.pages.flatMap((page) => page.items);
  const isFiltered = countFilters(filter) > 0;
  if (rows.length === 0) {
    return isFiltered ? <NoMatch /> : <Notice icon="list" title="This issue has no stored events." />;
  }
  return (
    <section className={styles['events']} aria-label="All events">
      <div className={styles['head']}>
        <h2>
          {isFiltered ? 'Events that match' : 'All events'}{' '}
          <span>{isFiltered ? countHits(events.data.pages[0]?.hits ?? null) : formatExact(issue.count)}</span>
        </h2>
        <EventColumns issueId={issue.id} chosen={columns} onToggle={toggle} />
        <ButtonLink look="quiet" icon="close" to={`/issues/${issue.id}/${search}`}>
          Close
        </ButtonLink>
      </div>
      <EventRows
        // Another list begins at its top.
        key={`${search} ${order}`}
        issueId={issue.id}
        rows={rows}
        columns={columns}
        search={search}
        order={order}
        onOrder={setOrder}
        isBusy={events.isPlaceholderData}
        hasMore={events.hasNextPage && !events.isFetchNextPageError}
        onNeedMore={() => !events.isFetchingNextPage && void events.fetchNextPage()}
      />
      {events.isFetchNextPageError && (
        <p role="alert" className={styles['fault']}>
          More could not be loaded: {events.error?.message}{' '}
          <Button onClick={() => events.fetchNextPage()}>Load more events</Button>
        </p>
      )}
    </section>
  );
}

const countHits = (hits: number | null) =>
  hits === null ? '' : hits === mostCounted ? `${formatExact(hits)} or more` : formatExact(hits);

function useOrder(): [EventOrder, (order: EventOrder) => void] {
  const [parameters, setParameters] = useSearchParams();
  const order = parameters.get('sort') === 'timestamp' ? 'oldest' : 'newest';
  const set = (next: EventOrder) =>
    setParameters(
      (before) => {
        const changed = new URLSearchParams(before);
        if (next === 'oldest') changed.set('sort', 'timestamp');
        else changed.delete('sort');
        return changed;
      },
      { preventScrollReset: true },
    );
  return [order, set];
}

function Failed({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  // What is wrong with it is said at the field.
  if (error instanceof ApiError && error.status === 400)
    return <Notice icon="search" title="The filter could not be read." />;
  return (
    <Notice kind="error" title="The events could not be loaded.">
      <p>{error?.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}

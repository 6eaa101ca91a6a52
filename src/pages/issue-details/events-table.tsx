import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { EventRow } from '../../../server/protocol/contract.ts';
import { issueEventsQuery } from '../../api/issues.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './events-table.module.css';
import { useIssue } from './issue-page.tsx';

/** `/issues/:issueId/events/`: all events of the issue, newest first. */
export function EventsTable() {
  const issue = useIssue();
  const events = useInfiniteQuery(issueEventsQuery(issue.id));
  if (events.isPending) return <Skeleton label="Loading events" rows={12} />;
  if (!events.data) {
    return (
      <Notice kind="error" title="The events could not be loaded.">
        <p>{events.error.message}</p>
        <Button onClick={() => events.refetch()}>Try again</Button>
      </Notice>
    );
  }
  const rows = events.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Notice icon="list" title="This issue has no stored events." />;
  return (
    <section className={styles['events']} aria-label="All events">
      <div className={styles['head']}>
        <h2>
          All events <span>{formatExact(issue.count)}</span>
        </h2>
        <ButtonLink look="quiet" icon="close" to={`/issues/${issue.id}/`}>
          Close
        </ButtonLink>
      </div>
      <div className={styles['scroll']}>
        <table>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col">When</th>
              <th scope="col">Title</th>
              <th scope="col">Release</th>
              <th scope="col">Environment</th>
              <th scope="col">User</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((event) => (
              <Row key={event.id} event={event} issueId={issue.id} />
            ))}
          </tbody>
        </table>
      </div>
      {events.hasNextPage && (
        <Button disabled={events.isFetchingNextPage} onClick={() => events.fetchNextPage()}>
          {events.isFetchingNextPage ? 'Loading…' : 'Show more events'}
        </Button>
      )}
      {events.isFetchNextPageError && <p role="alert">More could not be loaded: {events.error?.message}</p>}
    </section>
  );
}

const tagOf = (event: EventRow, key: string) => event.tags.find((tag) => tag.key === key)?.value;

function Row({ event, issueId }: { event: EventRow; issueId: string }) {
  return (
    <tr>
      <td>
        <Link to={`/issues/${issueId}/events/${event.eventID}/`} title={event.eventID}>
          <code>{event.eventID.slice(0, 8)}</code>
        </Link>
      </td>
      <td>
        <TimeAgo date={event.dateCreated} />
      </td>
      <td className={styles['title']}>{event.title}</td>
      <td>{tagOf(event, 'release')}</td>
      <td>{tagOf(event, 'environment')}</td>
      <td>{tagOf(event, 'user')}</td>
    </tr>
  );
}

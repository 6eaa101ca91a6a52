import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useParams } from 'react-router';
import { ApiError } from '../../api/api-error.ts';
import { eventQuery, isAlias } from '../../api/events.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StickyStrip } from '../../components/sticky-strip.tsx';
import { EventAside } from './event-aside.tsx';
import { EventFilters } from './event-filters.tsx';
import { EventNavigation } from './event-navigation.tsx';
import { EventSections } from './event-sections.tsx';
import styles from './event-view.module.css';
import { useIssue } from './issue-page.tsx';
import { JumpLinks } from './jump-links.tsx';
import { NoMatch } from './no-match.tsx';
import { useEventFilter } from './use-event-filter.ts';

/** `/issues/:issueId/events/:eventId/`; without an event, the recommended one. The event before stays until the next is there. */
export function EventView() {
  const issue = useIssue();
  const { eventId = 'recommended' } = useParams();
  const { filter } = useEventFilter();
  const event = useQuery({ ...eventQuery(issue.id, eventId, filter), placeholderData: keepPreviousData });
  // An answer is drawn in one task, however large the event is; a deferred one in many, between which clicks are heard.
  const shown = useDeferredValue(event.data);
  return (
    <div className={styles['view']} aria-busy={event.isPlaceholderData || shown !== event.data}>
      <div className={styles['main']}>
        <EventFilters issue={issue} eventTime={shown?.dateCreated ?? null} />
        {!shown && !event.isError && <Skeleton label="Loading the event" rows={12} />}
        {shown && (
          <>
            <StickyStrip className={styles['strip']}>
              <EventNavigation issue={issue} event={shown} shown={eventId} />
              <JumpLinks key={shown.id} />
            </StickyStrip>
            <EventSections event={shown} project={issue.project.slug} />
          </>
        )}
        {event.isError && !shown && (
          <EventError error={event.error} issueId={issue.id} onRetry={() => event.refetch()} />
        )}
      </div>
      {shown && <EventAside issue={issue} event={shown} />}
    </div>
  );
}

function EventError({ error, issueId, onRetry }: { error: Error; issueId: string; onRetry: () => void }) {
  const { eventId } = useParams();
  const { search } = useEventFilter();
  const status = error instanceof ApiError ? error.status : 0;
  // An event that is named by its id need not match.
  if (status === 404 && search && isAlias(eventId ?? 'recommended')) return <NoMatch />;
  // What is wrong with it is said at the field.
  if (status === 400 && search) return <Notice icon="search" title="The filter could not be read." />;
  if (status === 404) {
    return (
      <Notice icon="search" title="There is no such event in this issue.">
        <ButtonLink to={`/issues/${issueId}/`}>The recommended event</ButtonLink>
        <ButtonLink to={`/issues/${issueId}/events/`}>All events</ButtonLink>
      </Notice>
    );
  }
  return (
    <Notice kind="error" title="The event could not be loaded.">
      <p>{error.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}

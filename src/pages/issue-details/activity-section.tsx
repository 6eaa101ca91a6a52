import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { activitiesOf, activitiesQuery } from '../../api/activity.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { ActivityEntry } from './activity-entry.tsx';
import styles from './activity-section.module.css';
import { NewNote } from './new-note.tsx';

/** While the page is seen, others' changes come this late. */
const pollMs = 10_000;
/** The newest; the rest, which is history, at a press. */
const mostShown = 5;

/** What was done to an issue, by whom, and what people wrote about it; the newest first. */
export function ActivitySection({ issueId }: { issueId: string }) {
  const activities = useInfiniteQuery({ ...activitiesQuery(issueId), refetchInterval: pollMs });
  const all = useMemo(() => activities.data && activitiesOf(activities.data), [activities.data]);
  const [showsAll, setShowsAll] = useState(false);
  const me = useQuery(sessionQuery).data?.user?.id;
  const notes = all?.filter(({ type }) => type === 'note').length ?? 0;
  const { hasNextPage, isFetchingNextPage } = activities;
  const shown = showsAll ? all : all?.slice(0, mostShown);
  const hidden = (all?.length ?? 0) - (shown?.length ?? 0);
  return (
    <section id="activity" aria-label="Activity" className={styles['section']}>
      <h2>
        Activity
        {notes > 0 && (
          <span>{notes === 1 && !hasNextPage ? '1 comment' : `${notes}${hasNextPage ? '+' : ''} comments`}</span>
        )}
      </h2>
      <NewNote key={issueId} issueId={issueId} />
      {activities.isPending && <Skeleton label="Loading the activity" rows={3} />}
      {activities.isError && (
        <p role="alert" className={styles['error']}>
          {failureWords(activities)}
          {activities.error.message}{' '}
          <Button
            look="quiet"
            onClick={() => (activities.isFetchNextPageError ? activities.fetchNextPage() : activities.refetch())}
          >
            Try again
          </Button>
        </p>
      )}
      {shown?.length === 0 && <p className={styles['empty']}>Nothing was done or written yet.</p>}
      {shown && shown.length > 0 && (
        <ol className={styles['entries']} aria-busy={isFetchingNextPage || undefined}>
          {shown.map((activity) => (
            <ActivityEntry key={activity.id} issueId={issueId} activity={activity} me={me} />
          ))}
        </ol>
      )}
      {(hidden > 0 || hasNextPage) && (
        <Button
          look="quiet"
          className={styles['more']}
          disabled={isFetchingNextPage}
          onClick={() => (hidden > 0 ? setShowsAll(true) : activities.fetchNextPage())}
        >
          {isFetchingNextPage ? 'Loading older…' : hidden > 0 && !hasNextPage ? `Show ${hidden} older` : 'Show older'}
        </Button>
      )}
    </section>
  );
}

function failureWords({ data, isFetchNextPageError }: { data: unknown; isFetchNextPageError: boolean }): string {
  if (isFetchNextPageError) return 'What is older could not be loaded: ';
  return data ? 'What you see may be old: ' : 'The activity could not be loaded: ';
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Activity } from '../../../server/protocol/contract.ts';
import { activitiesQuery } from '../../api/activity.ts';
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
  const activities = useQuery({ ...activitiesQuery(issueId), refetchInterval: pollMs });
  const notes = activities.data?.filter(({ type }) => type === 'note').length ?? 0;
  return (
    <section id="activity" aria-label="Activity" className={styles['section']}>
      <h2>
        Activity
        {notes > 0 && <span>{notes === 1 ? '1 comment' : `${notes} comments`}</span>}
      </h2>
      <NewNote key={issueId} issueId={issueId} />
      {activities.isPending && <Skeleton label="Loading the activity" rows={3} />}
      {activities.isError && (
        <p role="alert" className={styles['error']}>
          {activities.data ? 'What you see may be old: ' : 'The activity could not be loaded: '}
          {activities.error.message}{' '}
          <Button look="quiet" onClick={() => activities.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {activities.data && <Entries issueId={issueId} activities={activities.data} />}
    </section>
  );
}

function Entries({ issueId, activities }: { issueId: string; activities: Activity[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const me = useQuery(sessionQuery).data?.user?.id;
  if (activities.length === 0) return <p className={styles['empty']}>Nothing was done or written yet.</p>;
  const shown = showsAll ? activities : activities.slice(0, mostShown);
  const hidden = activities.length - shown.length;
  return (
    <>
      <ol className={styles['entries']}>
        {shown.map((activity) => (
          <ActivityEntry key={activity.id} issueId={issueId} activity={activity} me={me} />
        ))}
      </ol>
      {hidden > 0 && (
        <Button look="quiet" className={styles['more']} onClick={() => setShowsAll(true)}>
          Show {hidden} older
        </Button>
      )}
    </>
  );
}

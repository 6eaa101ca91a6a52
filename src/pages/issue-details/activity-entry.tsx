import { lazy } from 'react';
import { Link } from 'react-router';
import type { Activity } from '../../../server/protocol/contract.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import styles from './activity-section.module.css';
import { dataOf, describeDeed } from './activity-words.ts';

/** Few issues have notes; their words are there at once, what changes them a little later. */
const NoteEntry = lazy(async () => ({ default: (await import('./note-entry.tsx')).NoteEntry }));

const icons: Record<string, IconName> = {
  set_resolved: 'check',
  set_ignored: 'archive',
  set_unresolved: 'list',
  set_regression: 'warning',
  set_priority: 'filter',
  assigned: 'user',
  unassigned: 'user',
  first_seen: 'star',
};

export type EntryProps = { issueId: string; activity: Activity /** Id of who looks at it. */; me: string | undefined };

/** One thing that was done: by whom, what, when. What nobody did, the server did by itself. */
export function ActivityEntry(props: EntryProps) {
  const { issueId, activity, me } = props;
  const now = useNow();
  if (activity.type === 'note') {
    return (
      <LateCode what="The comment" fallback={<PlainNote {...props} />}>
        <NoteEntry {...props} />
      </LateCode>
    );
  }
  const { words, eventId } = describeDeed(activity, now);
  const { user, type } = activity;
  return (
    <li className={styles['entry']} data-type={type}>
      <span className={styles['mark']}>
        <Icon name={(Object.hasOwn(icons, type) && icons[type]) || 'info'} />
      </span>
      <p>
        {user && <strong>{user.id === me ? 'You' : user.name} </strong>}
        <span className={styles['deed']}>{words}</span>
        {eventId && (
          <>
            {' '}
            <Link to={`/issues/${issueId}/events/${encodeURIComponent(eventId)}/`}>See the event</Link>
          </>
        )}
        <span className={styles['when']}>
          {!user && type !== 'first_seen' && <span>by the server · </span>}
          <TimeAgo date={activity.dateCreated} />
        </span>
      </p>
    </li>
  );
}

function PlainNote({ activity, me }: EntryProps) {
  return (
    <li className={styles['entry']} data-type="note">
      <NoteHead activity={activity} me={me} />
      <div className={styles['note']}>
        <p className={styles['plain']}>{dataOf(activity).text}</p>
      </div>
    </li>
  );
}

/** Who wrote a note, and when. */
export function NoteHead({ activity: { user, dateCreated }, me }: Omit<EntryProps, 'issueId'>) {
  const name = user?.name ?? 'Somebody';
  return (
    <>
      <span className={styles['mark']}>
        <Avatar name={name} />
      </span>
      <p>
        <strong>{user?.id === me ? 'You' : name}</strong>
        <span className={styles['when']}>
          <TimeAgo date={dateCreated} />
        </span>
      </p>
    </>
  );
}

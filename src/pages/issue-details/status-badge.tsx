import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Issue } from '../../../server/protocol/contract.ts';
import { activitiesOf, activitiesQuery } from '../../api/activity.ts';
import { sessionQuery } from '../../api/session.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { formatAbsolute, parseTime } from '../../components/time.ts';
import { useTimeZone } from '../../components/time-zone.ts';
import { useNow } from '../../components/use-now.ts';
import { regressedIn } from './regressed-in.ts';
import styles from './status-badge.module.css';
import { describeDetails } from './status-words.ts';

type Look = { words: string; tone: Tone; title: string };
type Status = Pick<Issue, 'status' | 'substatus' | 'statusDetails'>;

const bySubstatus: Record<string, Look> = {
  new: { words: 'New', tone: 'info', title: 'First seen not long ago' },
  ongoing: { words: 'Ongoing', tone: 'neutral', title: 'Unresolved' },
  regressed: { words: 'Regressed', tone: 'warning', title: 'It was resolved, and happened again' },
  escalating: { words: 'Escalating', tone: 'warning', title: 'More events than before' },
};
const unresolved: Look = { words: 'Unresolved', tone: 'neutral', title: 'Unresolved' };

function lookOf({ status, substatus, statusDetails = {} }: Status): Look {
  if (status === 'resolved') {
    const { inNextRelease, inRelease } = statusDetails;
    const when = inRelease ? 'an event of a newer release' : inNextRelease ? 'an event of that release' : 'a new event';
    return { words: 'Resolved', tone: 'success', title: `Resolved; ${when} makes it unresolved again` };
  }
  if (status === 'ignored') {
    const until = parseTime(statusDetails.ignoreUntil);
    const title = until === null ? '' : `\n${formatAbsolute(until)}`;
    const isWaiting = describeDetails(status, statusDetails) !== '';
    const words = isWaiting ? 'Archived; it comes back by itself' : 'Archived: new events do not bring it back';
    return { words: 'Archived', tone: 'neutral', title: words + title };
  }
  return (substatus && Object.hasOwn(bySubstatus, substatus) ? bySubstatus[substatus] : undefined) ?? unresolved;
}

const quietWords = ['New', 'Ongoing', 'Unresolved'];

/** What state an issue is in, as one word, and only where it stands out in a list; the reason is its title. */
export function StatusBadge({ issue }: { issue: Status }) {
  // Its words tell a time.
  useTimeZone();
  const { words, tone, title } = lookOf(issue);
  if (quietWords.includes(words)) return null;
  const details = describeDetails(issue.status, issue.statusDetails);
  return (
    <Badge tone={tone} title={details ? `${words} ${details}\n${title}` : title}>
      {words}
    </Badge>
  );
}

/** What state an issue is in, why, and who says so: "Archived until 14:00 by Ada Lovelace". */
export function IssueStatus({ issue }: { issue: Issue }) {
  const now = useNow();
  useTimeZone();
  const { words, tone, title } = lookOf(issue);
  const isRegressed = issue.status === 'unresolved' && issue.substatus === 'regressed';
  const activities = useInfiniteQuery({ ...activitiesQuery(issue.id), enabled: isRegressed });
  const release = isRegressed && activities.data ? regressedIn(activitiesOf(activities.data)) : null;
  const details = release ? `in ${release}` : describeDetails(issue.status, issue.statusDetails, now);
  const me = useQuery(sessionQuery).data?.user?.id;
  const { actor } = issue.statusDetails ?? {};
  return (
    <span className={styles['status']}>
      <Badge tone={tone} title={title}>
        {words}
        {details && <span className={styles['details']}>{details}</span>}
      </Badge>
      {actor && issue.status !== 'unresolved' && (
        <span className={styles['by']}>by {actor.id === me ? 'you' : actor.name}</span>
      )}
    </span>
  );
}

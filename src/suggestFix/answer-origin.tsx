import { Link } from 'react-router';
import type { Suggestion } from '../../server/protocol/contract.ts';
import { TimeAgo } from '../components/time-ago.tsx';
import styles from './answer.module.css';
import { tookWords } from './answer-words.ts';

/** Who made an answer, when, and from which event: the events of an issue share theirs. */
export function AnswerOrigin({
  suggestion,
  issueId,
  eventId,
}: {
  suggestion: Suggestion;
  issueId: string;
  eventId: string;
}) {
  const { model, endpoint, dateCreated, eventID } = suggestion;
  return (
    <p className={styles['origin']}>
      {model} at {endpoint}, <TimeAgo date={dateCreated} />,{' '}
      {eventID === eventId ? (
        'from this event'
      ) : (
        <>
          from{' '}
          <Link to={`/issues/${encodeURIComponent(issueId)}/events/${encodeURIComponent(eventID)}/`}>
            another event, {eventID.slice(0, 8)}
          </Link>
        </>
      )}
      . {tookWords(suggestion)} May be wrong; nothing of it was run.
    </p>
  );
}

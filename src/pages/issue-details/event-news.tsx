import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMatch, useNavigate } from 'react-router';
import type { Issue } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { formatExact } from '../../components/numbers.ts';
import styles from './event-news.module.css';
import { useEventFilter } from './use-event-filter.ts';

/**
 * Says that events came while the page was open; the issue is asked for again only while it is seen. Lies over the page:
 * what somebody reads must not move.
 */
export function EventNews({ issue }: { issue: Issue }) {
  const [seen, setSeen] = useState(Number(issue.count));
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { search } = useEventFilter();
  const isTable = useMatch('/issues/:issueId/events') !== null;
  const added = Number(issue.count) - seen;
  const forget = () => setSeen(Number(issue.count));
  const show = async () => {
    forget();
    if (!isTable) await navigate(`/issues/${issue.id}/events/latest/${search}`);
    await queryClient.invalidateQueries({ queryKey: ['issues', 'one', issue.id] });
  };
  return (
    <>
      {/* Told once: in a storm the number changes every few seconds. */}
      <p role="status" className={styles['told']}>
        {added > 0 && 'New events came since this was opened.'}
      </p>
      {added > 0 && (
        <div className={styles['news']}>
          <span>{added === 1 ? '1 new event' : `${formatExact(added)} new events`} since this was opened</span>
          <Button look="primary" onClick={show}>
            Show
          </Button>
          <Button look="quiet" icon="close" aria-label="Dismiss the news" onClick={forget} />
        </div>
      )}
    </>
  );
}

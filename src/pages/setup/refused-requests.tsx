import { useQuery } from '@tanstack/react-query';
import { ingestStatusQuery } from '../../api/projects.ts';
import { Badge } from '../../components/badge.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './refused-requests.module.css';

const mostShown = 10;

/** What the server would not take lately, and why: the first thing to read when no event comes. */
export function RefusedRequests({ project }: { project: string }) {
  const status = useQuery({ ...ingestStatusQuery(project), refetchInterval: 3000 });
  if (status.isPending) return <p role="status">Loading refused requests…</p>;
  if (status.isError) return <p role="alert">The refused requests could not be loaded: {status.error.message}</p>;
  const { refused } = status.data;
  if (refused.length === 0) return <p className={styles['none']}>None was refused since the server started.</p>;
  return (
    <>
      <ul className={styles['list']}>
        {refused.slice(0, mostShown).map((request, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two requests may be alike in all that is known of them
          <li key={`${request.dateReceived}-${index}`}>
            <Badge tone="error">{request.status}</Badge>
            <div>
              <p className={styles['detail']}>{request.detail}</p>
              <p className={styles['request']}>
                <code>
                  {request.method} {request.path}
                </code>
                {request.client && <span>{request.client}</span>}
                <TimeAgo date={request.dateReceived} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {refused.length > mostShown && (
        <p className={styles['none']}>and {refused.length - mostShown} more before these</p>
      )}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Outlet, useOutletContext, useParams } from 'react-router';
import type { Issue } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { issueQuery } from '../../api/issues.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { EventNews } from './event-news.tsx';
import { IssueHeader } from './issue-header.tsx';

/** While the page is seen, counts and status are asked for again so often. */
const pollMs = 5000;

/** `/issues/:issueId/...`: what stays while one looks at one event after another. */
export function IssuePage() {
  const { issueId = '' } = useParams();
  const issue = useQuery({ ...issueQuery(issueId), refetchInterval: ({ state }) => (state.data ? pollMs : false) });
  if (issue.isPending) return <Skeleton label="Loading the issue" rows={10} />;
  if (!issue.data) return <IssueError error={issue.error} onRetry={() => issue.refetch()} />;
  return (
    <>
      <title>{`${issue.data.title} · ${issue.data.shortId}`}</title>
      <IssueHeader issue={issue.data} />
      <Outlet key={issueId} context={issue.data} />
      <EventNews key={`news ${issueId}`} issue={issue.data} />
    </>
  );
}

/** The issue of the page, for the views inside it. */
export const useIssue = (): Issue => useOutletContext<Issue>();

function IssueError({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Notice isPage icon="search" title="There is no such issue.">
        <title>Not found · Stackmend</title>
        <p>It may have been deleted.</p>
        <ButtonLink to="/issues/">All issues</ButtonLink>
      </Notice>
    );
  }
  return (
    <Notice isPage kind="error" title="The issue could not be loaded.">
      <p>{error?.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { Project } from '../../../server/protocol/contract.ts';
import { type IssueSearch, issuesQuery } from '../../api/issues.ts';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { IssueList } from './issue-list.tsx';
import { readSearch, writeSearch } from './issue-query.ts';
import { IssueToolbar } from './issue-toolbar.tsx';
import { IssuesError, NoIssues, UnreadableSearch } from './issues-notices.tsx';
import styles from './issues-page.module.css';
import { Pager } from './pager.tsx';
import { useIssueActions } from './use-issue-actions.ts';

const Setup = lazy(async () => ({ default: (await import('../setup/setup.tsx')).Setup }));

/** While the page is seen, the list asks again so often. */
const pollMs = 3000;

function hasNoEvent(projects: Project[] | undefined): boolean {
  return Boolean(projects?.length) && (projects ?? []).every((project) => project.isInternal || !project.firstEvent);
}

/** `/issues/`: the list; and as long as no project has an event, how to send the first. */
export function IssuesPage() {
  const [parameters, setParameters] = useSearchParams();
  const search = readSearch(parameters);
  const projects =
    useQuery({ ...projectsQuery, refetchInterval: ({ state }) => (hasNoEvent(state.data) ? pollMs : false) }).data ??
    [];
  const project = pickProject(projects, { id: search.project });
  if (hasNoEvent(projects) && project && !search.project) {
    return (
      <Suspense fallback={<Skeleton label="Loading the setup" rows={8} />}>
        <title>Welcome · Stackmend</title>
        <Setup project={project} />
      </Suspense>
    );
  }
  return <Issues search={search} onChange={(change) => setParameters(writeSearch(search, change))} />;
}

type Props = { search: IssueSearch; onChange: (change: Partial<IssueSearch>) => void };

function Issues({ search, onChange }: Props) {
  const issues = useQuery({ ...issuesQuery(search), refetchInterval: pollMs });
  const update = useIssueActions();
  const field = useRef<HTMLInputElement>(null);
  const page = issues.data;
  const refusal = issues.error && 'status' in issues.error && issues.error.status === 400 ? issues.error.message : null;
  return (
    <>
      <title>Issues · Stackmend</title>
      <h1 className={styles['heading']}>Issues</h1>
      <IssueToolbar search={search} error={refusal} field={field} onChange={onChange} />
      {issues.isError && page && !refusal && (
        <p className={styles['old']} role="status">
          What you see may be old: {issues.error.message}
        </p>
      )}
      {issues.isPending && <Skeleton label="Loading issues" rows={10} height={36} />}
      {issues.isError && !page && !refusal && <IssuesError error={issues.error} onRetry={() => issues.refetch()} />}
      {refusal && <UnreadableSearch onChange={onChange} />}
      {page && !refusal && page.items.length === 0 && <NoIssues search={search} onChange={onChange} />}
      {page && !refusal && page.items.length > 0 && (
        <IssueList
          issues={page.items}
          listKey={JSON.stringify(issues.isPlaceholderData ? null : search)}
          isBusy={issues.isPlaceholderData}
          onUpdate={update}
          onFocusSearch={() => field.current?.focus()}
          footer={<Pager page={page} onCursor={(cursor) => onChange({ cursor })} />}
        />
      )}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { IssueSearch } from '../../api/issues.ts';
import { pickProject, projectsQuery } from '../../api/projects.ts';
import { useWhyNot } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { useSamples } from '../import/use-import.ts';
import { withTab } from './issue-query.ts';

export function IssuesError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice kind="error" title="The issues could not be loaded.">
      <p>{error.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}

/** The field says why; here is the way on. */
export function UnreadableSearch({ onChange }: { onChange: (change: Partial<IssueSearch>) => void }) {
  return (
    <Notice icon="search" title="This search cannot be read.">
      <p>The question mark in the field lists what can be asked.</p>
      <Button onClick={() => onChange({ query: 'is:unresolved', statsPeriod: '', sort: 'date' })}>
        Show unresolved issues
      </Button>
    </Notice>
  );
}

type Props = { search: IssueSearch; onChange: (change: Partial<IssueSearch>) => void };

/** An empty list: nothing left to do, nothing that matches, or nothing there at all; each with the step that helps. */
export function NoIssues({ search, onChange }: Props) {
  const words = withTab(search.query, 'all');
  if (words !== '' || search.statsPeriod !== '' || search.cursor !== '') {
    return (
      <Notice icon="search" title="No issue matches.">
        <p>Nothing was found for this search{search.statsPeriod && ' in this period'}.</p>
        {(search.query !== words || search.statsPeriod !== '') && (
          <Button onClick={() => onChange({ query: words, statsPeriod: '' })}>Search every status and time</Button>
        )}
        <Button onClick={() => onChange({ query: '', statsPeriod: '' })}>Clear the search</Button>
      </Notice>
    );
  }
  if (search.query === 'is:unresolved') return <AllDone project={search.project} />;
  return <Notice icon="list" title="No issues here." />;
}

function AllDone({ project: id }: { project: string }) {
  const project = pickProject(useQuery(projectsQuery).data ?? [], { id });
  const samples = useSamples(project?.slug ?? '');
  const whyNot = useWhyNot('event:write');
  return (
    <Notice icon="check" title="No unresolved issues.">
      <p>New ones appear here by themselves.</p>
      <ButtonLink to={`/setup/${project ? `${project.slug}/` : ''}`}>Set up an SDK</ButtonLink>
      <Button whyNot={whyNot} disabled={!project || samples.isPending} onClick={() => samples.mutate()}>
        {samples.isPending ? 'Loading samples…' : 'Load sample events'}
      </Button>
      {samples.isError && <p role="alert">The samples could not be loaded: {samples.error.message}</p>}
    </Notice>
  );
}

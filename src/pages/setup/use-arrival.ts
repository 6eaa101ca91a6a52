import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Issue, Project } from '../../../server/protocol/contract.ts';
import { issuesQuery } from '../../api/issues.ts';

const pollMs = 2000;
const markOf = (issue: Issue | undefined) => (issue ? `${issue.id} ${issue.count} ${issue.lastSeen}` : '');

/** The issue that an event came to since the page was opened; for a project that never had one, any. Null until then. */
export function useArrival(project: Project): Issue | null {
  const search = { query: '', sort: 'date', statsPeriod: '', project: project.id, cursor: '' };
  const { data } = useQuery({ ...issuesQuery(search), refetchInterval: pollMs });
  const newest = data?.items[0];
  const [atFirst, setAtFirst] = useState<string | null>(project.firstEvent ? null : '');
  if (data && atFirst === null) setAtFirst(markOf(newest));
  return newest && atFirst !== null && markOf(newest) !== atFirst ? newest : null;
}

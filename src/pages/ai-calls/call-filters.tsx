import { useQuery } from '@tanstack/react-query';
import type { AiCall } from '../../../server/protocol/contract.ts';
import type { CallFilter } from '../../api/ai-calls.ts';
import { projectsQuery } from '../../api/projects.ts';
import { Select } from '../../components/select.tsx';
import styles from './ai-calls.module.css';
import { statusWords } from './call-words.ts';

type Props = {
  filter: CallFilter;
  /** Those on the page: who made them can be chosen. */
  calls: readonly AiCall[];
  onChange: (change: Partial<CallFilter>) => void;
};

/** Project, user and status. */
export function CallFilters({ filter, calls, onChange }: Props) {
  const projects = useQuery(projectsQuery);
  // Who is gone has a name and no id, and cannot be asked for.
  const users = new Map(
    calls.flatMap(({ user }) => {
      const id = user ? user.id : 'local';
      return id ? [[id, user?.name ?? 'The local user'] as const] : [];
    }),
  );
  return (
    <div className={styles['filters']}>
      <Select
        label="Project"
        value={filter.project}
        options={[
          { id: '', label: 'All projects' },
          ...(projects.data ?? []).map(({ slug, name }) => ({ id: slug, label: name })),
        ]}
        onChange={(project) => onChange({ project })}
      />
      <Select
        label="User"
        value={filter.user}
        options={[{ id: '', label: 'All users' }, ...[...users].map(([id, label]) => ({ id, label }))]}
        onChange={(user) => onChange({ user })}
      />
      <Select
        label="Status"
        value={filter.status}
        options={[
          { id: '', label: 'All that happened' },
          ...Object.entries(statusWords).map(([id, { words }]) => ({ id, label: words })),
        ]}
        onChange={(status) => onChange({ status })}
      />
    </div>
  );
}

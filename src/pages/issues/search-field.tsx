import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useMemo } from 'react';
import { Popover } from '../../components/popover.tsx';
import { QueryInput } from './query-input.tsx';
import type { CompletionSource } from './search-completion.tsx';
import { SearchHelp } from './search-help.tsx';

type Props = {
  /** The query that is listed now. */
  query: string;
  /** Why the server could not read the query. */
  error: string | null;
  onSearch: (query: string) => void;
  /** Id of the project that is listed; empty: all. */
  project: string;
  field: RefObject<HTMLInputElement | null>;
};

/** Comes when somebody types. */
const load = () => import('./issue-completion.ts');

/** The search of the issue list, with its syntax at hand. */
export function SearchField({ project, ...props }: Props) {
  const queryClient = useQueryClient();
  const source = useMemo(
    (): CompletionSource => ({
      id: `issues ${project}`,
      keys: async () => (await load()).issueKeys(),
      values: async (key, typed) => (await load()).issueValues(queryClient, project, key, typed),
    }),
    [queryClient, project],
  );
  return (
    <QueryInput {...props} source={source} label="Search issues" placeholder="is:unresolved level:error some words">
      {(add) => (
        <Popover label="Search syntax" icon="help" showLabel={false} look="quiet">
          {(close) => (
            <SearchHelp
              onPick={(term) => {
                close();
                add(term);
              }}
            />
          )}
        </Popover>
      )}
    </QueryInput>
  );
}

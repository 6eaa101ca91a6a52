import type { RefObject } from 'react';
import { Popover } from '../../components/popover.tsx';
import { QueryInput } from './query-input.tsx';
import { SearchHelp } from './search-help.tsx';

type Props = {
  /** The query that is listed now. */
  query: string;
  /** Why the server could not read the query. */
  error: string | null;
  onSearch: (query: string) => void;
  field: RefObject<HTMLInputElement | null>;
};

/** The search of the issue list, with its syntax at hand. */
export function SearchField(props: Props) {
  return (
    <QueryInput {...props} label="Search issues" placeholder="is:unresolved level:error some words">
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

import { Link } from 'react-router';
import { filterSearch } from '../../api/event-filter.ts';
import { tagQuery, withTerm } from './tag-query.ts';
import { useEventFilter } from './use-event-filter.ts';

type Props = {
  tag: string;
  value: string;
  /** The server's own word for it. */
  given?: unknown;
  onClick?: () => void;
};

/** A tag's value: where it is pressed, only the events with it are looked at. */
export function TagValueLink({ tag, value, given, onClick }: Props) {
  const { filter } = useEventFilter();
  const next =
    tag === 'environment' && value !== ''
      ? { ...filter, environment: value }
      : { ...filter, query: withTerm(filter.query, tagQuery(tag, value, given)) };
  return (
    <Link to={{ search: filterSearch(next) }} preventScrollReset title={value} onClick={onClick}>
      {value || '(empty)'}
    </Link>
  );
}

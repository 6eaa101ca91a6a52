import { useMemo } from 'react';
import { useLocation, useNavigate, useNavigation } from 'react-router';
import { type EventFilter, filterSearch, readEventFilter } from '../../api/event-filter.ts';

/** The filter of the page's URL, and a way to change it that leaves the page where it is. */
export function useEventFilter() {
  const location = useLocation();
  const navigate = useNavigate();
  const { location: next } = useNavigation();
  const filter = useMemo(() => readEventFilter(new URLSearchParams(location.search)), [location.search]);
  const change = (part: Partial<EventFilter>) => {
    // A change that is still under way is not lost with the next.
    const parameters = new URLSearchParams((next?.pathname === location.pathname ? next : location).search);
    for (const [name, value] of Object.entries(part)) {
      if (value) parameters.set(name, value);
      else parameters.delete(name);
    }
    void navigate({ search: parameters.toString() }, { preventScrollReset: true });
  };
  return { filter, search: filterSearch(filter), change };
}

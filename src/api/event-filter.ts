import type { Query } from './api-client.ts';

/** Which events of an issue are looked at; all of it stands in the page's URL under these names. Empty: all. */
export type EventFilter = {
  environment: string;
  /** `24h`, `14d`, ...: up to now. Never together with `start` and `end`. */
  statsPeriod: string;
  /** ISO 8601, UTC; the first moment of an absolute range. */
  start: string;
  /** The first moment after it. */
  end: string;
  query: string;
};

const names = ['environment', 'statsPeriod', 'start', 'end', 'query'] as const;
export const noFilter: EventFilter = { environment: '', statsPeriod: '', start: '', end: '', query: '' };

/** Reads the filter from a page's URL. Times that are none are kept: the server says what is wrong with them. */
export function readEventFilter(parameters: URLSearchParams): EventFilter {
  const filter = { ...noFilter };
  for (const name of names) filter[name] = parameters.get(name)?.trim() ?? '';
  // The server takes one or the other.
  if (filter.start || filter.end) filter.statsPeriod = '';
  return filter;
}

/** As parameters of a request; what is empty is left out. */
export const filterParameters = (filter: EventFilter): Query =>
  Object.fromEntries(names.flatMap((name) => (filter[name] ? [[name, filter[name]]] : [])));

/** As the search part of an address of this page: `?query=level%3Aerror`; empty without a filter. */
export function filterSearch(filter: EventFilter): string {
  const parameters = new URLSearchParams(names.flatMap((name) => (filter[name] ? [[name, filter[name]]] : [])));
  return parameters.size > 0 ? `?${parameters}` : '';
}

/** How many of environment, range and search narrow it. */
export const countFilters = ({ environment, statsPeriod, start, end, query }: EventFilter): number =>
  [environment, statsPeriod || start || end, query].filter(Boolean).length;

import type { IssueSearch } from '../../api/issues.ts';

export const statusTabs = [
  { id: 'unresolved', label: 'Unresolved', term: 'is:unresolved' },
  { id: 'resolved', label: 'Resolved', term: 'is:resolved' },
  { id: 'archived', label: 'Archived', term: 'is:archived' },
  { id: 'all', label: 'All', term: '' },
] as const;
export type StatusTab = (typeof statusTabs)[number]['id'];

export const sorts = [
  { id: 'date', label: 'Last seen' },
  { id: 'new', label: 'First seen' },
  { id: 'freq', label: 'Events' },
  { id: 'user', label: 'Users' },
] as const;

export const periods = [
  { id: '', label: 'Any time' },
  { id: '1h', label: 'Last hour' },
  { id: '24h', label: 'Last 24 hours' },
  { id: '7d', label: 'Last 7 days' },
  { id: '14d', label: 'Last 14 days' },
  { id: '30d', label: 'Last 30 days' },
  { id: '90d', label: 'Last 90 days' },
] as const;

const initial = { query: 'is:unresolved', sort: 'date', statsPeriod: '', project: '', cursor: '' };

/** Reads the list's state from the page's URL. An absent query is the unresolved ones; an empty one is all. */
export function readSearch(parameters: URLSearchParams): IssueSearch {
  const read = (key: keyof IssueSearch) => parameters.get(key) ?? initial[key];
  return {
    query: read('query'),
    sort: read('sort'),
    statsPeriod: read('statsPeriod'),
    project: read('project'),
    cursor: read('cursor'),
  };
}

/** Writes it back, leaving out what is as at the start. Any change but of the page begins again at the first page. */
export function writeSearch(search: IssueSearch, change: Partial<IssueSearch>): URLSearchParams {
  const next = { ...search, cursor: '', ...change };
  const parameters = new URLSearchParams();
  for (const key of ['project', 'query', 'sort', 'statsPeriod', 'cursor'] as const) {
    if (next[key] !== initial[key]) parameters.set(key, next[key]);
  }
  return parameters;
}

const statusTerm = /(?:^|\s)is:(unresolved|resolved|archived|ignored)(?=\s|$)/g;

/** Which tab a query belongs to: the last `is:` of a status counts; none is All. A negated one belongs to none. */
export function tabOf(query: string): StatusTab | null {
  if (/(?:^|\s)!is:/.test(query)) return null;
  const status = [...query.matchAll(statusTerm)].at(-1)?.[1];
  if (!status) return 'all';
  return status === 'ignored' ? 'archived' : (statusTabs.find((tab) => tab.id === status)?.id ?? null);
}

/** The same query under another tab. */
export function withTab(query: string, tab: StatusTab): string {
  const rest = query.replace(statusTerm, ' ').replace(/\s+/g, ' ').trim();
  return [statusTabs.find(({ id }) => id === tab)?.term, rest].filter(Boolean).join(' ');
}

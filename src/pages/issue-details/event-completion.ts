import type { QueryClient } from '@tanstack/react-query';
import { issueTagsQuery } from '../../api/issues.ts';
import { tagCompletionQuery } from '../../api/tag-values.ts';
import { formatExact } from '../../components/numbers.ts';
import type { Completion } from '../issues/search-completion.tsx';
import { keyTerm, tagQuery } from './tag-query.ts';

/** What events have beside tags, and what is asked with it. */
const fields: Completion[] = [
  { label: 'message', term: 'message:', note: 'words in title or message' },
  { label: 'has', term: 'has:', note: 'has a tag' },
  { label: 'timestamp', term: 'timestamp:>', note: '>2026-01-31' },
  { label: 'age', term: 'age:-', note: '-24h: younger than that' },
  { label: 'id', term: 'id:', note: 'event id' },
  { label: 'title', term: 'title:', note: '* stands for anything' },
  { label: 'culprit', term: 'culprit:' },
  { label: 'location', term: 'location:' },
  { label: 'platform', term: 'platform:' },
];

/** The keys that the issue's events have, and the fields of every event. */
export async function eventKeys(queryClient: QueryClient, issueId: string): Promise<Completion[]> {
  const tags = await queryClient.ensureQueryData(issueTagsQuery(issueId));
  const known = tags.map(({ key, uniqueValues, topValues }): Completion => {
    const different = uniqueValues ?? topValues.length;
    return {
      label: key,
      term: keyTerm(key),
      note: different === 1 ? '1 value' : `${formatExact(different)} values`,
    };
  });
  return [...known, ...fields.filter(({ label }) => !tags.some(({ key }) => key === label))];
}

/** The values that the issue's events have for a key. */
export async function eventValues(
  queryClient: QueryClient,
  issueId: string,
  key: string,
  typed: string,
): Promise<Completion[]> {
  const tags = await queryClient.ensureQueryData(issueTagsQuery(issueId));
  if (key === 'has') {
    const found = tags.filter((tag) => tag.key.includes(typed));
    return found.map((tag) => ({ label: tag.key, term: tagQuery('has', tag.key), note: formatExact(tag.totalValues) }));
  }
  // Of the other fields there is nothing to list.
  if (!tags.some((tag) => tag.key === key)) return [];
  const values = await queryClient.fetchQuery(tagCompletionQuery(issueId, key, typed));
  return values.map(({ value, count, ...rest }) => ({
    label: value || '(empty)',
    term: tagQuery(key, value, rest['query']),
    note: formatExact(count),
  }));
}

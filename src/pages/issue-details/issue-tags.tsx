import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { IssueTag } from '../../../server/protocol/contract.ts';
import { issueTagsQuery } from '../../api/issues.ts';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './issue-tags.module.css';
import { tagQuery } from './tag-query.ts';

const valuesShown = 3;

/** How the tags of all the issue's events are distributed: the most frequent values, as parts of the whole. */
export function IssueTags({ issueId }: { issueId: string }) {
  const tags = useQuery(issueTagsQuery(issueId));
  if (tags.isPending) return <Skeleton label="Loading the tags of the issue" rows={4} />;
  if (tags.isError) return <p role="alert">The tags could not be loaded: {tags.error.message}</p>;
  if (tags.data.length === 0) return null;
  return (
    <section aria-label="Tags of all events" className={styles['tags']}>
      <h2>Tags of all events</h2>
      {tags.data.map((tag) => (
        <TagBars key={tag.key} tag={tag} />
      ))}
    </section>
  );
}

function TagBars({ tag }: { tag: IssueTag }) {
  const more = (tag.uniqueValues ?? tag.topValues.length) - valuesShown;
  return (
    <div>
      <h3>
        {tag.name || tag.key}
        {more > 0 && <span>{formatExact(more)} more</span>}
      </h3>
      <ul>
        {tag.topValues.slice(0, valuesShown).map(({ value, count, ...rest }) => {
          const share = tag.totalValues > 0 ? Math.min(1, count / tag.totalValues) : 0;
          return (
            <li key={value}>
              <span className={styles['bar']} style={{ width: `${share * 100}%` }} />
              <Link
                to={`/issues/?${new URLSearchParams({ query: tagQuery(tag.key, value, rest['query']) })}`}
                title={value}
              >
                {value || '(empty)'}
              </Link>
              <span className={styles['share']} title={`${formatExact(count)} events`}>
                {share > 0 && share < 0.01 ? '<1' : Math.round(share * 100)}%
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

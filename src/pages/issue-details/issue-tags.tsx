import { useQuery } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import type { IssueTag } from '../../../server/protocol/contract.ts';
import { issueTagsQuery } from '../../api/issues.ts';
import { LateCode } from '../../components/late-code.tsx';
import { formatExact } from '../../components/numbers.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from './issue-tags.module.css';
import { formatShare, shareOf } from './tag-share.ts';
import { TagValueLink } from './tag-value-link.tsx';

const TagValues = lazy(async () => ({ default: (await import('./tag-values.tsx')).TagValues }));

const valuesShown = 3;

/** How the tags of all the issue's events are distributed: the most frequent values, as parts of the whole. */
export function IssueTags({ issueId }: { issueId: string }) {
  const tags = useQuery(issueTagsQuery(issueId));
  const [opened, setOpened] = useState<IssueTag | null>(null);
  if (tags.isPending) return <Skeleton label="Loading the tags of the issue" rows={4} />;
  if (tags.isError) return <p role="alert">The tags could not be loaded: {tags.error.message}</p>;
  if (tags.data.length === 0) return null;
  return (
    <>
      <section aria-label="Tags of all events" className={styles['tags']}>
        <h2>Tags of all events</h2>
        {tags.data.map((tag) => (
          <TagBars key={tag.key} tag={tag} onOpen={() => setOpened(tag)} />
        ))}
      </section>
      {opened && (
        <LateCode what="The values">
          <TagValues issueId={issueId} tag={opened} onClose={() => setOpened(null)} />
        </LateCode>
      )}
    </>
  );
}

function TagBars({ tag, onOpen }: { tag: IssueTag; onOpen: () => void }) {
  const name = tag.name || tag.key;
  const hidden = (tag.uniqueValues ?? tag.topValues.length) - valuesShown;
  const words = hidden > 0 ? `${formatExact(hidden)} more` : 'all';
  return (
    <div>
      <h3>
        {name}
        <button type="button" aria-label={`${words} values of ${name}`} onClick={onOpen}>
          {words}
        </button>
      </h3>
      <ul>
        {tag.topValues.slice(0, valuesShown).map(({ value, count, ...rest }) => {
          const share = shareOf(count, tag.totalValues);
          return (
            <li key={value}>
              <span className={styles['bar']} style={{ width: `${share * 100}%` }} />
              <TagValueLink tag={tag.key} value={value} given={rest['query']} />
              <span className={styles['share']} title={`${formatExact(count)} events`}>
                {formatShare(share)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

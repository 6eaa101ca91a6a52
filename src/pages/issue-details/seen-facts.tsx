import type { Issue } from '../../../server/protocol/contract.ts';
import { TimeAgo } from '../../components/time-ago.tsx';
import styles from './seen-facts.module.css';

/** In which releases it was first and last seen, and when. Nothing where no release was named: the header has the times. */
export function SeenFacts({ issue }: { issue: Issue }) {
  if (!issue.lastRelease && !issue.firstRelease) return null;
  return (
    <dl className={styles['facts']}>
      <Seen label="Last seen" date={issue.lastSeen} release={issue.lastRelease?.version} />
      <Seen label="First seen" date={issue.firstSeen} release={issue.firstRelease?.version} />
    </dl>
  );
}

function Seen({ label, date, release }: { label: string; date: string; release: string | undefined }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <TimeAgo date={date} />
        {release && (
          <span title={release}>
            in <code>{release}</code>
          </span>
        )}
      </dd>
    </div>
  );
}

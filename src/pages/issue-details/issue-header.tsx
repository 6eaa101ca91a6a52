import type { Issue } from '../../../server/protocol/contract.ts';
import { Badge } from '../../components/badge.tsx';
import { LevelMark } from '../../components/level-mark.tsx';
import { formatCount, formatExact } from '../../components/numbers.ts';
import { Sparkline } from '../../components/sparkline.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { IssueActions } from './issue-actions.tsx';
import styles from './issue-header.module.css';
import { IssueStatus } from './status-badge.tsx';

/** What broke, where, how often and since when, and what to do about it: two lines. */
export function IssueHeader({ issue }: { issue: Issue }) {
  const { type, value } = issue.metadata;
  const title = type || issue.title;
  return (
    <header className={styles['header']}>
      <div className={styles['first']}>
        <h1 className={styles['title']} title={issue.title}>
          <strong>{title}</strong>
          {value && !title.includes(value) && <span> {value}</span>}
        </h1>
        <IssueActions issue={issue} />
      </div>
      <div className={styles['second']}>
        <IssueStatus issue={issue} />
        <LevelMark level={issue.level} />
        {issue.isUnhandled && <Badge tone="error">Unhandled</Badge>}
        {issue.culprit && issue.culprit !== issue.title && <code title={issue.culprit}>{issue.culprit}</code>}
        <dl className={styles['facts']}>
          <div title={`${formatExact(issue.count)} events`}>
            <dt>Events</dt>
            <dd>{formatCount(issue.count)}</dd>
          </div>
          <div title={`${formatExact(issue.userCount)} users`}>
            <dt>Users</dt>
            <dd>{formatCount(issue.userCount)}</dd>
          </div>
          <div>
            <dt>Last seen</dt>
            <dd>
              <TimeAgo date={issue.lastSeen} />
            </dd>
          </div>
          <div>
            <dt>First seen</dt>
            <dd>
              <TimeAgo date={issue.firstSeen} />
            </dd>
          </div>
          <div className={styles['spark']}>
            <dt>30 days</dt>
            <dd>
              <Sparkline points={issue.stats?.['30d'] ?? []} label="Events in the last 30 days" height={18} />
            </dd>
          </div>
        </dl>
      </div>
    </header>
  );
}

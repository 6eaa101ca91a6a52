import { memo } from 'react';
import { Link } from 'react-router';
import type { Issue } from '../../../server/protocol/contract.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { LevelMark } from '../../components/level-mark.tsx';
import { formatCount, formatExact } from '../../components/numbers.ts';
import { PriorityImage } from '../../components/priority-mark.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { StatusBadge } from '../issue-details/status-badge.tsx';
import styles from './issue-row.module.css';

type Props = {
  issue: Issue;
  showProject: boolean;
  isCurrent: boolean;
  isSelected: boolean;
  onSelect: (id: string, selected: boolean) => void;
};

/** One issue of the list. Memoized: a poll that changes one row draws one row. */
export const IssueRow = memo(function IssueRow({ issue, showProject, isCurrent, isSelected, onSelect }: Props) {
  const { type, value } = issue.metadata;
  const title = type || issue.title;
  const message = value && !title.includes(value) ? value : undefined;
  return (
    <li
      className={styles['row']}
      data-current={isCurrent || undefined}
      data-selected={isSelected || undefined}
      data-issue={issue.id}
    >
      <label className={styles['check']}>
        <input
          type="checkbox"
          aria-label={`Select ${issue.shortId}`}
          checked={isSelected}
          onChange={(event) => onSelect(issue.id, event.target.checked)}
        />
      </label>
      <div className={styles['what']}>
        <div className={styles['title']}>
          <LevelMark level={issue.level} dot />
          <Link to={`/issues/${issue.id}/`} title={issue.title}>
            <strong>{title}</strong>
            {message && <span> {message}</span>}
          </Link>
        </div>
        <div className={styles['meta']}>
          <span className={styles['shortId']}>{issue.shortId}</span>
          {issue.priority && <PriorityImage priority={issue.priority} />}
          {issue.assignedTo && (
            <span
              className={styles['assignee']}
              role="img"
              aria-label={`Assigned to ${issue.assignedTo.name}`}
              title={issue.assignedTo.name}
            >
              <Avatar name={issue.assignedTo.name} size={16} />
            </span>
          )}
          {issue.isBookmarked && (
            <span className={styles['bookmark']} role="img" aria-label="Bookmarked" title="Bookmarked">
              <Icon name="bookmark" filled />
            </span>
          )}
          {issue.isUnhandled && <Badge tone="error">Unhandled</Badge>}
          <StatusBadge issue={issue} />
          {showProject && <span className={styles['project']}>{issue.project.slug}</span>}
          <span className={styles['culprit']} title={issue.culprit}>
            {issue.culprit}
          </span>
        </div>
      </div>
      <div className={styles['spark']}>
        <Sparkline points={issue.stats?.['24h'] ?? []} label="Events in the last 24 hours" height={24} />
      </div>
      <span className={styles['number']} title={`${formatExact(issue.count)} events`}>
        {formatCount(issue.count)}
      </span>
      <span className={classNames(styles['number'], styles['users'])} title={`${formatExact(issue.userCount)} users`}>
        {formatCount(issue.userCount)}
      </span>
      <span className={styles['seen']}>
        <TimeAgo date={issue.lastSeen} brief />
      </span>
      <span className={styles['first']}>
        <TimeAgo date={issue.firstSeen} brief />
      </span>
    </li>
  );
});

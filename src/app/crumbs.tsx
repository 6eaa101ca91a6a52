import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { issueQuery } from '../api/issues.ts';
import { CopyButton } from '../components/copy-button.tsx';
import styles from './crumbs.module.css';

export function IssueCrumb() {
  const { issueId = '' } = useParams();
  const issue = useQuery(issueQuery(issueId)).data;
  return (
    <span className={styles['crumb']}>
      <span aria-current="page">{issue?.shortId ?? issueId}</span>
      {issue && <CopyButton label="Copy short id" text={issue.shortId} />}
    </span>
  );
}

const PageCrumb = ({ name }: { name: string }) => (
  <span className={styles['crumb']}>
    <span aria-current="page">{name}</span>
  </span>
);

export const SetupCrumb = () => <PageCrumb name="Setup" />;
export const SettingsCrumb = () => <PageCrumb name="Settings" />;

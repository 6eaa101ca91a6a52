import type { Project } from '../../../server/protocol/contract.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { useArrival } from './use-arrival.ts';
import styles from './waiting.module.css';

/** "Waiting for the first event", which becomes the way to its issue when it comes. */
export function Waiting({ project }: { project: Project }) {
  const issue = useArrival(project);
  return (
    <div className={styles['waiting']} data-arrived={issue !== null || undefined} role="status">
      {issue ? (
        <>
          <Icon name="check" />
          <span className={styles['words']}>
            It works: <strong>{issue.title}</strong>
          </span>
          <ButtonLink look="primary" to={`/issues/${issue.id}/`}>
            Open the issue
          </ButtonLink>
        </>
      ) : (
        <>
          <span className={styles['pulse']} aria-hidden="true" />
          <span className={styles['words']}>
            {project.firstEvent ? 'Listening for the next event…' : 'Waiting for the first event…'}
          </span>
        </>
      )}
    </div>
  );
}

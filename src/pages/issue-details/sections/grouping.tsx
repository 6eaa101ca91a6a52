import { useQuery } from '@tanstack/react-query';
import type { GroupingInfo } from '../../../../server/protocol/contract.ts';
import { groupingInfoQuery } from '../../../api/grouping.ts';
import { showControls } from '../../../components/annotated-text-controls.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import styles from './grouping.module.css';

/** Why the event is in this issue: which parts gave its hashes. */
export function Grouping({ project, eventId }: { project: string; eventId: string }) {
  const info = useQuery(groupingInfoQuery(project, eventId));
  if (info.isPending) return <Skeleton label="Loading how the event was grouped" rows={3} />;
  if (info.isError) {
    return (
      <p role="alert">
        How the event was grouped could not be loaded: {info.error.message}{' '}
        <Button onClick={() => void info.refetch()}>Try again</Button>
      </p>
    );
  }
  const { config, variants } = info.data;
  if (variants.length === 0) return <p className={styles['note']}>Nothing of this event was used for grouping.</p>;
  return (
    <div className={styles['grouping']}>
      <p className={styles['note']}>
        Events of a project with the same primary hash are one issue. Grouped by {showControls(config)}.
      </p>
      {variants.map((variant, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have one hash, and a stored event's never move
        <Variant key={index} variant={variant} />
      ))}
    </div>
  );
}

function Variant({ variant: { hash, description, isPrimary, parts } }: { variant: GroupingInfo['variants'][number] }) {
  return (
    <section aria-label={`Hash ${hash}`}>
      <h3 className={styles['hash']}>
        <code>{showControls(hash)}</code>
        <CopyButton label="Copy hash" text={hash} />
        {isPrimary && <Badge tone="info">Primary</Badge>}
        <span>{showControls(description)}</span>
      </h3>
      <ul className={styles['parts']} aria-label="Parts of the hash">
        {parts.map(({ name, value, contributes, hint }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts may repeat and never move
          <li key={index} data-unused={!contributes || undefined}>
            <span className={styles['name']}>{showControls(name)}</span>
            <span className={styles['value']}>{showControls(value)}</span>
            <span className={styles['use']}>
              {contributes ? 'in the hash' : 'not in the hash'}
              {hint && `: ${showControls(hint)}`}
            </span>
          </li>
        ))}
      </ul>
      {parts.length === 0 && <p className={styles['note']}>It has no parts.</p>}
    </section>
  );
}

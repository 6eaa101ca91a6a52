import { Link } from 'react-router';
import type { StacktraceLink } from '../../server/protocol/contract.ts';
import { Icon } from '../components/icon.tsx';
import { Sentences } from '../components/sentences.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import styles from './frame-source.module.css';
import type { SourceNote } from './source-reason.ts';

type Source = StacktraceLink['source'];

const found: Record<NonNullable<NonNullable<Source>['commitFrom']>, string> = {
  release: 'The commit that the event’s release was made from.',
  release_name: 'The commit that the event’s release is named after.',
  tag: 'The commit of the tag that is named like the event’s release.',
  query: 'The commit that the event names.',
};

/** Says that the lines below did not come with the event, and which commit they are of. */
export function CheckoutMark({ source }: { source: Source }) {
  const { commit, commitFrom, path } = source ?? {};
  const how = [commitFrom && found[commitFrom], commit && `Commit ${commit}.`, path && `File ${path}.`];
  return (
    <p className={styles.mark}>
      <Tooltip text={how.filter(Boolean).join(' ')}>
        From the checkout{commit && ' at '}
        {commit && <code>{commit.slice(0, 7)}</code>}
      </Tooltip>
    </p>
  );
}

/** Why there are no lines, and where to go. */
export function SourceReasonNote({ reason: { text, step } }: { reason: SourceNote }) {
  return (
    <p className={styles.reason}>
      <Icon name="info" />
      <span>
        <Sentences text={text} /> {step && <Link to={step.to}>{step.label}</Link>}
      </span>
    </p>
  );
}

import { useQuery } from '@tanstack/react-query';
import { lazy, useRef, useState } from 'react';
import type { Issue } from '../../../server/protocol/contract.ts';
import { releasesQuery } from '../../api/activity.ts';
import { Button } from '../../components/button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import type { IssueChange } from '../issues/use-issue-actions.ts';
import styles from './issue-actions.module.css';

const ReleaseDialog = lazy(async () => ({ default: (await import('./release-dialog.tsx')).ReleaseDialog }));

export type ActionProps = { issue: Issue; whyNot: string | null; onUpdate: (change: IssueChange) => void };

/** Resolves at a press; beside it, as of which release. Turns into its opposite. */
export function ResolveButton({ issue, whyNot, onUpdate }: ActionProps) {
  const main = useRef<HTMLButtonElement>(null);
  const [isChoosing, setChoosing] = useState(false);
  const isResolved = issue.status === 'resolved';
  const resolveIn = (inRelease: string) => onUpdate({ status: 'resolved', statusDetails: { inRelease } });
  return (
    <span className={styles['split']}>
      <Button
        ref={main}
        icon="check"
        aria-pressed={isResolved}
        whyNot={whyNot}
        onClick={() => onUpdate({ status: isResolved ? 'unresolved' : 'resolved' })}
        title={isResolved ? 'Unresolve (r)' : 'Resolve (r)'}
      >
        {isResolved ? 'Unresolve' : 'Resolve'}
      </Button>
      {!isResolved && (
        <Menu label="Resolve in a release" icon="down" whyNot={whyNot} focusAfter={main}>
          <ReleaseItems issue={issue} onUpdate={onUpdate} onResolveIn={resolveIn} onOther={() => setChoosing(true)} />
        </Menu>
      )}
      {isChoosing && (
        <LateCode what="The dialog">
          <ReleaseDialog
            project={issue.project.slug}
            onClose={() => setChoosing(false)}
            onPick={(version) => {
              setChoosing(false);
              resolveIn(version);
            }}
          />
        </LateCode>
      )}
    </span>
  );
}

type ItemsProps = Pick<ActionProps, 'issue' | 'onUpdate'> & {
  onResolveIn: (version: string) => void;
  onOther: () => void;
};

const noReleases = 'The project has no release yet: set one in the SDK.';

function ReleaseItems({ issue, onUpdate, onResolveIn, onOther }: ItemsProps) {
  const releases = useQuery(releasesQuery(issue.project.slug)).data;
  const whyNot = releases?.length === 0 ? noReleases : null;
  // What is named is what is sent; who may not read the list leaves it to the server.
  const current = releases?.[0]?.version ?? issue.lastRelease?.version;
  return (
    <>
      <MenuItem
        whyNot={whyNot}
        onSelect={() => onUpdate({ status: 'resolved', statusDetails: { inNextRelease: true } })}
      >
        In the next release
      </MenuItem>
      <MenuItem whyNot={whyNot} hint={current} onSelect={() => onResolveIn(current ?? 'latest')}>
        In the current release
      </MenuItem>
      <MenuItem whyNot={whyNot} onSelect={onOther}>
        In another release…
      </MenuItem>
    </>
  );
}

import { lazy, useRef, useState } from 'react';
import type { IssueUpdate } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { LateCode } from '../../components/late-code.tsx';
import { Menu, MenuGroup, MenuItem, MenuLine } from '../../components/menu.tsx';
import styles from './issue-actions.module.css';
import type { ActionProps } from './resolve-button.tsx';
import { describeMore } from './status-words.ts';

const ArchiveDialog = lazy(async () => ({ default: (await import('./archive-dialog.tsx')).ArchiveDialog }));

type Until = NonNullable<IssueUpdate['statusDetails']>;

const times = [
  { words: 'For 1 hour', minutes: 60 },
  { words: 'For 1 day', minutes: 24 * 60 },
  { words: 'For 1 week', minutes: 7 * 24 * 60 },
];
const counts = [10, 100, 1000];

/** Archives for good at a press; beside it, until when. Turns into its opposite. */
export function ArchiveButton({ issue, whyNot, onUpdate }: ActionProps) {
  const main = useRef<HTMLButtonElement>(null);
  const [isChoosing, setChoosing] = useState(false);
  const isArchived = issue.status === 'ignored';
  const archive = (statusDetails?: Until) => onUpdate({ status: 'ignored', statusDetails });
  return (
    <span className={styles['split']}>
      <Button
        ref={main}
        icon="archive"
        aria-pressed={isArchived}
        whyNot={whyNot}
        onClick={() => (isArchived ? onUpdate({ status: 'unresolved' }) : archive())}
        title={isArchived ? 'Unarchive (i)' : 'Archive (i)'}
      >
        {isArchived ? 'Unarchive' : 'Archive'}
      </Button>
      {!isArchived && (
        <Menu label="Archive until…" icon="down" whyNot={whyNot} focusAfter={main}>
          <MenuItem onSelect={() => archive()}>Forever</MenuItem>
          <MenuGroup label="For a time">
            {times.map(({ words, minutes }) => (
              <MenuItem key={words} onSelect={() => archive({ ignoreDuration: minutes })}>
                {words}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuGroup label="Until it goes on">
            {counts.map((count) => (
              <MenuItem key={count} onSelect={() => archive({ ignoreCount: count })}>
                Until {describeMore(count, 'event')}
              </MenuItem>
            ))}
            {counts.map((count) => (
              <MenuItem key={count} onSelect={() => archive({ ignoreUserCount: count })}>
                Until {describeMore(count, 'user')}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuLine />
          <MenuItem onSelect={() => setChoosing(true)}>Another time or number…</MenuItem>
        </Menu>
      )}
      {isChoosing && (
        <LateCode what="The dialog">
          <ArchiveDialog
            onClose={() => setChoosing(false)}
            onPick={(until) => {
              setChoosing(false);
              archive(until);
            }}
          />
        </LateCode>
      )}
    </span>
  );
}

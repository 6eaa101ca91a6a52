import { lazy, type Ref, useImperativeHandle } from 'react';
import type { Actor } from '../../../server/protocol/contract.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { LateCode } from '../../components/late-code.tsx';
import type { MenuHandle } from '../../components/menu.tsx';
import popover from '../../components/popover.module.css';
import { Skeleton } from '../../components/skeleton.tsx';
import { usePopover } from '../../components/use-popover.ts';
import styles from './issue-actions.module.css';

const AssigneeList = lazy(async () => ({ default: (await import('./assignee-list.tsx')).AssigneeList }));

type Props = {
  ref?: Ref<MenuHandle>;
  /** Null: nobody. Undefined: of several issues that differ. */
  assignee: Actor | null | undefined;
  look?: 'normal' | 'quiet';
  title?: string;
  whyNot: string | null;
  onPick: (assignee: Actor | null) => void;
};

/** Whom an issue is assigned to, and a list of people to assign it to. */
export function AssigneeMenu({ ref, assignee, look, title, whyNot, onPick }: Props) {
  const { id, anchor, isOpen, open, close, panelProps } = usePopover();
  useImperativeHandle(ref, () => ({ open }), [open]);
  const label = assignee === undefined ? 'Assign' : assignee ? `Assignee: ${assignee.name}` : 'Assignee: nobody';
  return (
    <span ref={anchor} className={popover['anchor']}>
      <Button
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-label={label}
        title={title ?? label}
        look={look}
        whyNot={whyNot}
      >
        <span className={styles['face']}>
          {assignee ? <Avatar name={assignee.name} size={16} /> : <Icon name="user" />}
          {assignee === undefined && 'Assign'}
        </span>
        <span className={popover['caret']} aria-hidden="true" />
      </Button>
      <div {...panelProps} role="dialog" aria-label="Assignee" className={popover['panel']}>
        {isOpen && (
          <LateCode what="The list of people" fallback={<Skeleton label="Loading the people" rows={3} />}>
            <AssigneeList
              assignee={assignee}
              onLeave={close}
              onPick={(picked) => {
                close();
                if (picked?.id !== assignee?.id || assignee === undefined) onPick(picked);
              }}
            />
          </LateCode>
        )}
      </div>
    </span>
  );
}

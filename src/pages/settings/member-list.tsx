import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { User } from '../../../server/protocol/contract.ts';
import type { CreatedMember } from '../../api/members.ts';
import { sessionQuery } from '../../api/session.ts';
import { Badge } from '../../components/badge.tsx';
import { classNames } from '../../components/class-names.ts';
import { Popover, PopoverItem, PopoverLink } from '../../components/popover.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { DisableMemberDialog } from './disable-member-dialog.tsx';
import { EditPermissionsDialog } from './edit-permissions-dialog.tsx';
import styles from './member-list.module.css';
import { PermissionCodes } from './permission-list.tsx';
import { ResetPasswordDialog } from './reset-password-dialog.tsx';
import rows from './rows.module.css';
import { useMemberActions } from './use-member-actions.ts';

type Props = { members: readonly User[]; onPasswordMade: (member: CreatedMember) => void };
type Asked = { what: 'permissions' | 'password' | 'disable'; member: User };

/** One row a user, and the dialogs that a row opens. */
export function MemberList({ members, onPasswordMade }: Props) {
  const me = useQuery(sessionQuery).data?.user?.id;
  const [asked, setAsked] = useState<Asked | null>(null);
  const { setActive } = useMemberActions();
  const close = () => setAsked(null);
  return (
    <div className={classNames(rows['list'], styles['list'])}>
      <div className={rows['head']} aria-hidden="true">
        <span>Member</span>
        <span>Permissions</span>
        <span>Last sign-in</span>
        <span>State</span>
      </div>
      <ul aria-label="Members">
        {members.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            isMe={member.id === me}
            onAsk={(what) => setAsked({ what, member })}
            onEnable={() => void setActive(member, true)}
          />
        ))}
      </ul>
      {asked?.what === 'permissions' && (
        <EditPermissionsDialog member={asked.member} isMe={asked.member.id === me} onClose={close} />
      )}
      {asked?.what === 'password' && (
        <ResetPasswordDialog
          member={asked.member}
          onReset={(changed) => {
            close();
            onPasswordMade(changed);
          }}
          onClose={close}
        />
      )}
      {asked?.what === 'disable' && <DisableMemberDialog member={asked.member} onClose={close} />}
    </div>
  );
}

type RowProps = { member: User; isMe: boolean; onAsk: (what: Asked['what']) => void; onEnable: () => void };

function MemberRow({ member, isMe, onAsk, onEnable }: RowProps) {
  return (
    <li className={classNames(rows['row'], styles['row'])} data-disabled={!member.isActive || undefined}>
      <div className={styles['who']}>
        <strong>
          {member.name || member.username} {isMe && <Badge>You</Badge>}
        </strong>
        <span>
          {member.name && <>{member.username} · </>}
          {member.email || 'no e-mail'}
        </span>
      </div>
      <div className={styles['permissions']}>
        <PermissionCodes given={member.permissions ?? []} />
      </div>
      <div className={classNames(rows['muted'], styles['seen'])}>
        <span className={rows['label']}>Last sign-in: </span>
        {member.lastLogin ? <TimeAgo date={member.lastLogin} /> : 'never'}
      </div>
      <div className={styles['state']}>
        {member.isActive ? <Badge tone="success">Active</Badge> : <Badge tone="warning">Disabled</Badge>}
      </div>
      <div className={classNames(rows['actions'], styles['actions'])}>
        <Popover label={`Actions for ${member.username}`} icon="more" showLabel={false} look="quiet">
          {(close) => {
            const choose = (run: () => void) => () => {
              close();
              run();
            };
            return (
              <>
                <PopoverItem onClick={choose(() => onAsk('permissions'))}>Edit permissions…</PopoverItem>
                {/* Nobody locks themselves out, and one's own password asks for the current one. */}
                {isMe && (
                  <PopoverLink to="/settings/account/" onClick={close}>
                    Change the password
                  </PopoverLink>
                )}
                {!isMe && <PopoverItem onClick={choose(() => onAsk('password'))}>Reset the password…</PopoverItem>}
                {!isMe && member.isActive && (
                  <PopoverItem onClick={choose(() => onAsk('disable'))}>Disable…</PopoverItem>
                )}
                {!member.isActive && <PopoverItem onClick={choose(onEnable)}>Enable</PopoverItem>}
              </>
            );
          }}
        </Popover>
      </div>
    </li>
  );
}

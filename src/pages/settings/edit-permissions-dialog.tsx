import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { PERMISSIONS, type User } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import styles from './forms.module.css';
import { Refusal } from './panel.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { useMayGive } from './use-may-give.ts';
import { useMemberActions } from './use-member-actions.ts';

export function EditPermissionsDialog({ member, isMe, onClose }: { member: User; isMe: boolean; onClose: () => void }) {
  const before = PERMISSIONS.filter((permission) => member.permissions?.includes(permission));
  const [given, setGiven] = useState(before);
  const { savePermissions } = useMemberActions();
  const { noteOf } = useMayGive();
  const save = useMutation({ mutationFn: () => savePermissions(member, given), onSuccess: onClose });
  const isSame = given.length === before.length && given.every((permission) => before.includes(permission));
  const locksOut = isMe && before.includes('member:admin') && !given.includes('member:admin');
  return (
    <Dialog title={`Permissions of ${member.username}`} wide onClose={onClose}>
      <PermissionPicker given={given} onChange={setGiven} noteOf={(permission) => noteOf(permission, before)} />
      <DialogActions>
        {locksOut && (
          <p className={styles['effect']} role="status">
            This is you: without member:admin you cannot open this page again, nor give it back to yourself.
          </p>
        )}
        <Refusal text={save.error?.message} />
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={isSame || save.isPending} onClick={() => save.mutate()}>
          {save.isPending ? 'Saving…' : 'Save the permissions'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import type { User } from '../../../server/protocol/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Refusal } from './panel.tsx';
import { useMemberActions } from './use-member-actions.ts';

export function DisableMemberDialog({ member, onClose }: { member: User; onClose: () => void }) {
  const { disable } = useMemberActions();
  const run = useMutation({ mutationFn: () => disable(member), onSuccess: onClose });
  return (
    <Dialog title={`Disable ${member.username}?`} onClose={onClose}>
      <p>
        {member.username} is signed out at once and cannot sign in, and their API tokens stop working, a CI’s too.
        Nothing is deleted: enabling brings it all back.
      </p>
      <Refusal text={run.error?.message} />
      <DialogActions>
        <Button onClick={onClose}>Keep enabled</Button>
        <Button look="danger" disabled={run.isPending} onClick={() => run.mutate()}>
          {run.isPending ? 'Disabling…' : 'Disable'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { logOut } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Panel, Refusal } from './panel.tsx';
import { useLeave } from './use-leave.ts';

/** Ends every session of one's own. */
export function SessionsPanel() {
  const [isAsking, setAsking] = useState(false);
  return (
    <Panel
      title="Sessions"
      about="Signed in on a machine that is not yours, or that is gone? End every session, this one included."
    >
      <div>
        <Button onClick={() => setAsking(true)}>Sign out everywhere…</Button>
      </div>
      {isAsking && <SignOutDialog onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function SignOutDialog({ onClose }: { onClose: () => void }) {
  const leave = useLeave();
  const signOut = useMutation({ mutationFn: () => logOut({ all: true }), onSuccess: leave });
  return (
    <Dialog title="Sign out everywhere?" onClose={onClose}>
      <p>You have to sign in again here and in every other browser. API tokens go on working.</p>
      <Refusal text={signOut.error?.message} />
      <DialogActions>
        <Button onClick={onClose}>Stay signed in</Button>
        <Button look="danger" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          {signOut.isPending ? 'Signing out…' : 'Sign out everywhere'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

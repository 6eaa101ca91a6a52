import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import styles from './form.module.css';
import { useSignOut } from './use-sign-out.ts';

/** Asks before every session of one's own ends. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const signOut = useSignOut();
  return (
    <Dialog title="Sign out everywhere?" onClose={onClose}>
      <p>You have to sign in again here and in every other browser. API tokens go on working.</p>
      {signOut.error && (
        <p role="alert" className={styles['refusal']}>
          {signOut.error.message}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>Stay signed in</Button>
        <Button look="danger" disabled={signOut.isPending} onClick={() => signOut.mutate({ all: true })}>
          {signOut.isPending ? 'Signing out…' : 'Sign out everywhere'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

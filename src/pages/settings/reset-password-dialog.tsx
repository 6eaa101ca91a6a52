import type { User } from '../../../server/protocol/contract.ts';
import { type CreatedMember, resetPassword } from '../../api/members.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Refusal } from './panel.tsx';
import { choiceFault, chosenPassword, PasswordChoice, passwordChoiceFields } from './password-choice.tsx';
import { useForm } from './use-form.ts';

type Props = { member: User; onReset: (changed: CreatedMember) => void; onClose: () => void };

export function ResetPasswordDialog({ member, onReset, onClose }: Props) {
  const toast = useToast();
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: passwordChoiceFields,
    check: choiceFault,
    send: (value) => resetPassword(member.id, chosenPassword(value) ?? true),
    onDone: (changed) => {
      toast({ message: `${member.username} has a new password` });
      onReset(changed);
    },
  });
  return (
    <Dialog title={`Reset the password of ${member.username}?`} onClose={onClose}>
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <p>The old one stops working, and {member.username} is signed out everywhere. API tokens go on working.</p>
        <PasswordChoice fault={faults.password} />
        <Refusal text={refusal} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? 'Resetting…' : 'Reset the password'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

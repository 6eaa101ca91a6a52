import { useState } from 'react';
import type { Permission } from '../../../server/protocol/contract.ts';
import { addMember, type CreatedMember } from '../../api/members.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Refusal } from './panel.tsx';
import { choiceFault, chosenPassword, PasswordChoice, passwordChoiceFields } from './password-choice.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { newMemberPermissions } from './permission-words.ts';
import { useForm } from './use-form.ts';
import { useMayGive } from './use-may-give.ts';

type Props = { onAdded: (member: CreatedMember) => void; onClose: () => void };

export function AddMemberDialog({ onAdded, onClose }: Props) {
  const toast = useToast();
  const { mayGive, noteOf } = useMayGive();
  const [permissions, setPermissions] = useState<Permission[]>(() => newMemberPermissions.filter(mayGive));
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { ...passwordChoiceFields, username: /user name/i, email: /e-mail/i, name: /^A name/ },
    check: (value) => ({
      ...(!value('username').trim() && { username: 'Choose a user name.' }),
      ...choiceFault(value),
    }),
    send: (value) => {
      const [name, email, password] = [value('name').trim(), value('email').trim(), chosenPassword(value)];
      return addMember({
        username: value('username').trim(),
        ...(name && { name }),
        ...(email && { email }),
        ...(password !== null && { password }),
        permissions,
      });
    },
    onDone: (member) => {
      toast({ message: `${member.username} is a member now` });
      onAdded(member);
    },
  });
  return (
    <Dialog title="Add a member" wide onClose={onClose}>
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <div className={styles['pair']}>
          <TextField
            label="User name"
            name="username"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            fault={faults.username}
          />
          <TextField label="E-mail (optional)" name="email" type="email" autoComplete="off" fault={faults.email} />
          <TextField label="Name (optional)" name="name" autoComplete="off" fault={faults.name} />
        </div>
        <PasswordChoice fault={faults.password} />
        <PermissionPicker given={permissions} onChange={setPermissions} noteOf={(permission) => noteOf(permission)} />
        <DialogActions>
          <Refusal text={refusal} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? 'Adding…' : 'Add the member'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

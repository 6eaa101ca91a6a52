import { useQueryClient } from '@tanstack/react-query';
import type { User } from '../../../server/protocol/contract.ts';
import { accountQuery, updateAccount } from '../../api/account.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { useForm } from './use-form.ts';

/** One's name and e-mail. The user name stays: it is what others know one by. */
export function ProfilePanel({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { email: /e-mail/, name: /^A name/ },
    send: (value) => updateAccount({ name: value('name'), email: value('email') }),
    onDone: (changed) => {
      queryClient.setQueryData(accountQuery.queryKey, changed);
      toast({ message: 'Profile saved' });
      return queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  return (
    <Panel title="Profile">
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <div className={styles['pair']}>
          <TextField
            label="Name"
            name="name"
            autoComplete="name"
            placeholder={user.username}
            defaultValue={user.name ?? ''}
            fault={faults.name}
          />
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autoComplete="email"
            defaultValue={user.email ?? ''}
            hint="Also signs you in, in the place of the user name. No mail is sent."
            fault={faults.email}
          />
        </div>
        <PanelActions refusal={refusal}>
          <Button type="submit" disabled={isPending}>
            {isPending ? 'Saving…' : 'Save the profile'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}

import { MIN_PASSWORD_LENGTH } from '../../../server/protocol/contract.ts';
import { changePassword } from '../../api/account.ts';
import { Button } from '../../components/button.tsx';
import { PasswordField } from '../../components/field.tsx';
import { useToast } from '../../components/toast.tsx';
import styles from './forms.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { passwordFault } from './password-rule.ts';
import { useForm } from './use-form.ts';

/** Changes one's own password, for which one says the current one. */
export function PasswordPanel({ username }: { username: string }) {
  const toast = useToast();
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { password: /current password/i, passwordNew: /password/i },
    check: (value) => ({
      ...(!value('password') && { password: 'Type the password that you have now.' }),
      ...passwordFault('passwordNew', value('passwordNew')),
    }),
    send: (value) => changePassword({ password: value('password'), passwordNew: value('passwordNew') }),
    onDone: (_, element) => {
      element?.reset();
      toast({ message: 'Password changed. Your other sessions have ended.' });
    },
  });
  return (
    <Panel title="Password" about="Changing it signs you out everywhere else.">
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        {/* Tells the browser whose password it should remember. */}
        <input type="hidden" name="username" autoComplete="username" value={username} />
        <div className={styles['pair']}>
          <PasswordField
            label="Current password"
            name="password"
            autoComplete="current-password"
            fault={faults.password}
          />
          <PasswordField
            label="New password"
            name="passwordNew"
            autoComplete="new-password"
            hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
            fault={faults.passwordNew}
          />
        </div>
        <PanelActions refusal={refusal}>
          <Button type="submit" disabled={isPending}>
            {isPending ? 'Changing…' : 'Change the password'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}

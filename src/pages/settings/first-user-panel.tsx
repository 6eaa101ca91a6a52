import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { MIN_PASSWORD_LENGTH } from '../../../server/protocol/contract.ts';
import { addMember } from '../../api/members.ts';
import { Button } from '../../components/button.tsx';
import { PasswordField, TextField } from '../../components/field.tsx';
import { loginPath } from '../login/next-path.ts';
import styles from './forms.module.css';
import { Panel, PanelActions } from './panel.tsx';
import { passwordFault } from './password-rule.ts';
import { useForm } from './use-form.ts';

/** On a server without users: what that means, and the form that ends it. */
export function FirstUserPanel() {
  return (
    <>
      <Panel title="This server has no users">
        <ul className={styles['facts']}>
          <li>Whoever opens this page on this machine is signed in by itself, and may do everything.</li>
          <li>The server listens on this machine alone, and refuses what comes through a proxy.</li>
          <li>Members, permissions and API tokens begin with the first user.</li>
        </ul>
      </Panel>
      <FirstUserForm />
    </>
  );
}

/** Where one comes to after signing in: there are members to add. */
const firstPlace = { pathname: '/settings/members/', search: '', hash: '' };

function FirstUserForm() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { password: /password/i, username: /user name/i, email: /e-mail/i },
    check: (value) => ({
      ...(!value('username').trim() && { username: 'Choose a user name.' }),
      ...passwordFault('password', value('password')),
    }),
    send: (value) =>
      addMember({
        username: value('username').trim(),
        password: value('password'),
        ...(value('email').trim() && { email: value('email').trim() }),
      }),
    onDone: async () => {
      await navigate(loginPath(firstPlace));
      // What was known of a server without users no longer holds.
      queryClient.clear();
    },
  });
  return (
    <Panel title="Make the first user" about="It gets every permission, and adds the others.">
      <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
        <div className={styles['pair']}>
          <TextField
            label="User name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            fault={faults.username}
          />
          <TextField label="E-mail (optional)" name="email" type="email" autoComplete="email" fault={faults.email} />
          <PasswordField
            label="Password"
            name="password"
            autoComplete="new-password"
            hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
            fault={faults.password}
          />
        </div>
        <p id="first-user-effect" className={styles['effect']}>
          From then on everybody has to sign in, you included: nobody is signed in by itself any more. The next page
          asks for this name and password. Commands on this machine go on without.
        </p>
        <PanelActions refusal={refusal}>
          <Button type="submit" look="primary" aria-describedby="first-user-effect" disabled={isPending}>
            {isPending ? 'Making…' : 'Make the first user'}
          </Button>
        </PanelActions>
      </form>
    </Panel>
  );
}

import { useEffect } from 'react';
import { type ApiIndex, MIN_PASSWORD_LENGTH } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { createFirstUser } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { PasswordField, TextField } from '../../components/field.tsx';
import styles from '../login/form.module.css';
import { passwordFault } from '../settings/password-rule.ts';
import { useForm } from '../settings/use-form.ts';

type Props = {
  token: string;
  onDone: (index: ApiIndex) => unknown;
  /** The server does not take the token; the words say why. */
  onRefused: (why: string) => void;
};

/** Who the first user is to be. What is wrong is said at its field, by the page or by the server. */
export function FirstUserForm({ token, onDone, onRefused }: Props) {
  const { form, onSubmit, faults, refusal, isPending } = useForm({
    fields: { password: /password/i, email: /e-?mail/i, username: /user ?name/i },
    check: (value) => ({
      ...(!value('username').trim() && { username: 'Choose a user name.' }),
      ...passwordFault('password', value('password')),
    }),
    send: async (value) => {
      const email = value('email').trim();
      const first = { token, username: value('username').trim(), password: value('password') };
      try {
        return await createFirstUser({ ...first, ...(email && { email }) });
      } catch (error) {
        // A conflict: somebody was quicker, with the same link or a command.
        if (error instanceof ApiError && [403, 409].includes(error.status)) onRefused(error.message);
        throw error;
      }
    },
    onDone,
  });
  // The one task of its page.
  useEffect(() => form.current?.querySelector('input')?.focus(), [form]);
  return (
    <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
      <TextField
        label="User name"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        fault={faults.username}
      />
      <TextField
        label="E-mail (optional)"
        name="email"
        type="email"
        autoComplete="email"
        hint="Also signs you in. No mail is sent."
        fault={faults.email}
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        hint={faults.password ? undefined : `At least ${MIN_PASSWORD_LENGTH} characters.`}
        fault={faults.password}
      />
      {refusal && (
        <p role="alert" className={styles['refusal']}>
          {refusal}
        </p>
      )}
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Making…' : 'Make the first user'}
      </Button>
    </form>
  );
}

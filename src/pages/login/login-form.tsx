import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ApiIndex } from '../../../server/protocol/contract.ts';
import { ApiError } from '../../api/api-error.ts';
import { logIn } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { PasswordField, TextField } from '../../components/field.tsx';
import { formatSeconds, useSeconds } from '../../components/use-seconds.ts';
import styles from './form.module.css';

/** User name and password. The fields keep their own values, which password managers fill in as they like. */
export function LoginForm({ username = '', onDone }: { username?: string; onDone: (index: ApiIndex) => unknown }) {
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<{ username?: string; password?: string }>({});
  const login = useMutation({ mutationFn: logIn, onSuccess: onDone });
  const wait = useWait(login.error);
  useEffect(() => {
    // The first field that is to be filled in. It is this page's one task, so nobody is taken away from another.
    const fields = form.current?.querySelectorAll<HTMLInputElement>('input');
    (fields?.[0]?.value ? fields[1] : fields?.[0])?.focus();
  }, []);
  useEffect(() => {
    if (!login.error) return;
    const password = form.current?.querySelector<HTMLInputElement>('input[name="password"]');
    password?.focus();
    password?.select();
  }, [login.error]);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (login.isPending || wait > 0) return;
    const data = new FormData(event.currentTarget);
    const credentials = { username: String(data.get('username')).trim(), password: String(data.get('password')) };
    const found = {
      ...(!credentials.username && { username: 'Type your user name, or your e-mail address.' }),
      ...(!credentials.password && { password: 'Type your password.' }),
    };
    setMissing(found);
    const [first] = Object.keys(found);
    if (first) form.current?.querySelector<HTMLInputElement>(`input[name="${first}"]`)?.focus();
    else login.mutate(credentials);
  };
  return (
    <form ref={form} className={styles['form']} noValidate onSubmit={onSubmit}>
      {login.error && !(isThrottled(login.error) && wait === 0) && (
        <p role="alert" className={styles['refusal']}>
          {login.error.message}
        </p>
      )}
      <TextField
        label="User name or e-mail"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        defaultValue={username}
        fault={missing.username}
        // Another account may be tried at once.
        onInput={() => isThrottled(login.error) && login.reset()}
      />
      <PasswordField label="Password" name="password" autoComplete="current-password" fault={missing.password} />
      <Button type="submit" look="primary" disabled={login.isPending || wait > 0}>
        {wait > 0 ? `Try again in ${formatSeconds(wait)}` : login.isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}

const isThrottled = (error: Error | null): error is ApiError => error instanceof ApiError && error.status === 429;

/** Milliseconds until the server takes another try; 0 when it does. */
function useWait(error: Error | null): number {
  const [refused, setRefused] = useState<{ error: Error | null; at: number }>({ error: null, at: 0 });
  if (error !== refused.error) setRefused({ error, at: Date.now() });
  const seconds = isThrottled(error) ? (error.retryAfter ?? 0) : 0;
  // The last tick may be older than the refusal.
  const now = Math.max(useSeconds(seconds > 0), refused.at);
  return Math.max(0, Math.ceil((refused.at + seconds * 1000 - now) / 1000) * 1000);
}

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { ApiIndex, User } from '../../../server/protocol/contract.ts';
import { isOther, sessionQuery } from '../../api/session.ts';
import { Dialog } from '../../components/dialog.tsx';
import { LoginForm } from './login-form.tsx';
import { loginPath } from './next-path.ts';

/** The login over a page whose session has ended: what was typed and opened there stays. @param user who was signed in */
export function SignInAgain({ user }: { user: User }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const form = useRef<HTMLDivElement>(null);
  // The name is there already. After the dialog's own choice, which is its first field.
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input[name="password"]')?.focus(), []);
  const enter = async (index: ApiIndex) => {
    queryClient.setQueryData(sessionQuery.queryKey, index);
    await queryClient.invalidateQueries({ predicate: isOther });
  };
  return (
    <Dialog title="Your session has ended" onClose={() => void navigate(loginPath(location))}>
      <p>Sign in to go on where you were.</p>
      <div ref={form}>
        <LoginForm username={user.username} onDone={enter} />
      </div>
    </Dialog>
  );
}

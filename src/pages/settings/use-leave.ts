import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

/** To the login, and back to the account from there. What was loaded goes: the next one to sign in may not see it. */
export function useLeave(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await navigate('/login/?next=/settings/account/');
    queryClient.clear();
  };
}

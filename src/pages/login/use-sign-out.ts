import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { logOut } from '../../api/session.ts';

/** Ends the session, or all of the user's, and goes to the login. What was loaded goes: it is not for who comes next. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: logOut,
    onSuccess: async () => {
      await navigate('/login/');
      queryClient.clear();
    },
  });
}

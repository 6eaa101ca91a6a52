import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import type { User } from '../../server/protocol/contract.ts';
import { ApiError } from '../api/api-error.ts';
import { isNobody, isOther, sessionQuery } from '../api/session.ts';
import { Skeleton } from '../components/skeleton.tsx';
import { loginPath } from '../pages/login/next-path.ts';

const SignInAgain = lazy(async () => ({ default: (await import('../pages/login/sign-in-again.tsx')).SignInAgain }));

/**
 * Lets the pages be seen unless nobody is signed in: then comes the login, or the making of the first user. Who was
 * signed in while the page was open gets the login over it, and loses nothing. It waits for nothing: pages load while the
 * server is asked, and what they load it gives to nobody.
 */
export function SessionGuard({ children }: { children: ReactNode }) {
  const { data: index, isPending } = useQuery(sessionQuery);
  const isRefused = useRefusals();
  const location = useLocation();
  const [known, setKnown] = useState<User | null>(null);
  const user = index?.state === 'users' ? index.user : null;
  if (user && user.id !== known?.id) setKnown(user);
  useFreshStart(known?.id);
  // Refused before it is known why: an error would flash up where the login is about to be.
  if (isPending && isRefused) return <Skeleton label="Loading the page" rows={8} />;
  if (index && isNobody(index) && !known) {
    return <Navigate replace to={index.state === 'setup' ? '/welcome/' : loginPath(location)} />;
  }
  return (
    <>
      {children}
      {index && isNobody(index) && known && (
        <Suspense>
          <SignInAgain user={known} />
        </Suspense>
      )}
    </>
  );
}

/** Somebody else signed in, here or in another tab: what was loaded before was not for them. */
function useFreshStart(userId: string | undefined): void {
  const queryClient = useQueryClient();
  const before = useRef(userId);
  useEffect(() => {
    if (before.current !== undefined && before.current !== userId) {
      void queryClient.resetQueries({ predicate: isOther });
    }
    before.current = userId;
  }, [queryClient, userId]);
}

const statusOf = (error: unknown) => (error instanceof ApiError ? error.status : 0);

/** Asks anew who is signed in when the server no longer knows it, or forbids what the page took for allowed. */
function useRefusals(): boolean {
  const queryClient = useQueryClient();
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    const ask = () => {
      setRefused(true);
      const index = queryClient.getQueryData(sessionQuery.queryKey);
      if (!index || !isNobody(index)) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    const ends = [
      queryClient.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error' && statusOf(event.action.error) === 401) ask();
      }),
      queryClient.getMutationCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error') return;
        if ([401, 403].includes(statusOf(event.action.error))) ask();
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [queryClient]);
  return isRefused;
}

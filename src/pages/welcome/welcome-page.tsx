import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Navigate, useLocation, useNavigate } from 'react-router';
import type { ApiIndex } from '../../../server/protocol/contract.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import styles from '../login/form.module.css';
import { Gate } from '../login/gate.tsx';
import { FirstUserForm } from './first-user-form.tsx';

/** `/welcome/#<token>`: the link that the server prints while it has no user; whoever opens it makes the first. */
export function WelcomePage() {
  const token = useToken();
  const [refused, setRefused] = useState<{ token: string; why: string } | null>(null);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const session = useQuery({ ...sessionQuery, refetchOnMount: 'always' });
  if (!session.isFetchedAfterMount && !refused) return <Asking />;
  if (!session.data) return <Away error={session.error} onRetry={() => session.refetch()} />;
  if (session.data.state === 'users' && !session.data.user) return <Taken />;
  if (session.data.state !== 'setup') return <Navigate replace to="/issues/" />;
  if (!token || refused?.token === token) return <NoLink why={refused?.why} />;
  const enter = (index: ApiIndex) => {
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, index);
    return navigate('/issues/', { replace: true });
  };
  return (
    <Gate title="Welcome to Stackmend">
      <p className={styles['help']}>
        This server has no user yet. Make the first: it gets every permission, and can add the others.
      </p>
      <FirstUserForm
        token={token}
        onDone={enter}
        onRefused={(why) => {
          setRefused({ token, why });
          void session.refetch();
        }}
      />
    </Gate>
  );
}

/** The token of the link, taken out of the address at once: an address is copied, shared and kept in the history. */
function useToken(): string {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState('');
  const given = hash.slice(1);
  if (given && given !== token) setToken(given);
  useEffect(() => {
    if (given) void navigate('/welcome/', { replace: true });
  }, [given, navigate]);
  return token;
}

const Asking = () => (
  <Gate title="Welcome to Stackmend">
    <Skeleton label="Asking the server" rows={4} />
  </Gate>
);

function Away({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return (
    <Gate title="Welcome to Stackmend">
      <p role="alert" className={styles['refusal']}>
        {error?.message}
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </Gate>
  );
}

function Taken() {
  return (
    <Gate title="The first user is there already">
      <p>The link has done its work, and does it once. Others are added in the settings.</p>
      <ButtonLink look="primary" to="/login/">
        Sign in
      </ButtonLink>
    </Gate>
  );
}

/** @param props.why what the server said of the link; without, there was none */
function NoLink({ why }: { why: string | undefined }) {
  return (
    <Gate title={why ? 'This link does not work' : 'The setup link is needed'}>
      {why && (
        <p role="alert" className={styles['refusal']}>
          {why}
        </p>
      )}
      {!why && (
        <p>
          This server has no user yet. Open the whole link that it printed when it started; it works for 30 minutes. A
          restart prints a new one.
        </p>
      )}
      <p className={styles['help']}>
        Or make the first user where the server runs: <code>stackmend users create</code>.
      </p>
    </Gate>
  );
}

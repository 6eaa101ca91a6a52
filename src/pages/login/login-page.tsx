import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import type { ApiIndex } from '../../../server/protocol/contract.ts';
import { isNobody, sessionQuery } from '../../api/session.ts';
import styles from './form.module.css';
import { Gate } from './gate.tsx';
import { LoginForm } from './login-form.tsx';
import { nextPath } from './next-path.ts';

/** `/login/?next=`: the form; who is signed in already goes where they wanted to. */
export function LoginPage() {
  const next = nextPath(useSearchParams()[0].get('next'));
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  // What was known on the page before may no longer hold: who signs out comes here.
  const session = useQuery({ ...sessionQuery, refetchOnMount: 'always' });
  if (session.isFetchedAfterMount && session.data) {
    if (session.data.state === 'setup') return <Navigate replace to="/welcome/" />;
    if (!isNobody(session.data)) return <Navigate replace to={next} />;
  }
  const enter = (index: ApiIndex) => {
    // What was loaded for another is not for this one.
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, index);
    return navigate(next, { replace: true });
  };
  return (
    <Gate title="Sign in">
      <LoginForm onDone={enter} />
      <p className={styles['help']}>
        No account, or the password is lost? Whoever manages the members of this server can help, or whoever runs it:{' '}
        <code>stackmend users</code>.
      </p>
    </Gate>
  );
}

import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../../api/account.ts';
import { sessionQuery } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { FirstUserPanel } from './first-user-panel.tsx';
import { PageHead, Panel } from './panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { PermissionWords } from './permission-list.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** `/settings/account/`: oneself; and on a server without users, what that means and how to make the first. */
export function AccountPage() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Skeleton label="Loading your account" rows={8} />;
  if (session.isError) return <NotLoaded error={session.error} onRetry={() => session.refetch()} />;
  if (session.data.state === 'local') {
    return (
      <>
        <PageHead title="Account" about="Nobody has to sign in on this server yet." />
        <FirstUserPanel />
      </>
    );
  }
  return <OwnAccount permissions={session.data.auth?.scopes ?? []} />;
}

function OwnAccount({ permissions }: { permissions: readonly string[] }) {
  const account = useQuery(accountQuery);
  if (account.isPending) return <Skeleton label="Loading your account" rows={8} />;
  if (account.isError) return <NotLoaded error={account.error} onRetry={() => account.refetch()} />;
  const user = account.data;
  return (
    <>
      <PageHead
        title="Account"
        about={
          <>
            You are signed in as <strong>{user.username}</strong>.
          </>
        }
      />
      <ProfilePanel key={user.id} user={user} />
      <PasswordPanel username={user.username} />
      <SessionsPanel />
      <Panel title="What you may do" about="Whoever manages the members of this server can change it.">
        <PermissionWords given={permissions} />
      </Panel>
    </>
  );
}

function NotLoaded({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice isPage kind="error" title="Your account could not be loaded.">
      <p>{error.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </Notice>
  );
}

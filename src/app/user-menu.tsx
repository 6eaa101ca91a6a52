import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { User } from '../../server/protocol/contract.ts';
import { isNobody, sessionQuery } from '../api/session.ts';
import { initialsOf } from '../components/avatar.tsx';
import { Popover, PopoverItem, PopoverLink } from '../components/popover.tsx';
import { useToast } from '../components/toast.tsx';
import { useSignOut } from '../pages/login/use-sign-out.ts';
import styles from './user-menu.module.css';

const SignOutDialog = lazy(async () => ({
  default: (await import('../pages/login/sign-out-dialog.tsx')).SignOutDialog,
}));

/** Who is signed in, the way to the settings, and out. */
export function UserMenu() {
  const { data: index } = useQuery(sessionQuery);
  if (index?.state === 'local') return <LocalMenu />;
  // Its place is kept, so that nothing moves when the answer comes.
  return index?.user && !isNobody(index) ? <OwnMenu user={index.user} /> : <span className={styles['place']} />;
}

function LocalMenu() {
  return (
    <Popover label="Local user" icon="user" showLabel={false} look="quiet">
      {(close) => (
        <>
          <p className={styles['who']}>
            <strong>Local user</strong>
            <span>No users yet: everybody who can reach this machine’s loopback is this user.</span>
          </p>
          <Settings onClick={close} />
        </>
      )}
    </Popover>
  );
}

function OwnMenu({ user }: { user: User }) {
  const [isAsking, setAsking] = useState(false);
  const signOut = useSignOut();
  const toast = useToast();
  const leave = () =>
    signOut.mutate(
      {},
      { onError: (error) => toast({ kind: 'error', message: `You are still signed in: ${error.message}` }) },
    );
  const name = user.name || user.username;
  return (
    <>
      <Popover
        label={`${name}, ${initialsOf(name)}: settings and signing out`}
        look="quiet"
        face={<span className={styles['initials']}>{initialsOf(name)}</span>}
      >
        {(close) => (
          <>
            <p className={styles['who']}>
              <strong>{name}</strong>
              {user.name && <span>{user.username}</span>}
            </p>
            <Settings onClick={close} />
            <PopoverItem onClick={leave}>Sign out</PopoverItem>
            <PopoverItem
              onClick={() => {
                close();
                setAsking(true);
              }}
            >
              Sign out everywhere…
            </PopoverItem>
          </>
        )}
      </Popover>
      {isAsking && (
        <Suspense>
          <SignOutDialog onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}

const Settings = ({ onClick }: { onClick: () => void }) => (
  <PopoverLink to="/settings/account/" onClick={onClick}>
    Settings
  </PopoverLink>
);

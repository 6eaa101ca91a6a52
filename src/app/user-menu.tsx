import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { User } from '../../server/protocol/contract.ts';
import { isNobody, sessionQuery } from '../api/session.ts';
import { initialsOf } from '../components/avatar.tsx';
import { Popover, PopoverItem, PopoverLink } from '../components/popover.tsx';
import { useToast } from '../components/toast.tsx';
import { useSignOut } from '../pages/login/use-sign-out.ts';
import { TimeZoneChoice } from './time-zone-choice.tsx';
import styles from './user-menu.module.css';

const SignOutDialog = lazy(async () => ({
  default: (await import('../pages/login/sign-out-dialog.tsx')).SignOutDialog,
}));

type Props = { onShowKeys: () => void };

/** Who is signed in, what they chose for this browser, the way to the settings, and out. */
export function UserMenu({ onShowKeys }: Props) {
  const { data: index } = useQuery(sessionQuery);
  if (index?.state === 'local') return <LocalMenu onShowKeys={onShowKeys} />;
  // Its place is kept, so that nothing moves when the answer comes.
  return index?.user && !isNobody(index) ? (
    <OwnMenu user={index.user} onShowKeys={onShowKeys} />
  ) : (
    <span className={styles['place']} />
  );
}

function LocalMenu({ onShowKeys }: Props) {
  return (
    <Popover label="Local user" icon="user" showLabel={false} look="quiet">
      {(close) => (
        <>
          <p className={styles['who']}>
            <strong>Local user</strong>
            <span>No users yet: everybody who can reach this machine’s loopback is this user.</span>
          </p>
          <Choices onShowKeys={onShowKeys} onClose={close} />
        </>
      )}
    </Popover>
  );
}

function OwnMenu({ user, onShowKeys }: Props & { user: User }) {
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
            <Choices onShowKeys={onShowKeys} onClose={close} />
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

function Choices({ onShowKeys, onClose }: Props & { onClose: () => void }) {
  return (
    <>
      <TimeZoneChoice />
      <PopoverItem
        onClick={() => {
          onClose();
          onShowKeys();
        }}
      >
        Keyboard shortcuts
      </PopoverItem>
      <PopoverLink to="/settings/account/" onClick={onClose}>
        Settings
      </PopoverLink>
    </>
  );
}

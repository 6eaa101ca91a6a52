import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Icon } from '../components/icon.tsx';
import styles from './connection-notice.module.css';

function subscribeToNetwork(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

type Answer = 'none yet' | 'came' | 'failed';

/** Did the last request of any query reach the server, since the network last went or came? The page polls, so this heals by itself. */
function useLastAnswer(online: boolean): Answer {
  const cache = useQueryClient().getQueryCache();
  const [last, setLast] = useState<{ answer: Answer; online: boolean }>({ answer: 'none yet', online });
  useEffect(
    () =>
      cache.subscribe((event) => {
        if (event.type !== 'updated') return;
        const { action } = event;
        if (action.type === 'success') setLast({ answer: 'came', online });
        if (action.type === 'error' || action.type === 'failed') {
          const isDown = action.error instanceof ApiError && action.error.status === 0;
          setLast({ answer: isDown ? 'failed' : 'came', online });
        }
      }),
    [cache, online],
  );
  return last.online === online || last.answer === 'failed' ? last.answer : 'none yet';
}

/** A server on this machine, or in the same house, answers without a network too: then there is nothing to say. */
function wordsFor(online: boolean, answer: Answer): string | null {
  if (answer === 'failed') {
    return online
      ? 'The Stackmend server does not answer. What you see may be old; this page keeps trying.'
      : 'You are offline, and the Stackmend server does not answer. What you see may be old; this page keeps trying.';
  }
  return online || answer === 'came' ? null : 'You are offline. What you see may be old.';
}

/** One line when what is shown may be old, and why. */
export function ConnectionNotice() {
  const online = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  const words = wordsFor(online, useLastAnswer(online));
  return (
    <div role="status" aria-label="Connection">
      {words && (
        <p className={styles['notice']}>
          <Icon name="warning" />
          {words}
        </p>
      )}
    </div>
  );
}

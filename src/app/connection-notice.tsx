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

/** Did the last request of any query fail to reach the server? The list polls, so an answer clears it by itself. */
function useServerIsDown(): boolean {
  const cache = useQueryClient().getQueryCache();
  const [down, setDown] = useState(false);
  useEffect(
    () =>
      cache.subscribe((event) => {
        if (event.type !== 'updated') return;
        const { action } = event;
        if (action.type === 'success') setDown(false);
        if (action.type === 'error' || action.type === 'failed') {
          setDown(action.error instanceof ApiError && action.error.status === 0);
        }
      }),
    [cache],
  );
  return down;
}

/** One line when what is shown may be old, and why. */
export function ConnectionNotice() {
  const online = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  const down = useServerIsDown();
  return (
    <div role="status" aria-label="Connection">
      {(down || !online) && (
        <p className={styles['notice']}>
          <Icon name="warning" />
          {down
            ? 'The Stackmend server does not answer. What you see may be old; this page keeps trying.'
            : 'You are offline. What you see may be old.'}
        </p>
      )}
    </div>
  );
}

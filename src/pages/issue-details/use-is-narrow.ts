import { useSyncExternalStore } from 'react';

const narrow = '(max-width: 600px)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia?.(narrow);
  query?.addEventListener('change', listener);
  return () => query?.removeEventListener('change', listener);
}

/** Is the window as narrow as a phone? For what is not even fetched there; what only looks different is CSS. */
export const useIsNarrow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.matchMedia?.(narrow).matches ?? false);

import { useCallback, useState } from 'react';

/** Reads what the browser keeps under a key; null when it keeps none, or may not (private windows throw). */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Full or forbidden: the choice holds for this page view.
  }
}

/** State of one switch that outlives the page view. */
export function useStoredFlag(key: string, initial: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => {
    const stored = readStored(key);
    return stored === null ? initial : stored === '1';
  });
  const set = useCallback(
    (next: boolean) => {
      setValue(next);
      writeStored(key, next ? '1' : '0');
    },
    [key],
  );
  return [value, set];
}

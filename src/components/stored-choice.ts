import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from './stored.ts';

/** One of a few words that a reader chose for this browser. */
export type StoredChoice<T extends string> = {
  get: () => T;
  /** Remembers it and tells whoever follows, in other tabs too. */
  choose: (value: T) => void;
  /** @returns a function that ends it */
  follow: (listener: () => void) => () => void;
  /** For components: drawn again when another is chosen. */
  use: () => T;
};

/**
 * @param key of local storage
 * @param options the first holds for who never chose
 */
export function createStoredChoice<T extends string>(key: string, options: readonly [T, ...T[]]): StoredChoice<T> {
  const listeners = new Set<() => void>();
  /** Null until it is first asked for: storage is not touched at import. */
  let chosen: T | null = null;
  const read = (): T => {
    const stored = readStored(key);
    return options.find((option) => option === stored) ?? options[0];
  };
  const set = (value: T) => {
    if (value === chosen) return;
    chosen = value;
    for (const listener of listeners) listener();
  };
  const get = (): T => {
    if (chosen !== null) return chosen;
    // Another tab of the same reader chose; a null key means that all was cleared.
    window.addEventListener('storage', (event) => {
      if (event.key === key || event.key === null) set(read());
    });
    chosen = read();
    return chosen;
  };
  const follow = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get,
    choose: (value) => {
      get();
      writeStored(key, value);
      set(value);
    },
    follow,
    use: () => useSyncExternalStore(follow, get),
  };
}

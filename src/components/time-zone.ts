import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from './stored.ts';

/** In which zone the page tells absolute times: the reader's own, or the one that logs are written in. */
export type TimeZone = 'local' | 'utc';

const key = 'stackmend-time-zone';
const listeners = new Set<() => void>();
/** Null until it is first asked for: storage is not touched at import. */
let chosen: TimeZone | null = null;

const read = (): TimeZone => (readStored(key) === 'utc' ? 'utc' : 'local');

/** What was chosen, for code that draws nothing; components take `useTimeZone`. */
export function storedTimeZone(): TimeZone {
  if (chosen === null) {
    chosen = read();
    // Another tab of the same reader chose; a null key means that all was cleared.
    window.addEventListener('storage', (event) => {
      if (event.key === key || event.key === null) set(read());
    });
  }
  return chosen;
}

/** Remembers the choice and tells every time on the page. */
export function chooseTimeZone(zone: TimeZone): void {
  storedTimeZone();
  writeStored(key, zone);
  set(zone);
}

function set(zone: TimeZone): void {
  if (zone === chosen) return;
  chosen = zone;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The reader's choice; whoever shows an absolute time, a graph's axis included, is drawn again when it changes. */
export function useTimeZone(): TimeZone {
  return useSyncExternalStore(subscribe, storedTimeZone);
}

/** Of `Intl.DateTimeFormat` and the like; undefined is the browser's own zone. */
export const intlZone = (zone: TimeZone): 'UTC' | undefined => (zone === 'utc' ? 'UTC' : undefined);

/** The browser's zone by its name, such as `Europe/Paris`. */
export const localZoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time';

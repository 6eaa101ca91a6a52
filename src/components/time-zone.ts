import { lazily } from './lazily.ts';
import { createStoredChoice } from './stored-choice.ts';

/** In which zone the page tells absolute times: the reader's own, or the one that logs are written in. */
export type TimeZone = 'local' | 'utc';

const choice = createStoredChoice<TimeZone>('stackmend-time-zone', ['local', 'utc']);

/** What was chosen, for code that draws nothing; components take `useTimeZone`. */
export const storedTimeZone = choice.get;

/** Remembers the choice; every time on the page follows at once. */
export const chooseTimeZone = choice.choose;

/** The reader's choice; whoever shows an absolute time, a graph's axis included, is drawn again when it changes. */
export const useTimeZone = choice.use;

/** Of `Intl.DateTimeFormat` and the like; undefined is the browser's own zone. */
export const intlZone = (zone: TimeZone): 'UTC' | undefined => (zone === 'utc' ? 'UTC' : undefined);

/** The browser's zone by its name, such as `Europe/Paris`. */
export const localZoneName = lazily(() => Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time');

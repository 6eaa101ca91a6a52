const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const short: Record<string, string> = { year: 'y', month: 'mo', week: 'w', day: 'd', hour: 'h', minute: 'm' };
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/**
 * How long ago, in words ("3 hours ago"), or brief ("3h").
 *
 * @param date Unix milliseconds
 * @param now Unix milliseconds
 */
export function formatAgo(date: number, now: number, brief = false): string {
  const seconds = (now - date) / 1000;
  const found = units.find(([, size]) => Math.abs(seconds) >= size);
  if (!found) return brief ? 'now' : 'just now';
  const [unit, size] = found;
  const amount = Math.trunc(seconds / size);
  return brief ? `${amount}${short[unit]}` : words.format(-amount, unit);
}

const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** Local time and UTC, for a title: people compare with logs, which are mostly in UTC. */
export function formatAbsolute(date: number): string {
  return `${absolute.format(date)} local time\n${new Date(date).toISOString()}`;
}

/** Unix milliseconds of an ISO time; null when it is none (an event may say anything). */
export function parseTime(text: string | null | undefined): number | null {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}

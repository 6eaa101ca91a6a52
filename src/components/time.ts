import { localZoneName, storedTimeZone, type TimeZone } from './time-zone.ts';

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;
type Unit = (typeof units)[number][0];
const short: Record<Unit, string> = { year: 'y', month: 'mo', week: 'w', day: 'd', hour: 'h', minute: 'm' };
/** One of them ago, and one from now. */
const named: Partial<Record<Unit, [string, string]>> = {
  year: ['last year', 'next year'],
  month: ['last month', 'next month'],
  week: ['last week', 'next week'],
  day: ['yesterday', 'tomorrow'],
};

/** As `Intl.RelativeTimeFormat` has it; the first formatter of a page takes 10 ms, and each issue has some times. */
function inWords(amount: number, unit: Unit): string {
  const count = Math.abs(amount);
  const [before, after] = (count === 1 && named[unit]) || [];
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return amount > 0 ? (before ?? `${words} ago`) : (after ?? `in ${words}`);
}

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
  return brief ? `${amount}${short[unit]}` : inWords(amount, unit);
}

/**
 * `2026-11-22 14:03:07.120 UTC`, or `2026-11-22 15:03:07.120 +01:00 Europe/Paris`: sorts as text, and says its zone.
 * Fractions of a second only where there are any.
 *
 * @param date Unix milliseconds
 * @param zone without it, the reader's choice; a component passes `useTimeZone()`, so that it follows
 */
export function formatAbsolute(date: number, zone: TimeZone = storedTimeZone()): string {
  return `${formatDateTime(date, zone)} ${zoneOf(date, zone)}`;
}

/** Like `formatAbsolute` without the zone, for columns and rows whose place names it once. */
export function formatDateTime(date: number, zone: TimeZone = storedTimeZone()): string {
  // What is no date in the range that JavaScript knows is still told.
  if (!isDate(date)) return String(date);
  return atZone(date, zone)
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}

/** The other of the two zones as well: people compare with logs, which are mostly in UTC. One line each. */
export function formatInBothZones(date: number, zone: TimeZone = storedTimeZone()): string {
  const other = formatAbsolute(date, zone === 'utc' ? 'local' : 'utc');
  const first = formatAbsolute(date, zone);
  return offsetOf(date) === 0 ? first : `${first}\n${other}`;
}

const isDate = (date: number): boolean => Number.isFinite(new Date(date).getTime());

/** Minutes east of Greenwich at that time: it changes with the season. */
const offsetOf = (date: number): number => -new Date(date).getTimezoneOffset() || 0;

const atZone = (date: number, zone: TimeZone): string => {
  const shifted = zone === 'utc' ? date : date + offsetOf(date) * 60_000;
  return new Date(isDate(shifted) ? shifted : date).toISOString();
};

function zoneOf(date: number, zone: TimeZone): string {
  if (zone === 'utc' || localZoneName() === 'UTC') return 'UTC';
  const offset = offsetOf(date);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((each) =>
    String(each).padStart(2, '0'),
  );
  return `${offset < 0 ? '-' : '+'}${hours}:${minutes} ${localZoneName()}`;
}

/** Unix milliseconds of an ISO time; null when it is none (an event may say anything). */
export function parseTime(text: string | null | undefined): number | null {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}

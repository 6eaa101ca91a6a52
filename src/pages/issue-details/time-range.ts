import type { EventFilter } from '../../api/event-filter.ts';
import { lazily } from '../../components/lazily.ts';
import { parseTime } from '../../components/time.ts';
import { intlZone, storedTimeZone, type TimeZone } from '../../components/time-zone.ts';

export const periods = [
  { id: '', label: 'Since first seen' },
  { id: '1h', label: 'Last hour' },
  { id: '24h', label: 'Last 24 hours' },
  { id: '7d', label: 'Last 7 days' },
  { id: '14d', label: 'Last 14 days' },
  { id: '30d', label: 'Last 30 days' },
  { id: '90d', label: 'Last 90 days' },
] as const;

export type TimeRange = Pick<EventFilter, 'statsPeriod' | 'start' | 'end'>;
export const wholeTime: TimeRange = { statsPeriod: '', start: '', end: '' };

const formatsOf = (timeZone: 'UTC' | undefined) => () => ({
  day: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone }),
  minute: new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }),
});
const formats: Record<TimeZone, ReturnType<typeof formatsOf>> = {
  local: lazily(formatsOf(undefined)),
  utc: lazily(formatsOf(intlZone('utc'))),
};

/** `Nov 22`, in the reader's choice of zone. @param time Unix milliseconds */
export const formatDay = (time: number): string => formats[storedTimeZone()]().day.format(time);
/** `14:00` */
export const formatMinute = (time: number): string => formats[storedTimeZone()]().minute.format(time);
/** `Nov 22, 14:00` */
export const formatMoment = (time: number): string => `${formatDay(time)}, ${formatMinute(time)}`;

/** An absolute range in words; its ends may be missing, or no times at all. */
export function describeRange({ start, end }: { start: string; end: string }): string {
  const [from, to] = [start, end].map((text) => {
    const time = parseTime(text);
    return time === null ? text : formatMoment(time);
  });
  if (from && to) return `${from} – ${to}`;
  return from ? `Since ${from}` : `Until ${to}`;
}

/** @param from Unix milliseconds @param to Unix milliseconds, not part of it */
export const toRange = (from: number, to: number): TimeRange => ({
  statsPeriod: '',
  start: new Date(from).toISOString(),
  end: new Date(to).toISOString(),
});

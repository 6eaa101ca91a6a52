import { type Breadcrumb, breadcrumbSchema, type Event } from '../../../../server/protocol/contract.ts';
import { matcherOf } from '../../../components/find-field.tsx';
import { parseTime } from '../../../components/time.ts';
import { intlZone, type TimeZone } from '../../../components/time-zone.ts';
import { readItems } from '../event-entries.ts';

/** One breadcrumb, or as it was sent when it is not of its shape. */
export type Crumb = {
  /** Its place among those that were sent. */
  index: number;
  crumb: Breadcrumb | null;
  sent: unknown;
  meta: unknown;
  /** Unix milliseconds; null when it has no time. */
  time: number | null;
  /** Milliseconds before the event; null when a time is missing. */
  before: number | null;
};

/** What led to the event, newest first: the last step is the one next to the failure. */
export function crumbsOf(event: Event): Crumb[] {
  const happened = parseTime(event.dateCreated);
  return readItems(event, 'breadcrumbs', 'values', breadcrumbSchema)
    .map(({ data, unreadable, meta }, index) => {
      const time = parseTime(data?.timestamp);
      const before = time === null || happened === null ? null : happened - time;
      return { index, crumb: data ?? null, sent: unreadable?.data, meta, time, before };
    })
    .reverse();
}

/** What a breadcrumb is filtered by: its type, and where that says nothing the first word of its category. */
function kindOf({ type, category }: Breadcrumb): string {
  return (type !== 'default' && type) || category?.split('.')[0] || 'default';
}
const levelOf = ({ level }: Breadcrumb): string => level || 'info';

export type CrumbFilter = { kind: string; level: string; search: string };
export const noCrumbFilter: CrumbFilter = { kind: '', level: '', search: '' };

/** Those that match; what could not be read has no type and no level, and is found by its text alone. */
export function filterCrumbs(crumbs: Crumb[], { kind, level, search }: CrumbFilter): Crumb[] {
  if (!kind && !level && !search.trim()) return crumbs;
  const matches = matcherOf(search);
  return crumbs.filter(({ crumb, sent }) => {
    if (kind && (!crumb || kindOf(crumb) !== kind)) return false;
    if (level && (!crumb || levelOf(crumb) !== level)) return false;
    return matches(JSON.stringify(crumb ?? sent));
  });
}

const levels = ['fatal', 'error', 'warning', 'info', 'debug'];
const rank = (level: string) => (levels.includes(level) ? levels.indexOf(level) : levels.length);

/** What there is to choose from, with how many have it: types by their number, levels by their weight. */
export function choicesOf(crumbs: Crumb[]) {
  const count = (of: (crumb: Breadcrumb) => string) => {
    const counts = new Map<string, number>();
    for (const { crumb } of crumbs) if (crumb) counts.set(of(crumb), (counts.get(of(crumb)) ?? 0) + 1);
    return [...counts];
  };
  const option = ([id, times]: [string, number]) => ({ id, label: `${id} (${times})` });
  return {
    kinds: count(kindOf)
      .sort(([, a], [, b]) => b - a)
      .map(option),
    levels: count(levelOf)
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(option),
  };
}

/** Time before the event: `-1.25s`, `-3m 02s`. */
export function formatBefore(milliseconds: number): string {
  const sign = milliseconds < 0 ? '+' : '-';
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 0.005) return '0s';
  if (seconds < 60) return `${sign}${seconds.toFixed(seconds < 10 ? 2 : 1)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, '0')}s`;
  if (minutes >= 2880) return `${sign}${Math.floor(minutes / 1440)}d`;
  return `${sign}${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

const clocks = new Map<TimeZone, Intl.DateTimeFormat>();
/** Time of the day: `14:03:07.120`. */
export function formatClock(time: number, zone: TimeZone): string {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en', {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
      timeZone: intlZone(zone),
    });
  clocks.set(zone, clock);
  return clock.format(time);
}

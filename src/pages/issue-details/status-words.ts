import type { Issue, IssueUpdate, StatusDetails } from '../../../server/protocol/contract.ts';
import { lazily } from '../../components/lazily.ts';
import { formatExact } from '../../components/numbers.ts';
import { formatDateTime, parseTime } from '../../components/time.ts';
import { storedTimeZone, type TimeZone } from '../../components/time-zone.ts';

const monthAndDay = lazily(() => new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }));

/**
 * A time to come, as exact as one needs it: "14:00", "Nov 24, 14:00", "Nov 24, 2027"; in UTC, when that was chosen, it
 * says so.
 *
 * @param time Unix milliseconds
 * @param now Unix milliseconds
 */
export function formatUntil(time: number, now: number, zone: TimeZone = storedTimeZone()): string {
  // "2026-11-24 14:00:00"
  const [then, today] = [formatDateTime(time, zone), formatDateTime(now, zone)];
  const clock = `${then.slice(11, 16)}${zone === 'utc' ? ' UTC' : ''}`;
  if (then.slice(0, 10) === today.slice(0, 10)) return clock;
  const day = monthAndDay().format(Date.parse(then.slice(0, 10)));
  return then.slice(0, 4) === today.slice(0, 4) ? `${day}, ${clock}` : `${day}, ${then.slice(0, 4)}`;
}

/** "1 more event", "1,000 more users". */
export const describeMore = (count: number, what: 'event' | 'user'): string =>
  `${formatExact(count)} more ${what}${count === 1 ? '' : 's'}`;

/** What an archived issue waits for: "until 14:00 or 10 more events"; empty: nothing. */
function describeWait(details: StatusDetails, now: number): string {
  const { ignoreUntil, ignoreCount, ignoreUserCount, ignoreCountSoFar, ignoreUserCountSoFar } = details;
  const time = parseTime(ignoreUntil);
  const came = (soFar: number | null | undefined) => (soFar ? ` (${formatExact(soFar)} so far)` : '');
  const conditions = [
    time === null ? '' : formatUntil(time, now),
    ignoreCount ? describeMore(ignoreCount, 'event') + came(ignoreCountSoFar) : '',
    ignoreUserCount ? describeMore(ignoreUserCount, 'user') + came(ignoreUserCountSoFar) : '',
  ].filter(Boolean);
  return conditions.length > 0 ? `until ${conditions.join(' or ')}` : '';
}

/** What goes with a status: "in the next release", "in shop@1.4.0", "until 14:00"; empty: nothing does. */
export function describeDetails(status: Issue['status'], details: StatusDetails = {}, now = Date.now()): string {
  if (status === 'ignored') return describeWait(details, now);
  if (status !== 'resolved') return '';
  if (details.inNextRelease) return 'in the next release';
  return details.inRelease ? `in ${details.inRelease}` : '';
}

const minuteMs = 60_000;

/** The details that a change asks for, as the server will tell them of the issue. */
export function toDetails({ statusDetails: asked = {} }: IssueUpdate, now: number): StatusDetails {
  const { ignoreDuration, inRelease, ...same } = asked;
  return {
    ...same,
    // Which one is the latest, the server knows.
    ...(inRelease !== undefined && { inRelease: inRelease === 'latest' ? 'the current release' : inRelease }),
    ...(ignoreDuration !== undefined && { ignoreUntil: new Date(now + ignoreDuration * minuteMs).toISOString() }),
  };
}

/** What to ask for, so that an issue is as it was. A wait that is over meanwhile is no wait: it is unresolved then. */
export function toAsked(
  { status, statusDetails = {} }: Pick<Issue, 'status' | 'statusDetails'>,
  now: number,
): IssueUpdate {
  if (status === 'unresolved') return { status };
  const asked = status === 'resolved' ? toAskedRelease(statusDetails) : toAskedWait(statusDetails, now);
  if (asked === null) return { status: 'unresolved' };
  return Object.keys(asked).length > 0 ? { status, statusDetails: asked } : { status };
}

type Asked = NonNullable<IssueUpdate['statusDetails']>;

function toAskedRelease({ inNextRelease, inRelease }: StatusDetails): Asked {
  if (inNextRelease) return { inNextRelease: true };
  return inRelease ? { inRelease } : {};
}

/** What is left of a wait; null: it is over. */
function toAskedWait(details: StatusDetails, now: number): Asked | null {
  const { ignoreUntil, ignoreCount, ignoreUserCount, ignoreCountSoFar, ignoreUserCountSoFar } = details;
  const until = parseTime(ignoreUntil);
  const asked = {
    ...(until !== null && { ignoreDuration: (until - now) / minuteMs }),
    ...(ignoreCount && { ignoreCount: ignoreCount - (ignoreCountSoFar ?? 0) }),
    ...(ignoreUserCount && { ignoreUserCount: ignoreUserCount - (ignoreUserCountSoFar ?? 0) }),
  };
  return Object.values(asked).some((left) => left <= 0) ? null : asked;
}

import type { Issue, IssueUpdate, StatusDetails } from '../../../server/protocol/contract.ts';
import { formatExact } from '../../components/numbers.ts';
import { parseTime } from '../../components/time.ts';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const dateOnly = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/**
 * A time to come, as exact as one needs it: "14:00", "Nov 24, 14:00", "Nov 24, 2027".
 *
 * @param time Unix milliseconds
 * @param now Unix milliseconds
 */
export function formatUntil(time: number, now: number): string {
  const [then, today] = [new Date(time), new Date(now)];
  if (then.toDateString() === today.toDateString()) return clock.format(then);
  return then.getFullYear() === today.getFullYear() ? dayAndClock.format(then) : dateOnly.format(then);
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

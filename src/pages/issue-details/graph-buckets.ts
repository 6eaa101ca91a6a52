import type { EventsStats } from '../../../server/protocol/contract.ts';
import { formatExact } from '../../components/numbers.ts';
import { formatDay, formatMinute, formatMoment } from './time-range.ts';

/** What the bars count. */
export type Measure = 'events' | 'users';

const dayMs = 86_400_000;

/** Buckets of the graph. The last one may reach beyond `stats.end`. */
export const bucketCount = (stats: EventsStats): number => stats.total.events.length;
export const bucketStart = (stats: EventsStats, index: number): number => stats.start + index * stats.intervalMs;
export const graphEnd = (stats: EventsStats): number => bucketStart(stats, bucketCount(stats));

/** The bucket that a time falls into; null outside of the graph. @param time Unix milliseconds */
export function bucketAt(stats: EventsStats, time: number): number | null {
  const index = Math.floor((time - stats.start) / stats.intervalMs);
  return index >= 0 && index < bucketCount(stats) ? index : null;
}

/** Where a time lies across the graph, 0 to 1; null outside. @param time Unix milliseconds */
export function shareOf(stats: EventsStats, time: number): number | null {
  const share = (time - stats.start) / (graphEnd(stats) - stats.start);
  return share >= 0 && share <= 1 ? share : null;
}

export const releasesIn = (stats: EventsStats, index: number): string[] =>
  stats.releases.flatMap(({ version, time }) => (bucketAt(stats, time) === index ? [version] : []));

const releasesNamed = 3;

/** One bucket in words: when, how many, how many of them match, and which releases began in it. */
export function describeBucket(
  stats: EventsStats,
  index: number,
  measure: Measure,
  { withReleases, eventTime }: { withReleases: boolean; eventTime: number | null },
): string {
  const total = stats.total[measure][index] ?? 0;
  const matching = stats.matching?.[measure][index];
  const counted =
    matching === undefined
      ? count(total, measure)
      : `${formatExact(matching)} of ${count(total, measure)} ${matching === 1 ? 'matches' : 'match'}`;
  const releases = withReleases ? releasesIn(stats, index) : [];
  const named = releases.slice(0, releasesNamed).join(', ');
  const more = releases.length > releasesNamed ? ` and ${releases.length - releasesNamed} more` : '';
  return [
    `${describeSpan(stats, index)}: ${counted}`,
    named && `first seen: ${named}${more}`,
    eventTime !== null && bucketAt(stats, eventTime) === index && 'the open event',
  ]
    .filter(Boolean)
    .join(' · ');
}

function describeSpan(stats: EventsStats, index: number): string {
  const [from, to] = [bucketStart(stats, index), bucketStart(stats, index + 1)];
  if (stats.intervalMs === dayMs) return formatDay(from);
  if (stats.intervalMs > dayMs) return `${formatDay(from)} – ${formatDay(to - 1)}`;
  return `${formatMoment(from)} – ${formatMinute(to)}`;
}

const count = (amount: number, measure: Measure) =>
  `${formatExact(amount)} ${amount === 1 ? measure.slice(0, -1) : measure}`;

/** The whole graph in a sentence, for those who do not see it. */
export function describeGraph(stats: EventsStats, measure: Measure): string {
  const counts = (stats.matching ?? stats.total)[measure];
  const most = counts.reduce((best, each, index) => (each > (counts[best] ?? 0) ? index : best), 0);
  const peak = counts[most] ? `, most on ${describeSpan(stats, most)} (${formatExact(counts[most])})` : '';
  return `From ${formatMoment(stats.start)} to ${formatMoment(stats.end)}${peak}. Arrow keys go through it, Enter narrows the range to where you are.`;
}

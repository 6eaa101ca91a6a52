import { formatAbsolute, formatAgo, parseTime } from './time.ts';
import { useNow } from './use-now.ts';

/** A time in relation to now, the absolute one as its title. A text that is no time is shown as it is. */
export function TimeAgo({ date, brief = false }: { date: string | null | undefined; brief?: boolean }) {
  // A time that came with fresh data may be newer than the clock's last tick.
  const clock = useNow();
  const time = parseTime(date);
  if (time === null) return <span>{date || 'unknown'}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatAbsolute(time)}>
      {formatAgo(time, Math.max(clock, Math.min(time, Date.now())), brief)}
    </time>
  );
}

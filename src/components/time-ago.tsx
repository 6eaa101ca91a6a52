import { formatAgo, formatInBothZones, parseTime } from './time.ts';
import { useTimeZone } from './time-zone.ts';
import { Tooltip } from './tooltip.tsx';
import { useNow } from './use-now.ts';

type Props = {
  date: string | null | undefined;
  /** "3h" instead of "3 hours ago". */
  brief?: boolean;
  /** False in long lists, where a stop at every time would stand between the reader and the next row. */
  isFocusable?: boolean;
};

/** A time in relation to now, the absolute one on hovering and on focus. A text that is no time is shown as it is. */
export function TimeAgo({ date, brief = false, isFocusable = !brief }: Props) {
  // A time that came with fresh data may be newer than the clock's last tick.
  const clock = useNow();
  const zone = useTimeZone();
  const time = parseTime(date);
  if (time === null) return <span>{date || 'unknown'}</span>;
  return (
    <Tooltip text={() => formatInBothZones(time, zone)} isFocusable={isFocusable}>
      <time dateTime={new Date(time).toISOString()}>
        {formatAgo(time, Math.max(clock, Math.min(time, Date.now())), brief)}
      </time>
    </Tooltip>
  );
}

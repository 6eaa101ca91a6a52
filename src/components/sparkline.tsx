import styles from './sparkline.module.css';
import { formatDateTime } from './time.ts';
import { useTimeZone } from './time-zone.ts';

/**
 * Bars of events over time. The bar of an empty bucket is a dot on the base line, so that "none" differs from "no data".
 *
 * @param points `[unix seconds, events]`, oldest first
 * @param label what it shows, for screen readers: "Events in the last 24 hours"
 */
export function Sparkline({
  points,
  label,
  height = 28,
}: {
  points: [number, number][];
  label: string;
  height?: number;
}) {
  const zone = useTimeZone();
  const most = Math.max(1, ...points.map(([, count]) => count));
  const total = points.reduce((sum, [, count]) => sum + count, 0);
  const busiest = points.find(([, count]) => count === most);
  const detail = busiest ? `, at most ${most} (${formatDateTime(busiest[0] * 1000, zone).slice(0, 16)})` : '';
  return (
    <svg
      className={styles['sparkline']}
      viewBox={`0 0 ${Math.max(points.length, 1) * 4} ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${total}${detail}`}
    >
      <title>{`${label}: ${total}${detail}`}</title>
      {points.map(([time, count], index) => {
        const tall = count === 0 ? 1 : Math.max(2, (count / most) * height);
        return (
          <rect
            key={time}
            data-empty={count === 0 || undefined}
            x={index * 4}
            y={height - tall}
            width={3}
            height={tall}
          />
        );
      })}
    </svg>
  );
}

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { EventsStats } from '../../../server/protocol/contract.ts';
import { type TimeZone, useTimeZone } from '../../components/time-zone.ts';
import styles from './event-graph.module.css';
import { bucketAt, bucketCount, bucketStart, graphEnd, type Measure } from './graph-buckets.ts';
import { formatDay, formatMinute } from './time-range.ts';
import { useThemeChanges } from './use-theme-changes.ts';

type Props = {
  stats: EventsStats;
  measure: Measure;
  onHover: (index: number | null) => void;
  onSelect: (first: number, last: number) => void;
};

const height = 72;
const axisHeight = 17;
const labelWidth = 40;
const dayMs = 86_400_000;

/** The bars. A canvas says nothing to a screen reader; the slider around it does. */
export function EventPlot({ stats, measure, onHover, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useThemeChanges();
  const zone = useTimeZone();
  const handlers = useRef({ onHover, onSelect });
  useEffect(() => {
    handlers.current = { onHover, onSelect };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are another theme's then
  useEffect(() => {
    const target = box.current;
    if (!target) return;
    const hover = (index: number | null) => handlers.current.onHover(index);
    const select = (first: number, last: number) => handlers.current.onSelect(first, last);
    const plot = new uPlot(optionsOf(stats, target, zone, hover, select), dataOf(stats, measure), target);
    const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [stats, measure, theme, zone]);
  return <div ref={box} className={styles['canvas']} data-testid="plot" />;
}

function optionsOf(
  stats: EventsStats,
  target: HTMLElement,
  zone: TimeZone,
  onHover: (index: number | null) => void,
  onSelect: (first: number, last: number) => void,
): uPlot.Options {
  const colour = (name: string) => colourOf(target, name);
  const bars = uPlot.paths.bars?.({ align: 1, size: [0.86, 28, 1] });
  const series = (name: string): uPlot.Series => ({
    fill: colour(name),
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  });
  const at = (plot: uPlot, left: number) => bucketAt(stats, plot.posToVal(left, 'x'));
  return {
    width: target.clientWidth,
    height,
    ms: 1,
    tzDate: (time) => (zone === 'utc' ? uPlot.tzDate(new Date(time), 'Etc/UTC') : new Date(time)),
    padding: [4, 0, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: true, range: () => [stats.start, graphEnd(stats)] },
      y: { range: (_, __, most) => [0, Math.max(1, most)] },
    },
    axes: [
      {
        size: axisHeight,
        gap: 3,
        space: 90,
        font: `10.5px ${getComputedStyle(target).fontFamily}`,
        stroke: colour('--text-faint'),
        grid: { show: false },
        ticks: { show: false },
        border: { show: true, stroke: colour('--border-strong'), width: 1 },
        values: (plot, splits, __, ___, increment) =>
          splits.map((time) => {
            const left = plot.valToPos(time, 'x');
            // Half a label at either end would be read as another.
            if (left < labelWidth / 2 || left > plot.over.clientWidth - labelWidth / 2) return '';
            return increment >= dayMs || formatMinute(time) === '00:00' ? formatDay(time) : formatMinute(time);
          }),
      },
      { show: false },
    ],
    series: stats.matching ? [{}, series('--border-strong'), series('--accent-fill')] : [{}, series('--accent-fill')],
    hooks: {
      setCursor: [
        (plot) => onHover(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : at(plot, plot.cursor.left)),
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 3) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onSelect(at(plot, left) ?? 0, at(plot, left + width - 0.5) ?? bucketCount(stats) - 1);
        },
      ],
    },
  };
}

/** Times and heights. One event beside thousands still has a bar that can be seen. */
function dataOf(stats: EventsStats, measure: Measure): uPlot.AlignedData {
  const most = Math.max(1, ...stats.total[measure]);
  const heights = (counts: number[]) => counts.map((each) => (each > 0 ? Math.max(each, most * 0.05) : 0));
  const times = stats.total[measure].map((_, index) => bucketStart(stats, index));
  const all = heights(stats.total[measure]);
  return stats.matching ? [times, all, heights(stats.matching[measure])] : [times, all];
}

/** A token as a colour that a canvas takes: `light-dark()` is worked out by a style alone. */
function colourOf(target: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  target.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

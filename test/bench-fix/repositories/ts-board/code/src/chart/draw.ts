import { daysOf, shownSeries, titleOf } from '../store/selectors.ts';
import type { State } from '../types.ts';
import { labelWidth, ticksOf } from './axis.ts';
import { pathOf } from './line.ts';
import { scaleOf } from './scale.ts';

const HEIGHT = 240;

export type Drawing = { title: string; labels: string[]; paths: string[] };

export function draw(state: State): Drawing {
  const scale = scaleOf(state, HEIGHT);
  const ticks = ticksOf(scale);
  const days = daysOf(state);
  const room = state.width - labelWidth(ticks);
  const xOf = (day: number) => (days.indexOf(day) / Math.max(1, days.length - 1)) * room;
  return {
    title: titleOf(state),
    labels: ticks.map(({ label }) => label),
    paths: shownSeries(state).map(({ points }) => pathOf(points, scale, xOf)),
  };
}

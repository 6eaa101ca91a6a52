import type { Extent, Point, Series, State } from '../types.ts';

/** Series that are not hidden, with the points of the days that are asked for. */
export function shownSeries({ series, filter }: State): Series[] {
  return series
    .filter(({ id }) => !filter.hidden.has(id))
    .map((one) => ({ ...one, points: one.points.filter(({ day }) => day >= filter.from && day <= filter.to) }));
}

export function shownPoints(state: State): Point[] {
  return shownSeries(state).flatMap(({ points }) => points);
}

export function totalOf(state: State): number {
  return shownPoints(state).reduce((sum, { cents }) => sum + cents, 0);
}

/** The days that have a point, oldest first. */
export function daysOf(state: State): number[] {
  return [...new Set(shownPoints(state).map(({ day }) => day))].sort((a, b) => a - b);
}

/** From the lowest to the highest amount that is shown. */
export function extentOf(state: State): Extent {
  const cents = shownPoints(state).map((point) => point.cents);
  const min = Math.min(...cents);
  const max = Math.max(...cents);
  return min === max ? { min: min - 100, max: max + 100 } : { min, max };
}

export function titleOf(state: State): string {
  const shown = shownSeries(state);
  return shown.length === state.series.length ? 'All shops' : shown.map(({ title }) => title).join(', ');
}

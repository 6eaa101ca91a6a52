import type { Point } from '../types.ts';
import type { Scale } from './scale.ts';

export function pathOf(points: readonly Point[], scale: Scale, xOf: (day: number) => number): string {
  return points.map(({ day, cents }, index) => `${index === 0 ? 'M' : 'L'}${xOf(day)},${scale.toPixels(cents)}`).join('');
}

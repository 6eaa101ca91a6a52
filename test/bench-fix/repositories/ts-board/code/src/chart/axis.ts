import { formatCents } from '../format.ts';
import type { Scale } from './scale.ts';

export type Tick = { label: string; y: number };

export function ticksOf({ from, to, step, toPixels }: Scale): Tick[] {
  const count = Math.round((to - from) / step) + 1;
  const values = new Array(count).fill(from).map((first, index) => first + index * step);
  return values.map((value) => ({ label: formatCents(value), y: toPixels(value) }));
}

export function labelWidth(ticks: readonly Tick[]): number {
  return ticks.reduce((widest, { label }) => Math.max(widest, label.length * 7), 0);
}

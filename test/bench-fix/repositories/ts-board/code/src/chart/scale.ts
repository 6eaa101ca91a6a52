import { extentOf } from '../store/selectors.ts';
import type { State } from '../types.ts';

export type Scale = { from: number; to: number; step: number; toPixels: (value: number) => number };

const STEPS = [1, 2, 5, 10];

/** A round step that makes about six ticks. */
function stepOf(length: number): number {
  const rough = length / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (STEPS.find((step) => step * power >= rough) ?? 10);
}

export function scaleOf(state: State, height: number): Scale {
  const { min, max } = extentOf(state);
  const step = stepOf(max - min);
  const from = Math.floor(min / step) * step;
  const to = Math.ceil(max / step) * step;
  return { from, to, step, toPixels: (value) => height - ((value - from) / (to - from)) * height };
}

/** One measured figure beside its goal. */
export type Figure = {
  name: string;
  value: string;
  /** What it has to be, in words; empty when it is only to be known. */
  goal: string;
  isMet: boolean;
};

/** A figure that has no goal. */
export function known(name: string, value: string): Figure {
  return { name, value, goal: '', isMet: true };
}

export function printFigure({ name, value, goal, isMet }: Figure): void {
  console.log(
    `  ${name.padEnd(44)} ${value.padEnd(34)} ${goal ? `${isMet ? 'met' : 'MISSED'}: ${goal}` : ''}`.trimEnd(),
  );
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0.99 for p99 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** `least-most`, in whole numbers. */
export function range(values: readonly number[]): string {
  return `${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}`;
}

export type Point = { day: number; cents: number };
export type Series = { id: string; title: string; points: Point[] };
export type Extent = { min: number; max: number };
export type Filter = { hidden: ReadonlySet<string>; from: number; to: number };
export type State = { series: Series[]; filter: Filter; width: number };
export type Action =
  | { type: 'loaded'; series: Series[] }
  | { type: 'toggled'; id: string }
  | { type: 'ranged'; from: number; to: number }
  | { type: 'resized'; width: number };

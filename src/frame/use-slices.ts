import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { inTurn } from './in-turn.ts';
import { type Pace, paced } from './pace.ts';

/** As many rows as fit on a screen, of the trace that is looked at first. */
const firstSlice = 10;
const slowest: Pace = { size: 20, least: 20, most: 120, startedAt: null };

/**
 * How many of `total` rows to draw: the first slice at once, then as many as the browser draws in a few milliseconds
 * whenever it has nothing better to do, one stack trace after another.
 *
 * @param resetKey starts anew when it changes: with the rows in another order, all of them at once would be one long task
 * @param first how many are drawn at once
 */
export function useSlices(total: number, resetKey: string, first = firstSlice): number {
  const [state, setState] = useState({ resetKey, shown: first });
  const shown = state.resetKey === resetKey ? state.shown : first;
  const pace = useRef(slowest);
  useLayoutEffect(() => {
    pace.current = paced(pace.current);
  });
  useEffect(() => {
    if (shown >= total) return;
    return inTurn(() => {
      pace.current = { ...pace.current, startedAt: performance.now() };
      setState({ resetKey, shown: shown + pace.current.size });
    });
  }, [shown, total, resetKey]);
  return Math.min(shown, total);
}

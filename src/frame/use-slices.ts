import { useEffect, useState } from 'react';
import { whenIdle } from '../components/use-idle.ts';

/** As many rows as fit on a screen with room to spare, and so few that a slice is drawn well within a frame of 50 ms. */
const sliceSize = 40;

/**
 * How many of `total` rows to draw: the first slice at once, one more whenever the browser has nothing better to do.
 *
 * @param resetKey starts anew when it changes: with the rows in another order, all of them at once would be one long task
 */
export function useSlices(total: number, resetKey: string): number {
  const [state, setState] = useState({ resetKey, shown: sliceSize });
  const shown = state.resetKey === resetKey ? state.shown : sliceSize;
  useEffect(() => {
    if (shown >= total) return;
    return whenIdle(() => setState({ resetKey, shown: shown + sliceSize }));
  }, [shown, total, resetKey]);
  return Math.min(shown, total);
}

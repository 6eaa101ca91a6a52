import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { inTurn } from './in-turn.ts';
import { type Pace, paced } from './pace.ts';

/** Indices of frames, and a function that puts one in or takes it out; it stays the same one. */
export function useToggledSet(initial: () => readonly number[]): [ReadonlySet<number>, (index: number) => void] {
  const [indices, setIndices] = useState<ReadonlySet<number>>(() => new Set(initial()));
  const toggle = useCallback((index: number) => setIndices((all) => withAll(all, [index], !all.has(index))), []);
  return [indices, toggle];
}

function withAll(all: ReadonlySet<number>, indices: readonly number[], isIn: boolean): ReadonlySet<number> {
  const next = new Set(all);
  for (const index of indices) {
    if (isIn) next.add(index);
    else next.delete(index);
  }
  return next;
}

/** A frame that is open is hundreds of elements. */
const fewest: Pace = { size: 4, least: 2, most: 40, startedAt: null };

type Job = { isOpen: boolean; left: readonly number[] };
type ToggledFrames = {
  expanded: ReadonlySet<number>;
  toggle: (index: number) => void;
  /** Opens or closes them all, a few whenever the browser has nothing better to do, in the order given. */
  toggleAll: (indices: readonly number[], isOpen: boolean) => void;
  /** Are some still to be opened or closed? */
  isBusy: boolean;
};

/** Which frames of a stack trace are open. */
export function useToggledFrames(initial: () => readonly number[]): ToggledFrames {
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(() => new Set(initial()));
  const [job, setJob] = useState<Job | null>(null);
  const pace = useRef(fewest);
  useLayoutEffect(() => {
    pace.current = paced(pace.current);
  });
  const toggle = useCallback((index: number) => setExpanded((all) => withAll(all, [index], !all.has(index))), []);
  const toggleAll = useCallback((left: readonly number[], isOpen: boolean) => setJob({ isOpen, left }), []);
  useEffect(() => {
    if (!job) return;
    const { isOpen, left } = job;
    return inTurn(() => {
      const { size } = pace.current;
      pace.current = { ...pace.current, startedAt: performance.now() };
      setExpanded((all) => withAll(all, left.slice(0, size), isOpen));
      setJob(left.length > size ? { isOpen, left: left.slice(size) } : null);
    });
  }, [job]);
  return { expanded, toggle, toggleAll, isBusy: job !== null };
}

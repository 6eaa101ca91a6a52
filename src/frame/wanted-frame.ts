import { createContext, type RefObject, useContext, useEffect, useEffectEvent, useRef } from 'react';
import type { Stacktrace } from '../../server/protocol/contract.ts';
import type { FrameRowModel } from './visible-frames.ts';

/** A frame that somebody asked to see; `onShown` is called once it is in sight. */
export type WantedFrame = { stacktrace: Stacktrace; index: number; onShown: () => void };
export const WantedFrameContext = createContext<WantedFrame | null>(null);

/** Calls it with the stack trace of each frame that is asked for: what is around that one has to open. */
export function useWhenWanted(open: (stacktrace: Stacktrace) => void): void {
  const wanted = useContext(WantedFrameContext);
  const onWanted = useEffectEvent(open);
  useEffect(() => {
    if (wanted) onWanted(wanted.stacktrace);
  }, [wanted]);
}

/**
 * Opens the wanted frame of a stack trace as soon as its row is drawn, brings it into sight and gives it the focus.
 *
 * @param rows those that are drawn, in order
 * @returns the ref of the list of rows
 */
export function useWantedFrame(
  stacktrace: Stacktrace,
  rows: readonly FrameRowModel[],
  open: (index: number) => void,
): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useContext(WantedFrameContext);
  const index = wanted?.stacktrace === stacktrace ? wanted.index : null;
  const position = index === null ? -1 : positionOf(rows, index);
  const show = useEffectEvent((at: number) => {
    const row = rows[at];
    if (row?.kind === 'frame') open(row.index);
    wanted?.onShown();
    const item = list.current?.children[at];
    item?.scrollIntoView({ block: 'center' });
    item?.querySelector('button')?.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (wanted && position !== -1) show(position);
  }, [wanted, position]);
  return list;
}

/** Of a frame that calls itself, one row may stand for all. */
function positionOf(rows: readonly FrameRowModel[], index: number): number {
  const own = rows.findIndex((row) => row.kind === 'frame' && row.index === index);
  return own !== -1 ? own : rows.findIndex((row) => row.kind === 'frame' && row.repeats.includes(index));
}

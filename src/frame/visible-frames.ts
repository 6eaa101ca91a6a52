import type { Frame } from '../../server/protocol/contract.ts';

/** A row of the stack trace, oldest first. `index` is the frame's place in the trace, and so its identity. */
export type FrameRowModel =
  | {
      kind: 'frame';
      index: number;
      /** Indices of the calls of the same place just before this one, which it stands for. */
      repeats: readonly number[];
      /** Indices of the frames hidden just before this one, which its button shows. */
      hidden: readonly number[];
      /** Is it one of those, or of the repeats, shown by a button? */
      isSubFrame: boolean;
    }
  | { kind: 'omitted'; from: number; to: number };

type Group = { index: number; repeats: number[]; frame: Frame };

/** The same place called by itself: collapsed in the last of the run. Not where library and app code differ in all else. */
function isRepeated(frame: Frame, next: Frame | undefined): boolean {
  return (
    !!next &&
    frame.lineNo === next.lineNo &&
    // All of a minified file is one line.
    frame.colNo === next.colNo &&
    frame.instructionAddr === next.instructionAddr &&
    frame.package === next.package &&
    frame.module === next.module &&
    frame.function === next.function &&
    frame.filename === next.filename &&
    frame.inApp === next.inApp
  );
}

function collapseRepeats(frames: readonly Frame[]): Group[] {
  const groups: Group[] = [];
  let repeats: number[] = [];
  frames.forEach((frame, index) => {
    if (isRepeated(frame, frames[index + 1])) {
      repeats.push(index);
      return;
    }
    groups.push({ index, repeats, frame });
    repeats = [];
  });
  return groups;
}

/**
 * The rows of a stack trace. In the relevant view a frame shows if it is in-app, called app code, or is the newest;
 * the runs between fold into a button on the visible library frame after them (sentry-behaviour 7.13).
 *
 * @param opened indices of the frames whose hidden run is shown
 * @param unfolded indices of the frames whose repeats are shown: their variables may differ
 */
export function visibleFrames(
  frames: readonly Frame[],
  {
    isFull,
    opened,
    unfolded,
    omitted,
  }: {
    isFull: boolean;
    opened: ReadonlySet<number>;
    unfolded: ReadonlySet<number>;
    omitted?: readonly [number, number] | null;
  },
): FrameRowModel[] {
  const rows: FrameRowModel[] = [];
  const groups = collapseRepeats(frames);
  let run: Group[] = [];
  const omit = omitted && omitted[1] > omitted[0] ? omitted : null;
  let isOmissionShown = !omit;
  groups.forEach((group, position) => {
    const next = groups[position + 1];
    const isVisible = isFull || group.frame.inApp || !next || next.frame.inApp;
    // The frames [a, b) are missing: a of them are before the gap. Sentry's page puts its row one frame later.
    if (omit && !isOmissionShown && group.index >= omit[0]) {
      rows.push({ kind: 'omitted', from: omit[0], to: omit[1] });
      isOmissionShown = true;
    }
    if (!isVisible) {
      run.push(group);
      return;
    }
    if (opened.has(group.index)) for (const hidden of run) rows.push(...repeatsOf(hidden), row(hidden, [], true));
    const hidden = run.map(({ index }) => index);
    rows.push(...repeatsOf(group), row(group, hidden, false));
    run = [];
  });
  if (omit && !isOmissionShown) rows.push({ kind: 'omitted', from: omit[0], to: omit[1] });
  return rows;

  function repeatsOf({ index, repeats, frame }: Group): FrameRowModel[] {
    if (!unfolded.has(index)) return [];
    return repeats.map((repeat) => row({ index: repeat, repeats: [], frame }, [], true));
  }
}

const row = ({ index, repeats }: Group, hidden: number[], isSubFrame: boolean): FrameRowModel => ({
  kind: 'frame',
  index,
  repeats,
  hidden,
  isSubFrame,
});

/** Index of the frame that starts expanded: the newest in-app frame, else the newest; -1 of an empty trace. */
export function defaultFrameIndex(frames: readonly Frame[]): number {
  const index = frames.findLastIndex((frame) => frame.inApp);
  return index === -1 ? frames.length - 1 : index;
}

/** Without app frames there is nothing to be relevant, without library frames nothing to hide: the full trace is all. */
export function hasOnlyFullView(frames: readonly Frame[]): boolean {
  return frames.every((frame) => frame.inApp) || frames.every((frame) => !frame.inApp);
}

/** Words before a collapsed library frame that says how app code was left, or null. `next` is the newer frame. */
export function leadHint(frame: Frame, next: Frame | undefined, kind: 'error' | 'hang' | 'message'): string | null {
  if (frame.inApp) return null;
  if (next) return next.inApp ? 'Called from' : null;
  return kind === 'error' ? 'Crashed in non-app' : 'Occurred in non-app';
}

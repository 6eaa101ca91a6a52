import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Stacktrace } from '../../server/protocol/contract.ts';
import type { DisplayOptions } from './display-options.ts';
import rowStyles from './frame-row.module.css';
import { FrameRow } from './frame-row.tsx';
import { useFramesCommand } from './frames-command.ts';
import { isInlined, isNativePlatform } from './native-address.ts';
import type { Scene, Spelling } from './scene.ts';
import styles from './stack-trace.module.css';
import { useSlices } from './use-slices.ts';
import { useToggledFrames, useToggledSet } from './use-toggled-frames.ts';
import { defaultFrameIndex, hasOnlyFullView, leadHint, visibleFrames } from './visible-frames.ts';
import { useWantedFrame } from './wanted-frame.ts';

type Props = {
  stacktrace: Stacktrace;
  scene: Scene;
  options: DisplayOptions;
  /** `_meta` of the stack trace. */
  meta?: unknown;
  /** Does a frame start expanded? Of a chain, only the newest exception's. */
  expandsFrame?: boolean;
  /** Was it the program hanging, rather than failing? */
  isHang?: boolean;
};

/** The frames of one stack trace, as rows. Registers belong to its newest frame and no other. */
export function StackTrace({ stacktrace, scene, options, meta, expandsFrame = true, isHang = false }: Props) {
  const { frames, registers, framesOmitted } = stacktrace;
  const spelling = useSpelling(options);
  const [opened, toggleRun] = useToggledSet(noIndices);
  const [unfolded, toggleRepeats] = useToggledSet(noIndices);
  const initial = () => (expandsFrame ? [defaultFrameIndex(frames)] : []);
  const { expanded, toggle, toggleAll, isBusy } = useToggledFrames(initial);
  const isFull = options.view === 'full' || hasOnlyFullView(frames);
  const rows = useMemo(() => {
    const ordered = visibleFrames(frames, { isFull, opened, unfolded, omitted: framesOmitted });
    return options.order === 'newest' ? ordered.reverse() : ordered;
  }, [frames, isFull, opened, unfolded, framesOmitted, options.order]);
  // Below the trace that is looked at first, a few rows will do.
  const shown = useSlices(rows.length, `${isFull} ${options.order}`, expandsFrame ? undefined : 5);
  const drawn = useMemo(() => rows.slice(0, shown), [rows, shown]);
  const list = useWantedFrame(stacktrace, drawn, (index) => expanded.has(index) || toggle(index));
  const toggleEach = (isOpen: boolean) =>
    toggleAll(
      rows.flatMap((row) => (row.kind === 'frame' && expanded.has(row.index) !== isOpen ? [row.index] : [])),
      isOpen,
    );
  useFramesCommand(toggleEach);
  const toggleAllRows = useLatest(toggleEach);
  if (frames.length === 0) return <NoStackTrace />;
  const isDrawing = shown < rows.length || isBusy;
  const kind = isHang ? 'hang' : scene.isError ? 'error' : 'message';
  return (
    <ol ref={list} className={styles.frames} aria-label="Frames" aria-busy={isDrawing || undefined}>
      {drawn.map((row) => {
        if (row.kind === 'omitted') {
          return (
            <li key="omitted" className={rowStyles.omitted}>
              Frames {row.from} until {row.to} were omitted and not available.
            </li>
          );
        }
        const frame = frames[row.index];
        return (
          frame && (
            <FrameRow
              key={row.index}
              row={row}
              frame={frame}
              scene={scene}
              spelling={spelling}
              registers={row.index === frames.length - 1 ? (registers ?? null) : null}
              meta={meta}
              isExpanded={expanded.has(row.index)}
              isOnlyFrame={rows.length === 1}
              isInlined={isNativePlatform(frame.platform || scene.platform) && isInlined(frame, frames[row.index - 1])}
              lead={leadHint(frame, frames[row.index + 1], kind)}
              isRunShown={opened.has(row.index)}
              areRepeatsShown={unfolded.has(row.index)}
              onToggle={toggle}
              onToggleAll={toggleAllRows}
              onToggleRun={toggleRun}
              onToggleRepeats={toggleRepeats}
            />
          )
        );
      })}
    </ol>
  );
}

/** The same object until one of its parts changes, so that rows are not drawn again for the others. */
function useSpelling({ hasAbsoluteAddresses, hasAbsolutePaths, hasVerboseNames }: DisplayOptions): Spelling {
  return useMemo(
    () => ({ hasAbsoluteAddresses, hasAbsolutePaths, hasVerboseNames }),
    [hasAbsoluteAddresses, hasAbsolutePaths, hasVerboseNames],
  );
}

const noIndices = () => [];

/** Calls what was given last, and stays the same function. */
function useLatest<T>(run: (argument: T) => void): (argument: T) => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  return useCallback((argument) => latest.current(argument), []);
}

export function NoStackTrace({ words = 'No stack trace was sent with this.' }: { words?: string }) {
  return <p className={styles.none}>{words}</p>;
}

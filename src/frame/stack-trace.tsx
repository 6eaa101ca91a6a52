import { useCallback, useMemo, useState } from 'react';
import type { Stacktrace } from '../../server/protocol/contract.ts';
import type { DisplayOptions } from './display-options.ts';
import rowStyles from './frame-row.module.css';
import { FrameRow } from './frame-row.tsx';
import { isInlined, isNativePlatform } from './native-address.ts';
import type { Scene, Spelling } from './scene.ts';
import styles from './stack-trace.module.css';
import { useSlices } from './use-slices.ts';
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
  const [expanded, toggle] = useToggledSet(() => (expandsFrame ? [defaultFrameIndex(frames)] : []));
  const isFull = options.view === 'full' || hasOnlyFullView(frames);
  const rows = useMemo(() => {
    const ordered = visibleFrames(frames, { isFull, opened, omitted: framesOmitted });
    return options.order === 'newest' ? ordered.reverse() : ordered;
  }, [frames, isFull, opened, framesOmitted, options.order]);
  const shown = useSlices(rows.length, `${isFull} ${options.order}`);
  const drawn = useMemo(() => rows.slice(0, shown), [rows, shown]);
  const list = useWantedFrame(stacktrace, drawn, (index) => expanded.has(index) || toggle(index));
  if (frames.length === 0) return <NoStackTrace />;
  const kind = isHang ? 'hang' : scene.isError ? 'error' : 'message';
  return (
    <ol ref={list} className={styles.frames} aria-label="Frames" aria-busy={shown < rows.length || undefined}>
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
              onToggle={toggle}
              onToggleRun={toggleRun}
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

/** Indices of frames, and a function that puts one in or takes it out; it stays the same one. */
function useToggledSet(initial: () => readonly number[]): [ReadonlySet<number>, (index: number) => void] {
  const [indices, setIndices] = useState<ReadonlySet<number>>(() => new Set(initial()));
  const toggle = useCallback((index: number) => {
    setIndices((all) => new Set(all.has(index) ? [...all].filter((other) => other !== index) : [...all, index]));
  }, []);
  return [indices, toggle];
}

export function NoStackTrace({ words = 'No stack trace was sent with this.' }: { words?: string }) {
  return <p className={styles.none}>{words}</p>;
}

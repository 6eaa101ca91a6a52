import { useState } from 'react';
import type { Stacktrace } from '../../server/protocol/contract.ts';
import type { DisplayOptions } from './display-options.ts';
import rowStyles from './frame-row.module.css';
import { FrameRow } from './frame-row.tsx';
import type { Scene } from './scene.ts';
import styles from './stack-trace.module.css';
import { defaultFrameIndex, hasOnlyFullView, leadHint, visibleFrames } from './visible-frames.ts';

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
  const [opened, setOpened] = useState<readonly number[]>([]);
  const { frames, registers, framesOmitted } = stacktrace;
  if (frames.length === 0) return <NoStackTrace />;
  const isFull = options.view === 'full' || hasOnlyFullView(frames);
  const rows = visibleFrames(frames, { isFull, opened: new Set(opened), omitted: framesOmitted });
  if (options.order === 'newest') rows.reverse();
  const expanded = expandsFrame ? defaultFrameIndex(frames) : -1;
  const toggleRun = (index: number) =>
    setOpened(opened.includes(index) ? opened.filter((other) => other !== index) : [...opened, index]);
  return (
    <ol className={styles.frames} aria-label="Frames">
      {rows.map((row) => {
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
              registers={row.index === frames.length - 1 ? (registers ?? null) : null}
              meta={meta}
              isInitiallyExpanded={row.index === expanded}
              isOnlyFrame={rows.length === 1}
              lead={leadHint(frame, frames[row.index + 1], isHang ? 'hang' : scene.isError ? 'error' : 'message')}
              isRunShown={opened.includes(row.index)}
              onToggleRun={() => toggleRun(row.index)}
            />
          )
        );
      })}
    </ol>
  );
}

export function NoStackTrace({ words = 'No stack trace was sent with this.' }: { words?: string }) {
  return <p className={styles.none}>{words}</p>;
}

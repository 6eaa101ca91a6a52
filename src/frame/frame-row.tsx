import { type MouseEvent, memo, useContext, useId, useState } from 'react';
import type { Frame } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Badge } from '../components/badge.tsx';
import { Icon } from '../components/icon.tsx';
import { Context } from './context.tsx';
import { detailsOf, isExpandable, type Registers } from './frame-details.ts';
import { FrameMenuButton } from './frame-menu-button.tsx';
import styles from './frame-row.module.css';
import { FrameTitle } from './frame-title.tsx';
import type { Scene, Spelling } from './scene.ts';
import { SourceMapNotes } from './source-map-notes.ts';
import type { FrameRowModel } from './visible-frames.ts';

type Props = {
  row: Extract<FrameRowModel, { kind: 'frame' }>;
  frame: Frame;
  scene: Scene;
  spelling: Spelling;
  registers: Registers | null;
  /** `_meta` of the stack trace. */
  meta: unknown;
  /** Is it open? A frame without anything to show never is. */
  isExpanded: boolean;
  /** The one frame of its trace says so when it has nothing to show. */
  isOnlyFrame: boolean;
  isInlined: boolean;
  lead: string | null;
  isRunShown: boolean;
  /** Both get the frame's index, and must stay the same functions: a trace has hundreds of rows. */
  onToggle: (index: number) => void;
  onToggleRun: (index: number) => void;
};

/** One frame: its title, and its Context once it has been opened. */
export const FrameRow = memo(function FrameRow(props: Props) {
  const { row, frame, scene, spelling, registers, meta, isOnlyFrame, lead, onToggle } = props;
  const note = useContext(SourceMapNotes)?.get(frame);
  const canExpand = isOnlyFrame || !!note || isExpandable(detailsOf(frame, { registers, platform: scene.platform }));
  const isExpanded = canExpand && props.isExpanded;
  const [wasExpanded, setWasExpanded] = useState(isExpanded);
  if (isExpanded && !wasExpanded) setWasExpanded(true);
  const id = useId();
  const frameMeta = metaAt(meta, 'frames', row.index);
  const toggleByClick = (event: MouseEvent) => {
    // Selecting a path to copy it is no wish to fold the frame; a button in the row has its own.
    const isOwnClick = event.target instanceof Element && !event.target.closest('button, a');
    if (canExpand && isOwnClick && !window.getSelection()?.toString()) onToggle(row.index);
  };
  return (
    <li className={styles.frame} data-in-app={frame.inApp || undefined} data-sub={row.isSubFrame || undefined}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button inside does the same by keyboard */}
      <div className={styles.head} data-expandable={canExpand || undefined} onClick={toggleByClick}>
        {canExpand ? (
          <button
            type="button"
            className={styles.chevron}
            aria-label="Toggle Context"
            aria-describedby={`${id}-title`}
            aria-expanded={isExpanded}
            aria-controls={wasExpanded ? `${id}-context` : undefined}
            onClick={() => onToggle(row.index)}
          >
            <Icon name="down" />
          </button>
        ) : (
          <span className={styles.chevron} />
        )}
        <div className={styles.main}>
          {lead && !isExpanded && <span className={styles.lead}>{lead}: </span>}
          <FrameTitle frame={frame} scene={scene} spelling={spelling} meta={frameMeta} id={`${id}-title`} />
        </div>
        <Marks {...props} titleId={`${id}-title`} />
      </div>
      {wasExpanded && (
        <div id={`${id}-context`} hidden={!isExpanded}>
          {note}
          <Context
            frame={frame}
            scene={scene}
            registers={registers}
            meta={frameMeta}
            registersMeta={metaAt(meta, 'registers')}
            isExpanded={isExpanded}
            emptySourceNotation={isOnlyFrame && !note}
          />
        </div>
      )}
    </li>
  );
});

function Marks({ row, frame, isInlined, isRunShown, onToggleRun, titleId }: Props & { titleId: string }) {
  const { hidden, repeats } = row;
  const times = `${repeats} time${repeats === 1 ? '' : 's'}`;
  return (
    <span className={styles.marks}>
      {hidden.length > 0 && (
        <button type="button" className={styles.run} aria-expanded={isRunShown} onClick={() => onToggleRun(row.index)}>
          {isRunShown ? 'Hide' : 'Show'} {hidden.length} more frame{hidden.length === 1 ? '' : 's'}
        </button>
      )}
      {repeats > 0 && (
        <span className={styles.repeats} title={`Frame repeated ${times}`}>
          <span aria-hidden="true">↻ </span>
          {repeats}
          <span className={styles.unseen}> repeats</span>
        </span>
      )}
      {isInlined && <Badge title="The compiler put this function's code into the one that calls it">inlined</Badge>}
      {/scan/.test(frame.trust ?? '') && (
        <Badge title="Found by a scan of the stack: it may not have been called">scanned</Badge>
      )}
      {frame.inApp && <Badge>In App</Badge>}
      <FrameMenuButton frame={frame} titleId={titleId} />
    </span>
  );
}

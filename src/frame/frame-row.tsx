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
import { whyBroken } from './read-frame.ts';
import type { Scene, Spelling } from './scene.ts';
import { SourceMapNotes } from './source-map-notes.ts';
import { useSeen } from './use-seen.ts';
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
  areRepeatsShown: boolean;
  /** They get the frame's index, and must stay the same functions: a trace has hundreds of rows. */
  onToggle: (index: number) => void;
  onToggleRun: (index: number) => void;
  onToggleRepeats: (index: number) => void;
  /** Opens or closes every frame of the trace. */
  onToggleAll: (isOpen: boolean) => void;
};

/** One frame: its title, and its Context once it has been opened. */
export const FrameRow = memo(function FrameRow(props: Props) {
  const { row, frame, scene, spelling, registers, meta, isOnlyFrame, lead, onToggle, onToggleAll } = props;
  const note = useContext(SourceMapNotes)?.get(frame);
  const canExpand = isOnlyFrame || !!note || isExpandable(detailsOf(frame, { registers, platform: scene.platform }));
  const isExpanded = canExpand && props.isExpanded;
  const [wasExpanded, setWasExpanded] = useState(isExpanded);
  if (isExpanded && !wasExpanded) setWasExpanded(true);
  const [element, isSeen] = useSeen<HTMLLIElement>(isExpanded);
  const broken = whyBroken(frame);
  const id = useId();
  const frameMeta = metaAt(meta, 'frames', row.index);
  const toggleByClick = (event: MouseEvent) => {
    // Selecting a path to copy it is no wish to fold the frame; a button in the row has its own.
    const isOwnClick = event.target instanceof Element && !event.target.closest('button, a');
    if (canExpand && isOwnClick && !window.getSelection()?.toString()) onToggle(row.index);
  };
  return (
    <li
      ref={element}
      className={styles.frame}
      data-in-app={frame.inApp || undefined}
      data-sub={row.isSubFrame || undefined}
    >
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
            onClick={(event) => (event.shiftKey ? onToggleAll(!isExpanded) : onToggle(row.index))}
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
      {broken && (
        <p className={styles.broken}>
          <Icon name="warning" />
          Not all of this frame could be read ({broken}). The raw JSON has it as it was sent.
        </p>
      )}
      {wasExpanded && (
        <div id={`${id}-context`} hidden={!isExpanded}>
          {note}
          <Context
            frame={frame}
            scene={scene}
            registers={registers}
            meta={frameMeta}
            registersMeta={metaAt(meta, 'registers')}
            isExpanded={isExpanded && isSeen}
            emptySourceNotation={isOnlyFrame && !note}
          />
        </div>
      )}
    </li>
  );
});

function Marks(props: Props & { titleId: string }) {
  const { row, frame, isInlined, isRunShown, areRepeatsShown, onToggleRun, onToggleRepeats, titleId } = props;
  const { hidden, repeats } = row;
  const times = `${repeats.length} time${repeats.length === 1 ? '' : 's'}`;
  return (
    <span className={styles.marks}>
      {hidden.length > 0 && (
        <button type="button" className={styles.run} aria-expanded={isRunShown} onClick={() => onToggleRun(row.index)}>
          {isRunShown ? 'Hide' : 'Show'} {hidden.length} more frame{hidden.length === 1 ? '' : 's'}
        </button>
      )}
      {repeats.length > 0 && (
        <button
          type="button"
          className={styles.repeats}
          title={areRepeatsShown ? 'Fold them into this one' : `Frame repeated ${times}`}
          aria-expanded={areRepeatsShown}
          onClick={() => onToggleRepeats(row.index)}
        >
          <span aria-hidden="true">↻ </span>
          {repeats.length}
          <span className={styles.unseen}> repeats</span>
        </button>
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

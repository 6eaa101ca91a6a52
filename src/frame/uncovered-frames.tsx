import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import {
  Coverage,
  type Event,
  type EventCoverage,
  type Frame,
  type Stacktrace,
} from '../../server/protocol/contract.ts';
import { eventCoverageQuery } from '../api/event-coverage.ts';
import { showControls } from '../components/annotated-text-controls.ts';
import type { EventTraces } from './event-traces.ts';
import { framePath, framePosition, shortPath } from './frame-path.ts';
import styles from './uncovered-frames.module.css';

type Props = {
  event: Event;
  /** Slug. */
  project: string;
  traces: EventTraces;
  onShow: (stacktrace: Stacktrace, index: number) => void;
};
type Place = EventCoverage['frames'][number];
type Found = { place: string; stacktrace: Stacktrace; index: number; frame: Frame };

/** So many are named at first. */
const named = 3;

/** Which of an event's in-app frames run code that no test reaches. Nothing where no report tells. */
export function UncoveredFrames({ event, project, traces, onShow }: Props) {
  const { data } = useQuery(eventCoverageQuery(project, event.eventID));
  const [isWhole, setWhole] = useState(false);
  const all = data?.frames ?? [];
  const known = all.filter(({ code }) => typeof code === 'number' && code !== Coverage.notApplicable);
  if (known.length === 0) return null;
  const uncovered = known.filter(({ code }) => code === Coverage.notCovered);
  const found = uncovered.flatMap((place) => frameAt(traces, place) ?? []);
  const shown = isWhole ? found : found.slice(0, named);
  return (
    <p className={styles.line} data-uncovered={uncovered.length > 0 || undefined}>
      <span className={styles.mark} aria-hidden="true" />
      <span>
        {sentence(uncovered.length, known.length, all.length + (data?.framesOmitted ?? 0))}
        {shown.map(({ stacktrace, place, index, frame }, position) => (
          <Fragment key={`${place} ${index}`}>
            {position === 0 ? ': ' : ', '}
            <button type="button" onClick={() => onShow(stacktrace, index)}>
              {titleOf(frame, event.platform)}
            </button>
          </Fragment>
        ))}
        {found.length > shown.length && (
          <>
            {' '}
            <button type="button" onClick={() => setWhole(true)}>
              and {found.length - shown.length} more
            </button>
          </>
        )}
      </span>
    </p>
  );
}

/** @param known frames of which a report says something, of `all` in-app frames with a line */
function sentence(uncovered: number, known: number, all: number): string {
  const frames = `${all} in-app ${all === 1 ? 'frame' : 'frames'}`;
  const unknown = all - known;
  const rest = unknown > 0 ? ` (of ${unknown} no report tells)` : '';
  if (uncovered > 0)
    return `${uncovered} of ${frames} ${uncovered === 1 ? 'runs' : 'run'} code that no test reaches${rest}`;
  if (unknown > 0) return `Tests reach the code of ${known} of ${frames}${rest}`;
  return all === 1 ? 'Tests reach the code of the in-app frame' : `Tests reach the code of all ${frames}`;
}

function frameAt(traces: EventTraces, { exceptionIndex, threadIndex, frameIndex: index }: Place): Found | null {
  const stacktrace =
    typeof exceptionIndex === 'number'
      ? traces.exceptions?.values[exceptionIndex]?.stacktrace
      : typeof threadIndex === 'number'
        ? traces.threads?.values[threadIndex]?.stacktrace
        : traces.stacktrace?.value;
  const frame = stacktrace?.frames[index];
  return stacktrace && frame ? { place: `${exceptionIndex} ${threadIndex}`, stacktrace, index, frame } : null;
}

function titleOf(frame: Frame, platform: string | null | undefined): string {
  const path = framePath(frame, platform);
  const place = path ? `${shortPath(path)}${framePosition({ ...frame, colNo: null })}` : '';
  return showControls([frame.function, place].filter(Boolean).join(' in ') || '<unknown>');
}

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Event, Frame, SourceMapDebug } from '../../server/protocol/contract.ts';
import { sourceMapDebugQuery } from '../api/source-map-debug.ts';
import { Button } from '../components/button.tsx';
import { readStored, writeStored } from '../components/stored.ts';
import type { EventTraces } from './event-traces.ts';
import type { Scene } from './scene.ts';
import { commandsFor, type UploadTarget } from './source-map-commands.ts';
import { frameAt, groupByReason, looksUnmapped, withReason } from './source-map-facts.ts';
import { SourceMapNote } from './source-map-note.tsx';
import { SourceMapNotice } from './source-map-notice.tsx';
import type { Again } from './source-map-parts.tsx';
import styles from './source-maps.module.css';
import { resultWords, useSymbolicateAgain } from './use-symbolicate-again.ts';

type Props = {
  event: Event;
  traces: EventTraces;
  scene: Scene;
  /** Gets what is said of each frame, for `SourceMapNotes`; null when it is over. */
  onNotes: (notes: ReadonlyMap<Frame, ReactNode> | null) => void;
};

/**
 * "Why is this minified?": asks the server about frames that look it, says what is wrong in one line above the stack
 * trace, and in each frame. Nothing for an event whose frames are readable.
 */
export function SourceMaps({ event, traces, scene, onNotes }: Props) {
  const { project, platform, release } = scene;
  const isSuspect = useMemo(() => framesOf(traces).some((frame) => looksUnmapped(frame, platform)), [traces, platform]);
  const debug = useQuery({ ...sourceMapDebugQuery(project, event.eventID), enabled: isSuspect });
  const again = useSymbolicateAgain(project, event.eventID);
  const { isPending, mutate: run } = again;
  const may = debug.data?.canSymbolicateAgain === true;
  const mayHelp = useMemo(() => (may ? { isPending, run } : null), [may, isPending, run]);
  const build = useMemo(() => ({ release, dist: event.dist ?? null }), [release, event.dist]);
  useNotes({ debug: isSuspect ? debug.data : undefined, traces, project, build, again: mayHelp, onNotes });
  const groups = useMemo(() => groupByReason(debug.data ? withReason(debug.data) : []), [debug.data]);
  const shared = groups.find(({ count }) => count > 1)?.reason;
  // Dismissed, a reason is not told again; another one is.
  const key = `stackmend-source-maps-${project}`;
  const [dismissed, setDismissed] = useState(() => readStored(key));
  const dismiss = (reason: string) => {
    setDismissed(reason);
    writeStored(key, reason);
  };
  const topic = shared ?? (mayHelp && groups[0]?.reason);
  const box = useRef<HTMLElement>(null);
  const isDone = again.isSuccess;
  useEffect(() => {
    // The button that was pressed may be gone with its reason.
    if (isDone && document.activeElement === document.body) box.current?.focus();
  }, [isDone]);
  const content =
    isSuspect && debug.isError && !debug.data ? (
      <Failed error={debug.error} onRetry={() => debug.refetch()} />
    ) : isSuspect && topic && topic !== dismissed ? (
      <SourceMapNotice
        groups={groups}
        target={targetOf(project)}
        build={build}
        again={mayHelp}
        onDismiss={() => dismiss(topic)}
      />
    ) : null;
  if (!content && !isDone) return null;
  return (
    <section ref={box} tabIndex={-1} className={styles.notice} aria-label="Source maps">
      {again.isSuccess && <p className={styles.result}>{resultWords(again.data)}.</p>}
      {content}
    </section>
  );
}

const targetOf = (project: string): UploadTarget => ({ url: location.origin, project });

function framesOf({ exceptions, threads, stacktrace }: EventTraces): Frame[] {
  const holders = [...(exceptions?.values ?? []), ...(threads?.values ?? [])];
  return [...holders.flatMap((holder) => holder.stacktrace?.frames ?? []), ...(stacktrace?.value.frames ?? [])];
}

type NotesProps = {
  debug: SourceMapDebug | undefined;
  traces: EventTraces;
  project: string;
  build: { release: string | null; dist: string | null };
  again: Again | null;
  onNotes: Props['onNotes'];
};

function useNotes({ debug, traces, project, build, again, onNotes }: NotesProps): void {
  const notes = useMemo(() => {
    const told = (debug ? withReason(debug) : []).flatMap((place) => {
      const frame = frameAt(traces, place);
      const commands = commandsFor(place.reason, targetOf(project), build, place.url);
      return frame
        ? [[frame, <SourceMapNote key="note" frame={place} commands={commands} again={again} />] as const]
        : [];
    });
    return told.length > 0 ? new Map<Frame, ReactNode>(told) : null;
  }, [debug, traces, project, build, again]);
  useEffect(() => onNotes(notes), [notes, onNotes]);
  useEffect(() => () => onNotes(null), [onNotes]);
}

function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div className={styles.failed}>
      <p role="alert">Why frames are not mapped could not be loaded: {error.message}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

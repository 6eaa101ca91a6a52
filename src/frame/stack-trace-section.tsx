import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import type { Event, Exception, Frame, Stacktrace } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Boundary } from '../components/boundary.tsx';
import { LateCode } from '../components/late-code.tsx';
import { Notice } from '../components/notice.tsx';
import { useIdle } from '../components/use-idle.ts';
import { displayChoices } from './display-choices.ts';
import { useDisplayOptions } from './display-options.ts';
import { DisplayToolbar } from './display-toolbar.tsx';
import { type EventTraces, tracesOf } from './event-traces.ts';
import { Exceptions } from './exceptions.tsx';
import { FrameMenuContext } from './frame-menu-button.tsx';
import { type FramesCommand, FramesCommandContext } from './frames-command.ts';
import { RawTrace } from './raw-trace.tsx';
import { type Scene, sceneOf } from './scene.ts';
import { SourceMapNotes } from './source-map-notes.ts';
import { NoStackTrace, StackTrace } from './stack-trace.tsx';
import styles from './stack-trace-section.module.css';
import { type IndexedThread, raisingThread } from './thread-selection.ts';
import { Threads, ThreadTrace } from './threads.tsx';
import { hasOnlyFullView } from './visible-frames.ts';
import { type WantedFrame, WantedFrameContext } from './wanted-frame.ts';

// None of them is there at first sight.
const FrameMenu = lazy(async () => ({ default: (await import('./frame-menu.tsx')).FrameMenu }));
const InAppRulesDialog = lazy(async () => ({ default: (await import('./in-app-rules-dialog.tsx')).InAppRulesDialog }));
const AboveFrames = lazy(async () => ({ default: (await import('./above-frames.tsx')).AboveFrames }));

/**
 * All stack traces of an event: its exceptions, its threads, or the one that came with a message. What cannot be read of
 * it is named, and a fault in here stays in here. Draws nothing for an event that has none of them.
 *
 * @param project slug
 */
export function StackTraceSection({ event, project }: { event: Event; project: string }) {
  return (
    <Boundary what="The stack trace" resetKey={event.id}>
      <EventStackTraces key={event.id} event={event} project={project} />
    </Boundary>
  );
}

/** Has the event anything that `StackTraceSection` shows? */
export function hasStackTraces(event: Event): boolean {
  return event.entries.some(({ type }) => type === 'exception' || type === 'stacktrace' || type === 'threads');
}

function EventStackTraces({ event, project }: { event: Event; project: string }) {
  const traces = useMemo(() => tracesOf(event), [event]);
  const scene = useMemo(() => sceneOf(event, project), [event, project]);
  const [options, changeOptions] = useDisplayOptions(project);
  const [isEditingRules, setEditingRules] = useState(false);
  const [notes, setNotes] = useState<ReadonlyMap<Frame, ReactNode> | null>(null);
  const menu = useFrameMenu();
  const [wanted, setWanted] = useState<WantedFrame | null>(null);
  const showFrame = (stacktrace: Stacktrace, index: number) => {
    // The frames are neither in the text nor in what was before source maps.
    changeOptions({ isMinified: false, ...(view === 'raw' && { view: 'relevant' }) });
    setWanted({ stacktrace, index, onShown: () => setWanted(null) });
  };
  const [command, setCommand] = useState<FramesCommand | null>(null);
  const all = useMemo(() => allStacktraces(traces), [traces]);
  const view =
    options.view === 'relevant' && all.every(({ frames }) => hasOnlyFullView(frames)) ? 'full' : options.view;
  const effective = { ...options, view };
  const shown = { traces, options: effective, first: all[0] };
  if (!hasStackTraces(event)) return null;
  return (
    <section className={styles.section} aria-label="Stack trace">
      <DisplayToolbar
        options={effective}
        onChange={changeOptions}
        hasOnlyFull={all.every(({ frames }) => hasOnlyFullView(frames))}
        isOrderFixed={all.every(({ frames }) => frames.length < 2) && (traces.exceptions?.values.length ?? 0) < 2}
        choices={displayChoices({ platform: scene.platform, view, stacktraces: all, hasRaw: hasRaw(traces) })}
        text={async () => (await loadText()).asText(shown, scene.platform)}
        markdown={async () => (await loadText()).asMarkdown(shown, event)}
        onNearCopy={loadAhead}
        onEditRules={() => setEditingRules(true)}
        onToggleFrames={(isOpen) => setCommand({ isOpen })}
      />
      {traces.unreadable.map(({ type, reason }) => (
        <Notice key={type} kind="error" title={`The ${type} of this event could not be read`}>
          {reason}. The raw JSON has it as it was sent.
        </Notice>
      ))}
      <WhenIdle>
        <Boundary what="What is known of the frames">
          <Suspense>
            <AboveFrames event={event} traces={traces} scene={scene} onNotes={setNotes} onShow={showFrame} />
          </Suspense>
        </Boundary>
      </WhenIdle>
      <FrameMenuContext value={menu.open}>
        <SourceMapNotes value={notes}>
          <WantedFrameContext value={wanted}>
            <FramesCommandContext value={command}>
              <Traces traces={traces} scene={scene} options={effective} />
            </FramesCommandContext>
          </WantedFrameContext>
        </SourceMapNotes>
      </FrameMenuContext>
      {menu.shown && (
        <LateCode what="The menu">
          <FrameMenu
            key={menu.shown.opened}
            {...menu.shown}
            scene={scene}
            onEditRules={() => setEditingRules(true)}
            onClose={menu.close}
          />
        </LateCode>
      )}
      {isEditingRules && (
        <LateCode what="The rules">
          <InAppRulesDialog project={project} onClose={() => setEditingRules(false)} />
        </LateCode>
      )}
    </section>
  );
}

/** By itself, so that the frames are not drawn again for it. */
const WhenIdle = ({ children }: { children: ReactNode }) => (useIdle() ? children : null);

type TracesProps = { traces: EventTraces; scene: Scene; options: ReturnType<typeof useDisplayOptions>[0] };

function Traces({ traces, scene, options }: TracesProps) {
  const { exceptions, stacktrace, threads } = traces;
  const chain = (active: IndexedThread | null) =>
    exceptions && (
      <Exceptions
        exceptions={exceptions.values}
        omitted={exceptions.omitted}
        scene={scene}
        options={options}
        meta={exceptions.meta}
        fallback={
          active?.thread.stacktrace && (
            <ThreadTrace active={active} scene={scene} options={options} meta={threads?.meta} />
          )
        }
      />
    );
  const message = stacktrace && <MessageTrace {...stacktrace} scene={scene} options={options} />;
  if (!threads || threads.values.length === 0) return chain(null) ?? message;
  const values = exceptions?.values ?? [];
  const raising = threads.values.length === 1 ? 0 : raisingThread(threads.values, values);
  return (
    <>
      {/* No thread claims the exceptions: then they are what the event is about, whichever thread is looked at. */}
      {raising === -1 && chain(null)}
      <Threads threads={threads.values} raising={raising}>
        {(active) =>
          values.length > 0 && active.index === raising ? (
            chain(active)
          ) : (
            <ThreadTrace active={active} scene={scene} options={options} meta={threads.meta} />
          )
        }
      </Threads>
      {message}
    </>
  );
}

type MessageProps = NonNullable<EventTraces['stacktrace']> & Omit<TracesProps, 'traces'>;

function MessageTrace({ value, raw, meta, scene, options }: MessageProps) {
  const isRaw = options.isMinified && !!raw;
  const shown = isRaw ? raw : value;
  if (shown.frames.length === 0) return <NoStackTrace />;
  if (options.view === 'raw') return <RawTrace stacktrace={shown} platform={scene.platform} />;
  const shownMeta = isRaw ? metaAt(meta, 'rawStacktrace') : meta;
  return <StackTrace stacktrace={shown} scene={scene} options={options} meta={shownMeta} />;
}

function allStacktraces({ exceptions, stacktrace, threads }: EventTraces): Stacktrace[] {
  const holders = [...(exceptions?.values ?? []), ...(threads?.values ?? [])];
  return [...holders.flatMap((holder) => holder.stacktrace ?? []), ...(stacktrace ? [stacktrace.value] : [])];
}

function hasRaw({ exceptions, stacktrace, threads }: EventTraces): boolean {
  const hasOwnWords = (exception: Exception) =>
    ['rawType', 'rawValue', 'rawModule'].some((key) => typeof exception[key] === 'string');
  return (
    !!stacktrace?.raw ||
    !!exceptions?.values.some((exception) => !!exception.rawStacktrace || hasOwnWords(exception)) ||
    !!threads?.values.some((thread) => !!thread.rawStacktrace)
  );
}

const loadText = () => import('./stack-trace-text.ts');
/** Ahead of the press: some browsers let a page copy only at once after it. A press tells of what could not be fetched. */
const loadAhead = () => void loadText().catch(() => undefined);

/** The frame whose menu is open, beside which button; `opened` tells one time from another. */
type ShownMenu = { frame: Frame; button: HTMLElement; opened: number };

function useFrameMenu() {
  const [shown, setShown] = useState<ShownMenu | null>(null);
  const open = useCallback(
    (frame: Frame, button: HTMLElement) => setShown((before) => ({ frame, button, opened: (before?.opened ?? 0) + 1 })),
    [],
  );
  const close = useCallback(() => setShown(null), []);
  return { shown, open, close };
}

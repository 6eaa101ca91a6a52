import { type ReactNode, useState } from 'react';
import type { Thread } from '../../server/protocol/contract.ts';
import { metaAt } from '../components/annotated-text-meta.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { StructuredValue } from '../components/structured-value.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import type { DisplayOptions } from './display-options.ts';
import { RawTrace } from './raw-trace.tsx';
import type { Scene } from './scene.ts';
import { NoStackTrace, StackTrace } from './stack-trace.tsx';
import { defaultThread, describeThreadState, type IndexedThread, sortThreads, threadName } from './thread-selection.ts';
import styles from './threads.module.css';
import { useWhenWanted } from './wanted-frame.ts';

type Props = {
  threads: readonly Thread[];
  /** Index of the one that has the exceptions; -1 for none. */
  raising: number;
  /** What is shown for the active thread. */
  children: (active: IndexedThread) => ReactNode;
};

/** The threads of an event, the crashed one first, and what the chosen one was doing. */
export function Threads({ threads, raising, children }: Props) {
  const sorted = sortThreads(threads);
  const [chosen, setChosen] = useState(() => sorted.findIndex((each) => each.index === defaultThread(sorted)?.index));
  useWhenWanted((stacktrace) => {
    const own = sorted.findIndex(({ thread }) => thread.stacktrace === stacktrace);
    const at = own === -1 ? sorted.findIndex(({ index }) => index === raising) : own;
    if (at !== -1) setChosen(at);
  });
  const active = sorted[chosen];
  if (!active) return null;
  const step = (by: number) => setChosen((chosen + by + sorted.length) % sorted.length);
  return (
    <>
      {sorted.length > 1 && (
        <div className={styles.bar}>
          <label className={styles.choice}>
            Thread
            <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
              {sorted.map(({ thread, index }, position) => (
                <option key={index} value={position}>
                  {threadName(thread)}
                  {thread.crashed ? ' (crashed)' : thread.stacktrace ? '' : ' (no stack trace)'}
                </option>
              ))}
            </select>
          </label>
          <Button look="quiet" icon="left" aria-label="Previous thread" onClick={() => step(-1)} />
          <Button look="quiet" icon="right" aria-label="Next thread" onClick={() => step(1)} />
          <span className={styles.count}>
            {chosen + 1} of {sorted.length}
          </span>
          <ThreadMarks thread={active.thread} />
        </div>
      )}
      {children(active)}
    </>
  );
}

function ThreadMarks({ thread }: { thread: Thread }) {
  const help = describeThreadState(thread.state);
  const locks = thread.heldLocks;
  return (
    <span className={styles.marks}>
      {thread.crashed && <Badge tone="error">crashed</Badge>}
      {thread.current && <Badge>current</Badge>}
      {thread.main && <Badge>main</Badge>}
      {thread.state && (
        <Tooltip text={help ?? ''}>
          <Badge>{thread.state}</Badge>
        </Tooltip>
      )}
      {typeof locks === 'object' && locks !== null && Object.keys(locks).length > 0 && (
        <span className={styles.locks}>
          holds <StructuredValue value={locks} name="Held locks" />
        </span>
      )}
    </span>
  );
}

/** A thread's own stack trace, as frames or as text. */
export function ThreadTrace({
  active,
  scene,
  options,
  meta,
}: {
  active: IndexedThread;
  scene: Scene;
  options: DisplayOptions;
  /** `_meta` of the threads entry. */
  meta: unknown;
}) {
  const { thread, index } = active;
  const isRaw = options.isMinified && !!thread.rawStacktrace;
  const stacktrace = isRaw ? thread.rawStacktrace : thread.stacktrace;
  if (!stacktrace || stacktrace.frames.length === 0) {
    return (
      <NoStackTrace
        words={thread.crashed ? 'Thread errored, and sent no stack trace.' : 'This thread sent no stack trace.'}
      />
    );
  }
  if (options.view === 'raw') return <RawTrace stacktrace={stacktrace} platform={scene.platform} />;
  return (
    <StackTrace
      key={index}
      stacktrace={stacktrace}
      scene={scene}
      options={options}
      meta={metaAt(meta, 'values', index, isRaw ? 'rawStacktrace' : 'stacktrace')}
    />
  );
}

import { Button } from '../components/button.tsx';
import { formatDuration, formatSeconds, useSeconds } from '../components/use-seconds.ts';
import styles from './actions.module.css';
import type { Run } from './use-suggestion.ts';

type Props = {
  run: Run | null;
  model: string;
  hasAnswer: boolean;
  /** False while the payload is fetched again: what is shown is not what would be sent. */
  canSend: boolean;
  /** The button is there before it may be used, so that the panel says at once what it is for. */
  isConsentMissing: boolean;
  /** Why this user may not send; null for who may. */
  whyNot: string | null;
  onSend: () => void;
  onStop: () => void;
};

/** The one button that sends, or while the model answers the one that stops, always at the same place. */
export function Actions({ run, ...props }: Props) {
  const isRunning = run?.phase === 'waiting' || run?.phase === 'streaming';
  return (
    <footer className={styles['actions']}>
      {run && isRunning ? <Running run={run} {...props} /> : <Ready run={run} {...props} />}
    </footer>
  );
}

function Running({ run, model, onStop }: { run: Run; model: string; onStop: () => void }) {
  const now = useSeconds(true);
  const busy = run.phase === 'waiting' ? busyWords(run, now) : null;
  return (
    <>
      <Button onClick={onStop} icon="close">
        Stop
      </Button>
      <span className={styles['progress']}>
        <span className={styles['spinner']} />
        {busy ?? (run.phase === 'waiting' ? `Waiting for ${model}…` : 'Answering…')}{' '}
        {!busy && <span>{formatSeconds(now - run.startedAt)}</span>}
      </span>
    </>
  );
}

/** Null where the endpoint is not known to be busy any more. */
function busyWords({ busy }: Run, now: number): string | null {
  if (!busy) return null;
  const { since, until, isQueued } = busy;
  if (until === since)
    return isQueued ? 'The endpoint has others to answer first…' : 'The endpoint is busy; trying again…';
  // The last tick may be older than the news. Rounded up: nobody is asked again in 0 seconds.
  const wait = Math.ceil((until - Math.max(now, since)) / 1000) * 1000;
  return wait > 0 ? `The endpoint is busy; trying again in ${formatSeconds(wait)}` : null;
}

function Ready({ run, hasAnswer, canSend, isConsentMissing, whyNot, onSend }: Omit<Props, 'model' | 'onStop'>) {
  const wait = useWait(run);
  const failure = run?.phase === 'failed' ? run.failure : null;
  const isRetry = run?.phase === 'stopped' || (failure && failure.kind !== 'stale_payload');
  const words = isRetry ? 'Retry' : hasAnswer ? 'Ask again' : 'Suggest fix';
  return (
    <>
      <Button
        look={hasAnswer && !isRetry ? 'normal' : 'primary'}
        icon="spark"
        whyNot={whyNot}
        disabled={!canSend || wait > 0}
        onClick={onSend}
      >
        {wait > 0 ? `Retry in ${formatSeconds(wait)}` : words}
      </Button>
      <span className={styles['hint']}>
        {whyNot ?? (isConsentMissing ? 'Agree first, above' : hint(run, hasAnswer))}
      </span>
    </>
  );
}

/** Milliseconds until the endpoint takes requests again; 0 when it does. */
function useWait(run: Run | null): number {
  const retryAfter = run?.phase === 'failed' ? (run.failure?.retryAfter ?? 0) : 0;
  const until = (run?.endedAt ?? 0) + retryAfter * 1000;
  const now = useSeconds(retryAfter > 0);
  // Rounded up, and by the clock itself: the last tick may be older than the failure.
  return retryAfter > 0 ? Math.max(0, Math.ceil((until - Math.max(now, run?.endedAt ?? 0)) / 1000) * 1000) : 0;
}

function hint(run: Run | null, hasAnswer: boolean): string {
  if (run?.phase === 'done' && run.firstWordsAt !== null && run.endedAt !== null) {
    const whole = formatDuration(run.endedAt - run.startedAt);
    return `Answered in ${whole}, first words after ${formatDuration(run.firstWordsAt - run.startedAt)}`;
  }
  if (run) return 'Sends the payload above';
  return hasAnswer ? 'Sends this event; replaces the answer' : 'Nothing is sent before you click';
}

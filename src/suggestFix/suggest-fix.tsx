import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import type { Event, Issue } from '../../server/protocol/contract.ts';
import { useWhyNot } from '../api/session.ts';
import { type EventPlace, storedSuggestionQuery, suggestPayloadQuery, toFailure } from '../api/suggest.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { Actions } from './actions.tsx';
import { Answer, preloadAnswer } from './answer.tsx';
import { Callout } from './callout.tsx';
import { PayloadPart, readinessOf } from './payload-part.tsx';
import { FailureCallout } from './states.tsx';
import styles from './suggest-fix.module.css';
import { useFollowedEnd } from './use-followed-end.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { type Run, useSuggestion } from './use-suggestion.ts';

/**
 * The Suggest fix panel: what would be sent, the one button that sends it, and the answer as it comes. It takes the width
 * of its place, scrolls within itself, and is at most `--suggest-fix-height` high (by default nearly the window). The place
 * may keep `--suggest-fix-head-end` free at the end of its head, for a button that closes a sheet.
 *
 * @param props.project slug
 */
export function SuggestFix({ event, issue, project }: { event: Event; issue: Issue; project: string }) {
  // Chosen for this visit of the issue: another one begins with what the project says.
  const [endpoint, setEndpoint] = useState<string>();
  return (
    <Panel
      // Another event is another panel: a request for the one that was left ends with it.
      key={`${project}/${event.eventID}`}
      place={{ project, eventId: event.eventID }}
      issue={issue}
      endpoint={endpoint}
      onEndpoint={setEndpoint}
    />
  );
}

type PanelProps = {
  place: EventPlace;
  issue: Issue;
  endpoint: string | undefined;
  onEndpoint: (name?: string) => void;
};

function Panel({ place, issue, endpoint, onEndpoint }: PanelProps) {
  const heading = useId();
  const box = useRef<HTMLDivElement>(null);
  // What was there stays in sight, if not in use, while what is of another endpoint comes.
  const payload = useQuery({ ...suggestPayloadQuery(place, endpoint), placeholderData: (before) => before });
  const stored = useQuery({ ...storedSuggestionQuery(place, endpoint), placeholderData: (before) => before });
  const { run, send, stop } = useSuggestion(place, endpoint);
  const whyNot = useWhyNot('ai:suggest');

  const suggestion = stored.data?.suggestion ?? null;
  const isRunning = run?.phase === 'waiting' || run?.phase === 'streaming';
  // A try that brought nothing leaves the answer that was there.
  const partial = run && run.phase !== 'done' && (isRunning || run.text !== '') ? run : null;
  const text = partial ? partial.text : (suggestion?.text ?? '');
  const isLoading = payload.isPending || stored.isPending;
  const readiness = !isLoading && payload.data ? readinessOf(payload.data) : null;
  const isReady = readiness === 'ready';
  const failure = run?.phase === 'failed' && run.failure && (
    <FailureCallout failure={run.failure} to={payload.data ?? unknownModel} />
  );
  useFollowedEnd(box, run?.text ?? '');
  const focusHandlers = useKeptFocus(box, `${run?.phase} ${payload.data?.consented}`);
  const sendPayload = (payloadId: string) => {
    void preloadAnswer();
    void send(payloadId, suggestion !== null);
  };

  return (
    <section className={styles['panel']} aria-labelledby={heading} {...focusHandlers}>
      <header className={styles['head']}>
        <Icon name="spark" />
        <h2 id={heading}>Suggest fix</h2>
        {text && !isRunning && <CopyButton label="Copy answer as Markdown" text={text} />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section ref={box} className={styles['body']} tabIndex={0} aria-label="Suggestion">
        {!partial && failure}
        {text && (
          <Answer
            key={run?.startedAt ?? 0}
            text={text}
            isGrowing={isRunning}
            context={{ place, issue, suggestion: partial ? null : suggestion, payload: payload.data ?? null }}
          />
        )}
        {partial && !isRunning && <p className={styles['incomplete']}>{incompleteWords(partial)}</p>}
        {partial && failure}
        {isLoading && <Skeleton label="Preparing what would be sent…" rows={5} />}
        {stored.isError && !run && isReady && (
          <Callout tone="warning" title="A stored answer could not be looked up">
            <p>{stored.error.message}</p>
            <Button onClick={() => stored.refetch()}>Look again</Button>
          </Callout>
        )}
        {payload.isError && (
          <FailureCallout failure={toFailure(payload.error)} to={unknownModel} onRetry={() => payload.refetch()}>
            {endpoint && <Button onClick={() => onEndpoint()}>Back to the project’s endpoint</Button>}
          </FailureCallout>
        )}
        {/* Hidden while words come: the end of the box is the end of the answer, which is followed. */}
        {!isLoading && payload.data && run?.phase !== 'streaming' && (
          <PayloadPart
            payload={payload.data}
            place={place}
            isAnswered={text !== ''}
            chosen={endpoint}
            // Who waits for an answer waits for that of the endpoint that was asked.
            onEndpoint={isRunning ? null : onEndpoint}
          />
        )}
      </section>
      {payload.data && (isReady || readiness === 'consent_required') && (
        <Actions
          run={run}
          model={payload.data.model}
          hasAnswer={suggestion !== null}
          canSend={isReady && !payload.isFetching && !payload.isError}
          isConsentMissing={!isReady}
          whyNot={whyNot}
          onSend={() => sendPayload(payload.data.payloadId)}
          onStop={stop}
        />
      )}
      <p className={styles['spoken']} role="status">
        {spoken(run, payload.data?.model)}
      </p>
    </section>
  );
}

const unknownModel = { model: 'The model', endpoint: 'The endpoint' };

function incompleteWords(run: Run): string {
  return run.phase === 'stopped'
    ? 'Stopped. What came until then is incomplete.'
    : 'What came until then is incomplete.';
}

/** What a screen reader hears: the turns of a run, not its words one by one. Failures are alerts of their own. */
function spoken(run: Run | null, model = 'the model'): string {
  if (!run) return '';
  const words = {
    waiting: `Waiting for ${model}.`,
    streaming: 'The answer is coming.',
    stopped: 'Stopped.',
    failed: '',
    done: 'The answer is complete.',
  };
  return words[run.phase];
}

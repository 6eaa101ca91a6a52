import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { useWhyNot } from '../api/session.ts';
import { type EventPlace, putAiConsent, type SuggestFailure, suggestPayloadQuery } from '../api/suggest.ts';
import { Button } from '../components/button.tsx';
import styles from './callout.module.css';
import { Callout } from './callout.tsx';
import { failureWords } from './failure-words.ts';

/** Failures that keep the reader from nothing: something is to be looked at or waited for. */
const mild = new Set<SuggestFailure['kind']>(['stale_payload', 'rate_limited', 'consent_required']);

export function FailureCallout({
  failure,
  to,
  onRetry,
  children,
}: {
  failure: SuggestFailure;
  to: { model: string; endpoint: string };
  onRetry?: () => void;
  children?: ReactNode;
}) {
  const { title, remedy } = failureWords(failure.kind, to);
  return (
    <Callout tone={mild.has(failure.kind) ? 'warning' : 'error'} title={title}>
      {failure.message && <p>{failure.message}</p>}
      <p>{remedy}</p>
      {onRetry && <Button onClick={onRetry}>Retry</Button>}
      {children}
    </Callout>
  );
}

export function Restricted() {
  return (
    <Callout tone="neutral" icon="info" title="Suggestions are switched off here">
      <p>
        The policy of this installation (<code>ai.policy: subprocessor</code>) lets no event be sent to a model. Whoever
        runs Stackmend can change it with <code>STACKMEND_AI_POLICY</code>.
      </p>
    </Callout>
  );
}

type ConsentProps = { payload: SuggestPayload; place: EventPlace; endpoint: string | undefined };

/** Puts the stored consent in the payload that the panel shows, so that both change at once. */
function useConsent({ place, endpoint }: ConsentProps) {
  const queries = useQueryClient();
  const { queryKey } = suggestPayloadQuery(place, endpoint);
  return useMutation({
    mutationFn: putAiConsent,
    onSuccess: async ({ consented }) => {
      await queries.invalidateQueries({
        queryKey: ['projects', place.project, 'suggest-payload'],
        refetchType: 'none',
      });
      queries.setQueryData(queryKey, (payload) => payload && { ...payload, consented });
    },
  });
}

/**
 * Asks once per user. Agreeing only stores the consent: it is a lasting decision about every event, and the button that
 * sends this one comes after it, so that a click on "Suggest fix" always means the same.
 */
export function ConsentRequest(props: ConsentProps) {
  const { payload } = props;
  const consent = useConsent(props);
  const whyNot = useWhyNot('ai:suggest');
  return (
    <Callout tone="neutral" icon="user" title="May events leave this page?">
      <p>
        Each click on “Suggest fix” sends the payload below, made from the event, to <strong>{payload.model}</strong> at{' '}
        <strong>{payload.endpoint}</strong>,{' '}
        {payload.isLocal ? 'on this machine or in your network' : 'outside your network'}. It can hold source code,
        values of variables and what the error says. What comes back may be wrong.
      </p>
      <p>Agreeing sends nothing yet. It holds for all events and models until you withdraw it.</p>
      {consent.isError && <p role="alert">Your answer could not be stored: {consent.error.message}</p>}
      <Button
        look="primary"
        whyNot={whyNot}
        aria-disabled={consent.isPending}
        onClick={() => consent.isPending || consent.mutate(true)}
      >
        {consent.isPending ? 'Storing…' : 'I agree'}
      </Button>
    </Callout>
  );
}

export function ConsentGiven(props: ConsentProps) {
  const consent = useConsent(props);
  // Nothing of theirs can be sent any more, so there is nothing to withdraw from.
  if (useWhyNot('ai:suggest')) return null;
  return (
    <p className={styles['consented']}>
      You agreed to send events to models.{' '}
      <button type="button" onClick={() => consent.isPending || consent.mutate(false)}>
        Withdraw
      </button>
      {consent.isError && <span role="alert"> Could not withdraw: {consent.error.message}</span>}
    </p>
  );
}

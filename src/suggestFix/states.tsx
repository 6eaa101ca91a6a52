import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import { useWhyNot } from '../api/session.ts';
import { type EventPlace, putAiConsent, type SuggestFailure, suggestPayloadQuery } from '../api/suggest.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import styles from './callout.module.css';
import { Callout } from './callout.tsx';
import { failureWords } from './failure-words.ts';
import { payloadText } from './payload-text.ts';

/** Failures that keep the reader from nothing: something is to be looked at or waited for. */
const mild = new Set<SuggestFailure['kind']>(['stale_payload', 'rate_limited', 'consent_required']);

export function FailureCallout({
  failure,
  to,
  onRetry,
}: {
  failure: SuggestFailure;
  to: { model: string; endpoint: string };
  onRetry?: () => void;
}) {
  const { title, remedy } = failureWords(failure.kind, to);
  return (
    <Callout tone={mild.has(failure.kind) ? 'warning' : 'error'} title={title}>
      {failure.message && <p>{failure.message}</p>}
      <p>{remedy}</p>
      {onRetry && <Button onClick={onRetry}>Retry</Button>}
    </Callout>
  );
}

/** No model: two ways to set one, and the payload below is there to be pasted into a chat. */
export function NotConfigured({ payload }: { payload: SuggestPayload }) {
  return (
    <Callout tone="neutral" icon="gear" title="No model is set">
      <p>Start Stackmend with a model of your own, which needs no key if it runs locally:</p>
      <pre>{'OPENAI_BASE_URL=http://127.0.0.1:11434/v1\nOPENAI_MODEL=qwen3-coder'}</pre>
      <p>or with OpenAI’s:</p>
      <pre>OPENAI_API_KEY=sk-…</pre>
      <p>
        In <code>config.yml</code> these are <code>openai.base-url</code>, <code>openai.model</code> and{' '}
        <code>openai.api-key</code>. Until then, copy the payload below into a chat that you trust.
      </p>
      <CopyButton label="Copy payload" text={() => payloadText(payload)}>
        Copy payload
      </CopyButton>
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

/** Puts the stored consent in the payload that the panel shows, so that both change at once. */
function useConsent(place: EventPlace) {
  const queries = useQueryClient();
  const { queryKey } = suggestPayloadQuery(place);
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
export function ConsentRequest({ payload, place }: { payload: SuggestPayload; place: EventPlace }) {
  const consent = useConsent(place);
  const whyNot = useWhyNot('ai:suggest');
  return (
    <Callout tone="neutral" icon="user" title="May events leave this page?">
      <p>
        Each click on “Suggest fix” sends the payload below, made from the event, to <strong>{payload.model}</strong> at{' '}
        <strong>{payload.endpoint}</strong>,{' '}
        {payload.isLocal ? 'on this machine or in your network' : 'outside your network'}. It can hold source code,
        values of variables and what the error says. What comes back may be wrong.
      </p>
      <p>Agreeing sends nothing yet. It holds for all events until you withdraw it.</p>
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

export function ConsentGiven({ payload, place }: { payload: SuggestPayload; place: EventPlace }) {
  const consent = useConsent(place);
  // Nothing of theirs can be sent any more, so there is nothing to withdraw from.
  if (useWhyNot('ai:suggest')) return null;
  return (
    <p className={styles['consented']}>
      You agreed to send events to {payload.endpoint}.{' '}
      <button type="button" onClick={() => consent.isPending || consent.mutate(false)}>
        Withdraw
      </button>
      {consent.isError && <span role="alert"> Could not withdraw: {consent.error.message}</span>}
    </p>
  );
}

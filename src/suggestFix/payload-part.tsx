import { lazy } from 'react';
import type { SuggestPayload } from '../../server/protocol/contract.ts';
import type { EventPlace } from '../api/suggest.ts';
import { LateCode } from '../components/late-code.tsx';
import { Callout } from './callout.tsx';
import { ConsentGiven, ConsentRequest, Restricted } from './states.tsx';
import { WhatIsSent } from './what-is-sent.tsx';

const NotConfigured = lazy(async () => ({ default: (await import('./not-configured.tsx')).NotConfigured }));

export type Readiness = 'nothing_to_send' | 'not_configured' | 'restricted' | 'consent_required' | 'ready';

/** What stands between the reader and the button. The policy comes first: where nothing may be sent, no model helps. */
export function readinessOf(payload: SuggestPayload): Readiness {
  if (payload.policy === 'subprocessor') return 'restricted';
  if (payload.messages.length === 0) return 'nothing_to_send';
  if (!payload.configured) return 'not_configured';
  return payload.policy === 'individual_consent' && !payload.consented ? 'consent_required' : 'ready';
}

/** What would be sent, below what keeps it from being sent. */
export function PayloadPart({
  payload,
  place,
  isAnswered,
  chosen,
  onEndpoint,
}: {
  payload: SuggestPayload;
  place: EventPlace;
  isAnswered: boolean;
  /** Name of the endpoint that was chosen here; undefined: the project's own. */
  chosen: string | undefined;
  /** Null while none may be chosen. */
  onEndpoint: ((name?: string) => void) | null;
}) {
  const readiness = readinessOf(payload);
  return (
    <>
      {readiness === 'restricted' && <Restricted />}
      {readiness === 'nothing_to_send' && (
        <Callout tone="neutral" title="There is nothing to send">
          <p>{payload.detail || 'This event has neither an exception nor a message that a model could work from.'}</p>
        </Callout>
      )}
      {readiness === 'not_configured' && (
        <LateCode what="How to set a model">
          <NotConfigured payload={payload} project={place.project} />
        </LateCode>
      )}
      {readiness === 'consent_required' && <ConsentRequest payload={payload} place={place} endpoint={chosen} />}
      {payload.messages.length > 0 && readiness !== 'restricted' && (
        <WhatIsSent payload={payload} isFolded={isAnswered} onEndpoint={onEndpoint} />
      )}
      {readiness === 'ready' && payload.policy === 'individual_consent' && (
        <ConsentGiven payload={payload} place={place} endpoint={chosen} />
      )}
    </>
  );
}

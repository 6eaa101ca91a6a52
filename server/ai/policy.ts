import type { SuggestPayload } from '../protocol/contract.ts';
import { ConfigurationError } from '../protocol/errors.ts';
import { SuggestError } from './suggest-error.ts';

/**
 * `allowed`: everybody; `individual_consent`: each user once, kept on the server; `subprocessor`: nobody, for an operator
 * who has not agreed to a third party reading events.
 */
export type AiPolicy = SuggestPayload['policy'];

const POLICIES: readonly AiPolicy[] = ['allowed', 'individual_consent', 'subprocessor'];

/** Sentry takes an unknown policy for `allowed`; here it stops the start. @throws {ConfigurationError} */
export function parsePolicy(policy: string): AiPolicy {
  const known = POLICIES.find((name) => name === policy);
  if (known) return known;
  throw new ConfigurationError(
    `ai.policy (STACKMEND_AI_POLICY) is ${policy}, which is none of: ${POLICIES.join(', ')}.`,
  );
}

/** @throws {SuggestError} restricted, consent_required */
export function checkPolicy(policy: AiPolicy, hasConsented: boolean): void {
  if (policy === 'allowed' || (policy === 'individual_consent' && hasConsented)) return;
  if (policy === 'individual_consent') {
    throw new SuggestError('consent_required', 'Say first that you agree to send events to the model.', {
      restriction: 'individual_consent',
    });
  }
  throw new SuggestError('restricted', RESTRICTED, { restriction: 'subprocessor' });
}

export const RESTRICTED =
  'This server sends no event to a model: its ai.policy is subprocessor. Its operator can change that.';

import type { SuggestPayload } from '../protocol/contract.ts';
import { BadRequestError, ConfigurationError } from '../protocol/errors.ts';
import type { ProjectAi } from '../storage/ai.ts';
import type { Endpoint } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
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

/**
 * The endpoint that is asked for a project: the one of that name, else the project's own, else the first; of a limited
 * project the first that is local. Where there is none, the one that would be asked: see `refusalOf`.
 *
 * @throws {BadRequestError} there is none of that name
 */
export function chooseEndpoint(endpoints: Endpoints, project: ProjectAi, name?: string): Endpoint {
  if (name !== undefined) {
    const named = endpoints.byName(name);
    if (named) return named;
    const names = endpoints.all().map((each) => each.name);
    throw new BadRequestError(`There is no endpoint ${name}. There is ${names.join(', ')}.`);
  }
  const own = project.endpoint === null ? null : endpoints.byName(project.endpoint);
  const candidates = [...(own ? [own] : []), ...endpoints.all()];
  return candidates.find(({ isLocal }) => isLocal || !project.localOnly) ?? endpoints.default;
}

/** Why a project may not be sent to an endpoint; null: it may. Whether the endpoint can be asked is another matter. */
export function refusalOf({ name, host, isLocal }: Endpoint, { localOnly }: ProjectAi): string | null {
  if (isLocal || !localOnly) return null;
  return (
    'Events of this project go only to endpoints on this machine or in a private network, ' +
    `and ${name} (${host}) is none. Whoever has ai:admin can change that in the settings of the project.`
  );
}

/** @throws {SuggestError} restricted, not_configured */
export function checkEndpoint(endpoint: Endpoint, project: ProjectAi): void {
  const refusal = refusalOf(endpoint, project);
  if (refusal) throw new SuggestError('restricted', refusal);
  if (endpoint.missing) throw new SuggestError('not_configured', endpoint.missing);
}

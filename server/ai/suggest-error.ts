import type { SuggestErrorKind } from '../protocol/contract.ts';
import { StatusError } from '../protocol/errors.ts';

/** A provider's 401 is a 502 here: the caller is not who must sign in. `not_configured` is a 404, as in Sentry. */
const STATUSES: Record<SuggestErrorKind, number> = {
  not_configured: 404,
  restricted: 403,
  consent_required: 403,
  stale_payload: 409,
  refused: 422,
  unauthorized: 502,
  rate_limited: 429,
  timeout: 504,
  unreachable: 502,
  cut_off: 502,
  provider_error: 502,
};

type Options = { cause?: unknown; retryAfter?: number; restriction?: 'subprocessor' | 'individual_consent' };

/** Why there is no suggestion, in our words; what the provider said is in `cause` alone, for the log. */
export class SuggestError extends StatusError {
  readonly kind: SuggestErrorKind;

  constructor(kind: SuggestErrorKind, message: string, { cause, retryAfter, restriction }: Options = {}) {
    const body = { kind, ...(retryAfter !== undefined && { retryAfter }), ...(restriction && { restriction }) };
    super(STATUSES[kind], message, { cause, retryAfter, body });
    this.kind = kind;
  }
}

/** What a model throws, also midway. */
export class ModelError extends SuggestError {}

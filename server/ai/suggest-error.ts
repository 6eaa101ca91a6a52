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

/** What is wrong with a call, and the kind that callers are told. */
const FAULTS = {
  /** Nobody listens, or the way there is broken. */
  connection: 'unreachable',
  dns: 'unreachable',
  tls: 'unreachable',
  proxy: 'unreachable',
  /** The key is not accepted, or not for this. */
  key: 'unauthorized',
  credit: 'provider_error',
  rate: 'rate_limited',
  /** All places of the endpoint are taken, and so are those in the queue. */
  busy: 'rate_limited',
  timeout: 'timeout',
  model: 'provider_error',
  too_long: 'provider_error',
  request: 'provider_error',
  /** Answers of this model come as a whole only. */
  stream: 'provider_error',
  redirect: 'provider_error',
  /** Something answers, but it is no chat completion. */
  not_a_completion: 'provider_error',
  server: 'provider_error',
  empty: 'provider_error',
  refusal: 'refused',
  content_filter: 'refused',
  /** The model came to its limit of tokens. */
  length: 'cut_off',
  cut: 'cut_off',
} satisfies Record<string, SuggestErrorKind>;
export type ModelFault = keyof typeof FAULTS;

type ModelOptions = { cause?: unknown; retryAfter?: number; isPassing?: boolean };

/** What a model throws, also midway. */
export class ModelError extends SuggestError {
  readonly fault: ModelFault;
  /** May the same request be taken a moment later? */
  readonly isPassing: boolean;

  constructor(fault: ModelFault, message: string, { isPassing = false, ...options }: ModelOptions = {}) {
    super(FAULTS[fault], message, options);
    this.fault = fault;
    this.isPassing = isPassing;
  }
}

import { queryOptions } from '@tanstack/react-query';
import {
  aiConsentSchema,
  type SuggestErrorKind,
  storedSuggestionSchema,
  suggestErrorSchema,
  suggestPayloadSchema,
} from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { eventGcTime } from './query-client.ts';

/** One event of a project; `project` is its slug. */
export type EventPlace = { project: string; eventId: string };

export const suggestPath = ({ project, eventId }: EventPlace) =>
  `/projects/stackmend/${encodeURIComponent(project)}/events/${encodeURIComponent(eventId)}/ai-fix-suggest/`;

/** Answers are shared by the events of an issue, so a new one makes every stored one of the project stale. */
export const storedSuggestionsKey = (project: string) => ['projects', project, 'suggestions'];

// Neither is asked again by itself: what the reader has before them is what the button sends.
const steady = {
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: eventGcTime,
  retry: false,
  refetchOnWindowFocus: false,
};

/** @param endpoint whose answer; without, that of the project's own */
export const storedSuggestionQuery = (place: EventPlace, endpoint?: string) =>
  queryOptions({
    ...steady,
    queryKey: [...storedSuggestionsKey(place.project), place.eventId, endpoint],
    queryFn: ({ signal }) => apiClient.get(suggestPath(place), storedSuggestionSchema, { query: { endpoint }, signal }),
  });

/** @param endpoint name of one that the project may choose; without, the project's own */
export const suggestPayloadQuery = (place: EventPlace, endpoint?: string) =>
  queryOptions({
    ...steady,
    queryKey: ['projects', place.project, 'suggest-payload', place.eventId, endpoint],
    queryFn: ({ signal }) =>
      apiClient.get(`${suggestPath(place)}payload/`, suggestPayloadSchema, { query: { endpoint }, signal }),
  });

/** Stores on the server whether this user lets events be sent to the model; sends nothing to it. */
export const putAiConsent = (consented: boolean) =>
  apiClient.put('/users/me/ai-consent/', { consented }, aiConsentSchema);

/** `server_unreachable`: no answer from Stackmend itself. `forbidden`: not to this user, or to nobody. `unknown`: an answer without a kind, such as a proxy's page. */
export type SuggestFailureKind = SuggestErrorKind | 'server_unreachable' | 'forbidden' | 'unknown';

/** Why no answer, or no whole one, came. `message` is a sentence for the page. */
export class SuggestFailure extends Error {
  override name = 'SuggestFailure';
  readonly kind: SuggestFailureKind;
  /** Seconds; null when nobody said. */
  readonly retryAfter: number | null;

  constructor(kind: SuggestFailureKind, detail: string, options: { retryAfter?: number | null; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.kind = kind;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** The failure that an error's body names. @param otherwise its words where the body has none */
export function failureOf(body: unknown, otherwise: string, retryAfter: number | null = null, cause?: unknown) {
  const parsed = suggestErrorSchema.safeParse(body);
  if (!parsed.success) return new SuggestFailure('unknown', otherwise, { retryAfter, cause });
  const { detail, kind } = parsed.data;
  return new SuggestFailure(kind ?? 'unknown', detail, { retryAfter: parsed.data.retryAfter ?? retryAfter, cause });
}

const kinds: Record<number, SuggestFailureKind> = {
  401: 'forbidden',
  403: 'forbidden',
  409: 'stale_payload',
  429: 'rate_limited',
};

/** Puts whatever asking for a payload or an answer threw in the panel's words. */
export function toFailure(error: unknown): SuggestFailure {
  if (error instanceof SuggestFailure) return error;
  if (!(error instanceof ApiError)) {
    return new SuggestFailure('cut_off', 'The connection broke before the answer was complete.', { cause: error });
  }
  if (error.status === 0) return new SuggestFailure('server_unreachable', error.detail, { cause: error });
  const failure = failureOf(error.body, error.detail, error.retryAfter, error);
  if (failure.kind !== 'unknown') return failure;
  // Clear without words: a proxy in front may have answered in our place.
  return new SuggestFailure(kinds[error.status] ?? 'unknown', failure.message, {
    retryAfter: failure.retryAfter,
    cause: error,
  });
}

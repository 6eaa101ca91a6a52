import { queryOptions } from '@tanstack/react-query';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import {
  aiConsentSchema,
  type SuggestErrorKind,
  type Suggestion,
  storedSuggestionSchema,
  suggestDeltaSchema,
  suggestErrorSchema,
  suggestionSchema,
  suggestPayloadSchema,
} from '../../server/protocol/contract.ts';
import { apiClient, sendRequest } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** One event of a project; `project` is its slug. */
export type EventPlace = { project: string; eventId: string };

const suggestPath = ({ project, eventId }: EventPlace) =>
  `/projects/stackmend/${encodeURIComponent(project)}/events/${encodeURIComponent(eventId)}/ai-fix-suggest/`;

/** Answers are shared by the events of an issue, so a new one makes every stored one of the project stale. */
export const storedSuggestionsKey = (project: string) => ['projects', project, 'suggestions'];

// Neither is asked again by itself: what the reader has before them is what the button sends.
const steady = { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false };

export const storedSuggestionQuery = (place: EventPlace) =>
  queryOptions({
    ...steady,
    queryKey: [...storedSuggestionsKey(place.project), place.eventId],
    queryFn: ({ signal }) => apiClient.get(suggestPath(place), storedSuggestionSchema, { signal }),
  });

export const suggestPayloadQuery = (place: EventPlace) =>
  queryOptions({
    ...steady,
    queryKey: ['projects', place.project, 'suggest-payload', place.eventId],
    queryFn: ({ signal }) => apiClient.get(`${suggestPath(place)}payload/`, suggestPayloadSchema, { signal }),
  });

/** Stores on the server whether this user lets events be sent to the model; sends nothing to it. */
export const putAiConsent = (consented: boolean) =>
  apiClient.put('/users/me/ai-consent/', { consented }, aiConsentSchema);

/** `server_unreachable`: no answer from Stackmend itself. `unknown`: an answer without a kind, such as a proxy's page. */
export type SuggestFailureKind = SuggestErrorKind | 'server_unreachable' | 'unknown';

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

export type SuggestUpdate = { type: 'delta'; text: string } | { type: 'done'; suggestion: Suggestion };

/** Characters of one server-sent event; more than any honest answer, so that a runaway server cannot fill the memory. */
const maxEventLength = 2_000_000;

/**
 * Sends the previewed payload to the model and yields the answer as it comes; `done` is the last.
 *
 * @param request.force asks anew though an answer is stored; without, that one comes
 * @param signal stops the request; the abort is thrown as the browser throws it
 * @throws {SuggestFailure} the request was refused, or the answer ended before `done`
 */
export async function* streamSuggestion(
  { payloadId, force, ...place }: EventPlace & { payloadId: string; force: boolean },
  signal: AbortSignal,
): AsyncGenerator<SuggestUpdate, void> {
  try {
    const response = await sendRequest(suggestPath(place), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ payloadId, force }),
      signal,
    });
    for await (const message of serverSentEvents(response)) {
      const update = toUpdate(message);
      if (!update) continue;
      yield update;
      if (update.type === 'done') return;
    }
  } catch (error) {
    throw signal.aborted ? error : toFailure(error);
  }
  throw new SuggestFailure('cut_off', 'The connection ended before the answer was complete.');
}

/** Bytes may be cut anywhere, within a character too: the decoder and the parser keep what is not whole yet. */
async function* serverSentEvents(response: Response): AsyncGenerator<EventSourceMessage, void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message), maxBufferSize: maxEventLength });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      parser.feed(decoder.decode(value, { stream: !done }));
      yield* arrived.splice(0);
      if (done) return;
    }
  } finally {
    // Ends the request when the reader of this stream has had enough; a stream that broke has nothing to end.
    await reader.cancel().catch(() => undefined);
  }
}

function toUpdate({ event, data }: EventSourceMessage): SuggestUpdate | null {
  const body = parseJson(data);
  if (event === 'error') throw failureOf(body, 'The model stopped without a reason.');
  if (event === 'delta') {
    const delta = suggestDeltaSchema.safeParse(body);
    if (delta.success) return { type: 'delta', text: delta.data.text };
  } else if (event === 'done') {
    const suggestion = suggestionSchema.safeParse(body);
    if (suggestion.success) return { type: 'done', suggestion: suggestion.data };
  } else {
    return null;
  }
  throw new SuggestFailure('unknown', `The server's answer was not understood (in ${event}).`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(body: unknown, otherwise: string, retryAfter: number | null = null, cause?: unknown) {
  const parsed = suggestErrorSchema.safeParse(body);
  if (!parsed.success) return new SuggestFailure('unknown', otherwise, { retryAfter, cause });
  const { detail, kind } = parsed.data;
  return new SuggestFailure(kind ?? 'unknown', detail, { retryAfter: parsed.data.retryAfter ?? retryAfter, cause });
}

/** Puts whatever asking for a payload or an answer threw in the panel's words. */
export function toFailure(error: unknown): SuggestFailure {
  if (error instanceof SuggestFailure) return error;
  if (!(error instanceof ApiError)) {
    return new SuggestFailure('cut_off', 'The connection broke before the answer was complete.', { cause: error });
  }
  if (error.status === 0) return new SuggestFailure('server_unreachable', error.detail, { cause: error });
  const failure = failureOf(error.body, error.detail, error.retryAfter, error);
  if (failure.kind !== 'unknown') return failure;
  // A limit or a conflict is clear without words: a proxy in front may have answered in our place.
  const kind = error.status === 429 ? 'rate_limited' : error.status === 409 ? 'stale_payload' : 'unknown';
  return new SuggestFailure(kind, failure.message, { retryAfter: failure.retryAfter, cause: error });
}

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import {
  type Suggestion,
  suggestDeltaSchema,
  suggestionSchema,
  suggestWaitingSchema,
} from '../../server/protocol/contract.ts';
import { sendRequest } from './api-client.ts';
import { type EventPlace, failureOf, SuggestFailure, suggestPath, toFailure } from './suggest.ts';

/** `waiting`: the endpoint is busy, and asked again in so many seconds, 0 where nobody knows; or this request has to queue. */
export type SuggestUpdate =
  | { type: 'waiting'; seconds: number; isQueued: boolean }
  | { type: 'delta'; text: string }
  | { type: 'done'; suggestion: Suggestion };

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
  } else if (event === 'waiting') {
    const waiting = suggestWaitingSchema.safeParse(body);
    if (waiting.success) {
      const { seconds, reason } = waiting.data;
      return { type: 'waiting', seconds, isQueued: reason === 'queue' };
    }
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

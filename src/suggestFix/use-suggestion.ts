import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { sessionQuery } from '../api/session.ts';
import {
  type EventPlace,
  SuggestFailure,
  storedSuggestionQuery,
  storedSuggestionsKey,
  suggestPayloadQuery,
  toFailure,
} from '../api/suggest.ts';

/** One click on the button. Times are Unix ms. */
export type Run = {
  phase: 'waiting' | 'streaming' | 'stopped' | 'failed' | 'done';
  /** What came so far. */
  text: string;
  startedAt: number;
  firstWordsAt: number | null;
  endedAt: number | null;
  /** Since when the endpoint is known to be busy, and when it is asked again (the same where nobody knows); null: it is not known to be. */
  busy: { since: number; until: number; isQueued: boolean } | null;
  failure: SuggestFailure | null;
};

/** Milliseconds between two drawings of an answer that streams: pieces come faster than anybody reads. */
const drawEvery = 50;

/** These say that the payload, or what may be done with it, is not what the panel shows. */
const asksForNewPayload = new Set(['stale_payload', 'not_configured', 'restricted', 'consent_required']);

/**
 * Sends a previewed payload and gathers the answer. Nothing is sent but by `send`; leaving the event ends the request.
 * `run` is null until the first click.
 *
 * @param endpoint the chosen one, whose payload is asked anew where it is not what would be sent any more
 */
export function useSuggestion({ project, eventId }: EventPlace, endpoint?: string) {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const send = useCallback(
    async (payloadId: string, force: boolean) => {
      controller.current?.abort();
      controller.current = new AbortController();
      const { signal } = controller.current;
      let now: Run = {
        phase: 'waiting',
        text: '',
        startedAt: Date.now(),
        firstWordsAt: null,
        endedAt: null,
        busy: null,
        failure: null,
      };
      const draw = (change: Partial<Run>) => {
        now = { ...now, ...change };
        setRun(now);
      };
      const end = (phase: Run['phase'], change: Partial<Run> = {}) => draw({ phase, endedAt: Date.now(), ...change });
      const pieces = pieceBuffer((text) =>
        draw({ phase: 'streaming', text: now.text + text, firstWordsAt: now.firstWordsAt ?? Date.now() }),
      );
      draw({});
      try {
        const { streamSuggestion } = await loadStream();
        for await (const update of streamSuggestion({ project, eventId, payloadId, force }, signal)) {
          if (update.type === 'delta') pieces.add(update.text);
          else if (update.type === 'waiting') {
            const since = Date.now();
            draw({ busy: { since, until: since + update.seconds * 1000, isQueued: update.isQueued } });
          } else {
            pieces.flush();
            await queries.invalidateQueries({ queryKey: storedSuggestionsKey(project), refetchType: 'none' });
            const { queryKey } = storedSuggestionQuery({ project, eventId }, endpoint);
            queries.setQueryData(queryKey, { suggestion: update.suggestion });
            end('done');
          }
        }
      } catch (error) {
        if (controller.current?.signal !== signal) return pieces.drop();
        pieces.flush();
        if (signal.aborted) return end('stopped');
        const failure = toFailure(error);
        end('failed', { failure });
        // A stream is none of the queries that tell of it by themselves.
        if (failure.kind === 'forbidden') await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        if (asksForNewPayload.has(failure.kind)) {
          await queries.invalidateQueries({ queryKey: suggestPayloadQuery({ project, eventId }, endpoint).queryKey });
        }
      }
    },
    [project, eventId, endpoint, queries],
  );
  const stop = useCallback(() => controller.current?.abort(), []);
  return { run, send, stop };
}

/** The reader of the stream, which only a click needs. */
const loadStream = () =>
  import('../api/suggest-stream.ts').catch((cause) => {
    const detail = 'A part of the page could not be fetched. Load the page anew if the server was renewed meanwhile.';
    throw new SuggestFailure('server_unreachable', detail, { cause });
  });

/** Gathers pieces and hands them on together. A timer, because a frame never comes to a page in the background. */
function pieceBuffer(handOn: (text: string) => void) {
  let gathered = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = () => {
    clearTimeout(timer);
    timer = undefined;
    gathered = '';
  };
  const flush = () => {
    const text = gathered;
    drop();
    if (text) handOn(text);
  };
  const add = (text: string) => {
    gathered += text;
    timer ??= setTimeout(flush, drawEvery);
  };
  return { add, flush, drop };
}

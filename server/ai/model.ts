import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../metrics/metrics.ts';
import type { AiMessage } from '../storage/ai.ts';
import { type AnswerPiece, readAnswer } from './answer-stream.ts';
import type { Gate, Ticket } from './concurrency.ts';
import { ask, type Credentials } from './endpoint-request.ts';
import type { RequestFields } from './model-fields.ts';
import { waitBeforeRetry } from './retry.ts';
import { ModelError } from './suggest-error.ts';
import { abortedBy, createDeadline, createWatch, type Deadline } from './watch.ts';

/** Why nothing comes yet: `detail` is a sentence, `seconds` how long at most until it is tried again, 0 where nobody knows. */
export type Waiting = { type: 'waiting'; reason: 'queue' | 'retry'; seconds: number; detail: string };
export type ModelPiece = Waiting | AnswerPiece;

/**
 * A model is a function, so a test passes a function. The stream yields why it waits (before the first text alone), text
 * pieces, and the usage where the endpoint tells it, last. It throws ModelError, also midway, and the reason of `signal`
 * once that is aborted. An answer is complete only when the stream ends without a throw.
 */
export type Model = { name: string; stream: (messages: AiMessage[], signal: AbortSignal) => AsyncIterable<ModelPiece> };

export type ModelDeps = Credentials & {
  model: string;
  gate: Gate;
  fields: RequestFields;
  metrics: Pick<Metrics, 'incr'>;
  /** Milliseconds before the second try, before jitter. */
  backoffMs: number;
  random: () => number;
};

/**
 * Any OpenAI-compatible endpoint. Tries again before the first text alone: a stream cannot be rewound. No temperature is
 * sent, which today's models of OpenAI refuse.
 */
export function createModel(deps: ModelDeps): Model {
  const { endpoint, gate } = deps;
  return {
    name: deps.model,
    async *stream(messages, signal) {
      signal.throwIfAborted();
      const deadline = createDeadline(endpoint.timeouts.totalMs, signal);
      const ticket = gate.join();
      try {
        yield* takePlace(ticket, deps, deadline);
        yield* tries(deps, messages, deadline);
      } catch (error) {
        throw deadline.signal.aborted ? abortedBy(deadline.signal, endpoint) : error;
      } finally {
        ticket?.leave();
        deadline.end();
      }
    },
  };
}

async function* takePlace(
  ticket: Ticket | null,
  { endpoint: { name, host } }: ModelDeps,
  { signal }: Deadline,
): AsyncGenerator<Waiting, void> {
  if (ticket?.hasPlace) return;
  if (!ticket) throw new ModelError('busy', `Too many wait for ${name} (${host}) already. Try again in a minute.`);
  const others = ticket.ahead === 0 ? '' : ` ${ticket.ahead} ${ticket.ahead === 1 ? 'waits' : 'wait'} before this one.`;
  yield { type: 'waiting', reason: 'queue', seconds: 0, detail: `${name} answers others at the moment.${others}` };
  await Promise.race([ticket.ready, aborted(signal)]);
}

async function* tries(deps: ModelDeps, messages: AiMessage[], deadline: Deadline): AsyncGenerator<ModelPiece, void> {
  const { retries } = deps.endpoint;
  for (let attempt = 0; ; attempt++) {
    let hasWritten = false;
    try {
      for await (const piece of oneTry(deps, messages, deadline.signal)) {
        hasWritten = true;
        yield piece;
      }
      return;
    } catch (error) {
      const isOver = hasWritten || attempt >= retries || deadline.signal.aborted;
      if (isOver || !(error instanceof ModelError) || !error.isPassing) throw error;
      const wait = waitBeforeRetry(attempt, error.retryAfter, deps.backoffMs, deps.random);
      if (wait === null || wait > deadline.left()) throw error;
      const detail = `${withoutAdvice(error)} It is asked again (${attempt + 1} of ${retries}).`;
      yield { type: 'waiting', reason: 'retry', seconds: Math.ceil(wait / 1000), detail };
      await sleep(wait, undefined, { signal: deadline.signal });
    }
  }
}

/** Its first sentence: what to do about it is being done. */
const withoutAdvice = ({ message }: ModelError): string => message.replace(/(?<=\.) .*$/s, '');

async function* oneTry(deps: ModelDeps, messages: AiMessage[], signal: AbortSignal): AsyncGenerator<AnswerPiece, void> {
  const { endpoint } = deps;
  const watch = createWatch(endpoint.timeouts, signal);
  let result = 'aborted';
  try {
    const response = await send(deps, messages, watch.signal);
    for await (const piece of readAnswer(response, deps, watch)) {
      if (piece.type === 'text') watch.wrote();
      yield piece;
    }
    result = 'success';
  } catch (error) {
    const told = watch.signal.aborted ? abortedBy(watch.signal, endpoint) : error;
    if (told instanceof ModelError) result = told.fault;
    throw told;
  } finally {
    // Ends the request too when the reader stops early.
    watch.end();
    count(deps, result);
  }
}

const count = ({ metrics, endpoint }: ModelDeps, result: string) =>
  metrics.incr('ai.try', 1, { endpoint: endpoint.name, result });

/**
 * Asks with the fields that not every endpoint knows, and where it refuses them once without; a whole answer where it does
 * not stream.
 */
async function send(deps: ModelDeps, messages: AiMessage[], signal: AbortSignal): Promise<Response> {
  const { fields } = deps;
  const request = { model: deps.model, messages };
  const sent = fields.current();
  try {
    return await ask(deps, { ...request, ...sent }, signal);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const isStreamRefused = error.fault === 'stream' && sent.stream;
    if (isStreamRefused) fields.stopStreaming();
    const next = isStreamRefused ? fields.current() : fields.plain();
    const isOther =
      isStreamRefused || (error.fault === 'request' && Object.keys(next).length < Object.keys(sent).length);
    if (!isOther) throw error;
    count(deps, 'field_refused');
    const answer = await ask(deps, { ...request, ...next }, signal);
    if (!isStreamRefused) fields.refuse();
    return answer;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
  });
}

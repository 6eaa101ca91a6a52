import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import { type Endpoint, optionOf } from './endpoint.ts';
import { isHtml, notACompletion, withoutKey } from './endpoint-fault.ts';
import type { Credentials } from './endpoint-request.ts';
import { createThoughtFilter } from './model-thoughts.ts';
import { isPassingStatus } from './retry.ts';
import { ModelError } from './suggest-error.ts';
import type { Watch } from './watch.ts';

/** Characters of an answer; a model that never ends must not fill the memory. */
const MAX_ANSWER = 200_000;
/** Characters of one line, of which a whole answer in one piece is the longest. */
const MAX_LINE = 4 * MAX_ANSWER;

/** As the endpoint counted. */
type Usage = { inputTokens: number; outputTokens: number };
export type AnswerPiece = { type: 'text'; text: string } | ({ type: 'usage' } & Usage);

const pieceSchema = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
const count = z.number().int().nonnegative();
/** Servers send chunks without choices (usage, filters), and deltas with reasoning, which is not the answer. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({ delta: pieceSchema.nullish(), message: pieceSchema.nullish(), finish_reason: z.string().nullish() }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null),
  error: z.unknown().optional(),
});

/**
 * Reads a streamed chat completion, or a whole one from a server that does not stream. OpenAI's own reader is not used
 * because it ends in silence when the connection is cut, and counts no sign of life but whole chunks. Usage is the last
 * that is yielded, also where the answer then turns out to be cut off or refused: it has been paid for.
 *
 * @throws {ModelError} refused, cut off, or not a chat completion
 */
export async function* readAnswer(
  response: Response,
  credentials: Credentials,
  watch: Pick<Watch, 'heard' | 'finished'>,
): AsyncGenerator<AnswerPiece, void> {
  const { endpoint } = credentials;
  const thoughts = createThoughtFilter();
  const state: State = { read: 0, written: 0, end: null, usage: null, isSpoken: false };
  try {
    for await (const data of dataOf(response, endpoint, watch)) {
      if (data === '[DONE]') {
        state.isSpoken = true;
        state.end ??= 'stop';
        break;
      }
      const text = thoughts.push(readChunk(data, state, credentials));
      state.written += text.length;
      if (text) yield { type: 'text', text };
      if (state.end) watch.finished();
    }
  } catch (error) {
    // The answer is whole; only its usage did not come.
    if (state.end === null) throw error;
  }
  const rest = thoughts.end();
  state.written += rest.length;
  if (rest) yield { type: 'text', text: rest };
  if (state.usage) yield { type: 'usage', ...state.usage };
  const fault = faultOfEnd(state, endpoint);
  if (fault) throw fault;
}

type State = {
  /** Characters that came, thoughts included, and those of the answer. */
  read: number;
  written: number;
  /** Reason that the model gave. */
  end: string | null;
  usage: Usage | null;
  /** Was there anything of a completion? */
  isSpoken: boolean;
};

function faultOfEnd({ isSpoken, end, written, read }: State, endpoint: Endpoint): ModelError | null {
  const { host, answerTokens, limitField } = endpoint;
  if (!isSpoken) {
    return new ModelError('not_a_completion', notACompletion(endpoint));
  }
  if (end === null) {
    const message = 'The connection to the model ended before the answer was complete.';
    return new ModelError('cut', message, { isPassing: true });
  }
  if (end === 'length') {
    const limit = limitField ? `the ${answerTokens} tokens that it was told` : `which ${host} sets`;
    const message = `The model reached its limit before the answer was complete (length): ${limit}. More are allowed by ${optionOf(endpoint, 'answer-tokens')}.`;
    return new ModelError('length', message);
  }
  if (end === 'content_filter') {
    return new ModelError('content_filter', `A filter of ${host} stopped the answer (content_filter).`);
  }
  if (end === 'refusal') return new ModelError('refusal', 'The model, or its provider, refuses to answer this.');
  if (written > 0) return null;
  const thinking = read > 0 ? ', only with what it thought' : '';
  return new ModelError('empty', `The model answered with no text${thinking}.`);
}

/** Payloads of a server-sent stream; a server that answered with one JSON document gives that one. */
async function* dataOf(
  response: Response,
  endpoint: Endpoint,
  { heard }: Pick<Watch, 'heard'>,
): AsyncGenerator<string, void> {
  const type = response.headers.get('content-type') ?? '';
  if (isHtml(type)) throw new ModelError('not_a_completion', notACompletion(endpoint));
  if (/^application\/json\b/i.test(type)) return yield await wholeText(response, heard);
  const events: string[] = [];
  let isTooLong = false;
  const parser = createParser({
    maxBufferSize: MAX_LINE,
    onEvent: ({ data }) => events.push(data),
    onError: ({ type: kind }) => {
      isTooLong ||= kind === 'max-buffer-size-exceeded';
    },
  });
  for await (const text of textOf(response)) {
    heard();
    parser.feed(text);
    yield* events.splice(0);
    if (isTooLong) throw tooLong();
  }
}

async function wholeText(response: Response, heard: () => void): Promise<string> {
  let whole = '';
  for await (const text of textOf(response)) {
    heard();
    whole += text;
    if (whole.length > MAX_LINE) throw tooLong();
  }
  return whole;
}

const tooLong = () => new ModelError('length', 'The answer grew too long and was stopped.');

async function* textOf({ body }: Response): AsyncGenerator<string, void> {
  if (!body) return;
  const decoder = new TextDecoder();
  try {
    // Whoever stops reading has no use for how the stream ended: its own iterator would throw that. The call's end closes it.
    const reader = body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield decoder.decode(next.value, { stream: true });
    }
  } catch (cause) {
    // An abort is told by the caller, who knows why; anything else is a connection that broke.
    const message = 'The connection to the model broke before the answer was complete.';
    throw new ModelError('cut', message, { cause, isPassing: true });
  }
}

/** @returns the text of one chunk; what else it tells goes into the state */
function readChunk(data: string, state: State, { endpoint, apiKey }: Credentials): string {
  const parsed = chunkSchema.safeParse(parseJson(data));
  if (!parsed.success) throw new ModelError('not_a_completion', notACompletion(endpoint), { cause: parsed.error });
  const { choices, error, usage } = parsed.data;
  if (error) throw failedMidway(error, apiKey);
  if (choices) state.isSpoken = true;
  if (usage) state.usage = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
  // Only one answer was asked for.
  const choice = choices?.[0];
  const piece = choice?.delta ?? choice?.message;
  if (piece?.refusal) state.end = 'refusal';
  else if (choice?.finish_reason) state.end ??= choice.finish_reason;
  const text = piece?.content ?? '';
  state.read += text.length;
  if (state.written > MAX_ANSWER || state.read > 10 * MAX_ANSWER) throw tooLong();
  return text;
}

/** What routers pass on of the server behind them, after a good status. */
function failedMidway(error: unknown, apiKey: string): ModelError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0;
  return new ModelError('server', 'The model failed midway. Try again.', {
    cause: new Error(withoutKey(JSON.stringify(error), apiKey).slice(0, 2000)),
    isPassing: isPassingStatus(code),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

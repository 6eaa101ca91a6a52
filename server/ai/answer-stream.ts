import { EventSourceParserStream } from 'eventsource-parser/stream';
import * as z from 'zod';
import { ModelError } from './suggest-error.ts';

/** Characters; a model that never ends must not fill the memory. */
const MAX_ANSWER = 200_000;

const pieceSchema = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
/** Servers send chunks without choices (usage, filters), and deltas with reasoning, which is not the answer. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({ delta: pieceSchema.nullish(), message: pieceSchema.nullish(), finish_reason: z.string().nullish() }),
    )
    .nullish(),
  error: z.unknown().optional(),
});

/**
 * Reads a streamed chat completion, or a whole one from a server that does not stream. The library's own reader is not
 * used because it ends in silence when the connection is cut, and counts no sign of life but whole chunks.
 *
 * @param heard called for everything that comes, comments that keep the connection open included
 * @throws {ModelError} refused, cut off, or not a chat completion
 */
export async function* readAnswer(response: Response, heard: () => void): AsyncGenerator<string, void> {
  let length = 0;
  let isComplete = false;
  let isEmpty = true;
  for await (const data of dataOf(response, heard)) {
    isEmpty = false;
    if (data === '[DONE]') {
      isComplete = true;
      break;
    }
    const { text, finish } = readChunk(data);
    length += text.length;
    if (length > MAX_ANSWER) throw new ModelError('cut_off', 'The answer grew too long and was stopped.');
    if (text) yield text;
    if (finish === 'length')
      throw new ModelError('cut_off', 'The model reached its limit before the answer was complete.');
    if (finish !== null) isComplete = true;
  }
  if (isEmpty) throw notAnAnswer(new Error('There was no server-sent event in the answer.'));
  if (!isComplete) throw new ModelError('cut_off', 'The connection to the model ended before the answer was complete.');
  if (length === 0) throw new ModelError('provider_error', 'The model answered with no text.');
}

/** Payloads of a server-sent stream; a server that answered with one JSON document gives that one. */
async function* dataOf(response: Response, heard: () => void): AsyncGenerator<string, void> {
  const type = response.headers.get('content-type') ?? '';
  if (/^application\/json\b/i.test(type)) return yield await response.text();
  if (!response.body || /^text\/html\b/i.test(type)) throw notAnAnswer(type);
  const text: ReadableStream<string> = response.body.pipeThrough(new TextDecoderStream());
  const listening = new TransformStream<string, string>({
    transform: (piece, controller) => {
      heard();
      controller.enqueue(piece);
    },
  });
  const events = text.pipeThrough(listening).pipeThrough(new EventSourceParserStream({ maxBufferSize: MAX_ANSWER }));
  try {
    for await (const { data } of events) yield data;
  } catch (cause) {
    // An abort is told by the caller, who knows why; anything else is a connection that broke.
    throw new ModelError('cut_off', 'The connection to the model broke before the answer was complete.', { cause });
  }
}

function readChunk(data: string): { text: string; finish: string | null } {
  const parsed = chunkSchema.safeParse(parseJson(data));
  if (!parsed.success) throw notAnAnswer(parsed.error);
  const { choices, error } = parsed.data;
  if (error) throw new ModelError('provider_error', 'The model failed midway. Try again.', { cause: error });
  // Only one answer was asked for.
  const choice = choices?.[0];
  const piece = choice?.delta ?? choice?.message;
  const finish = choice?.finish_reason || null;
  if (piece?.refusal || finish === 'content_filter') {
    throw new ModelError('refused', 'The model, or its provider, refuses to answer this.', { cause: piece?.refusal });
  }
  return { text: piece?.content ?? '', finish };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAnAnswer(cause: unknown): ModelError {
  return new ModelError(
    'provider_error',
    'The endpoint answers, but not with a chat completion. Check openai.base-url.',
    {
      cause,
    },
  );
}

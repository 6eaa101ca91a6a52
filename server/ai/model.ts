import type { AiMessage } from '../storage/ai.ts';
import { readAnswer } from './answer-stream.ts';
import type { Endpoint } from './endpoint.ts';
import { ModelError } from './suggest-error.ts';
import { abortedBy, createWatch, type Patience } from './watch.ts';

/**
 * A model is a function, so a test passes a function. The stream yields text pieces; it throws ModelError, also midway,
 * and the reason of `signal` once that is aborted. An answer is complete only when the stream ends without a throw.
 */
export type Model = { name: string; stream: (messages: AiMessage[], signal: AbortSignal) => AsyncIterable<string> };

export type ModelSettings = { endpoint: Endpoint; apiKey: string; model: string; patience?: Partial<Patience> };

/** A model may think, or be loaded from disk, before its first word; once it writes, a long pause means it is gone. */
const PATIENCE: Patience = { firstMs: 180_000, betweenMs: 60_000, totalMs: 900_000 };

/**
 * Any OpenAI-compatible endpoint. Never retries (a stream cannot be rewound, and each try costs), never follows a
 * redirect, so neither key nor event reaches a host that nobody set. No temperature or token limit is sent: today's
 * models of OpenAI refuse the one, and local servers differ in the name of the other.
 */
export function createOpenAiModel(settings: ModelSettings): Model {
  const { endpoint, apiKey, model } = settings;
  const patience = { ...PATIENCE, ...settings.patience };
  return {
    name: model,
    async *stream(messages, signal) {
      signal.throwIfAborted();
      const watch = createWatch(patience, signal);
      try {
        const response = await send(endpoint, apiKey, model, messages, watch.signal);
        for await (const piece of readAnswer(response, watch.heard)) {
          watch.wrote();
          yield piece;
        }
      } catch (error) {
        throw toModelError(error, endpoint, model, watch.signal);
      } finally {
        // Ends the request too when the reader stops early.
        watch.end();
      }
    },
  };
}

async function send(endpoint: Endpoint, apiKey: string, model: string, messages: AiMessage[], signal: AbortSignal) {
  // 33 MB of memory at rest, so it is loaded by the first suggestion.
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({
    baseURL: endpoint.baseUrl,
    // Without a key the library refuses to be made; the header itself is left out below.
    apiKey: apiKey || 'none',
    // What is not handed in the library would take from the environment, and send to whatever host is set.
    adminAPIKey: null,
    organization: null,
    project: null,
    ...(apiKey === '' && { defaultHeaders: { Authorization: null } }),
    maxRetries: 0,
    logLevel: 'off',
    fetchOptions: { redirect: 'manual' },
  });
  return client.chat.completions.create({ model, messages, stream: true }, { signal }).asResponse();
}

/** The provider's words stay in `cause`: they may repeat the payload, or the key. */
function toModelError(cause: unknown, { host, needsKey }: Endpoint, model: string, signal: AbortSignal): unknown {
  if (signal.aborted) return abortedBy(signal, host);
  if (cause instanceof ModelError) return cause;
  // Every error of the library has the field, without a value where no answer came. Another error is a fault of ours.
  if (!(cause instanceof Error && 'status' in cause)) return cause;
  const { status } = cause;
  if (typeof status !== 'number') {
    return new ModelError('unreachable', `The model's endpoint ${host} could not be reached. Is it running?`, {
      cause,
    });
  }
  if (status === 401 || status === 403) {
    const remedy = needsKey ? 'Check openai.api-key (OPENAI_API_KEY).' : 'Check openai.api-key and openai.base-url.';
    return new ModelError('unauthorized', `${host} did not accept the key. ${remedy}`, { cause });
  }
  if (status === 429) {
    const retryAfter = retryAfterOf(cause);
    const wait = retryAfter === undefined ? 'Try again later.' : `Try again in ${retryAfter} s.`;
    return new ModelError('rate_limited', `${host} takes no more requests now. ${wait}`, { cause, retryAfter });
  }
  if (status === 404) {
    const message = `${host} knows no model named ${model}, or no chat completions. Check openai.model and openai.base-url.`;
    return new ModelError('provider_error', message, { cause });
  }
  if (status >= 300 && status < 400) {
    const message = `${host} answers with a redirect, which is not followed. Set openai.base-url to the address that answers.`;
    return new ModelError('provider_error', message, { cause });
  }
  if (status === 400 || status === 413 || status === 422) {
    const message = `${host} did not take the request (status ${status}). The event may be too long for ${model}.`;
    return new ModelError('provider_error', message, { cause });
  }
  return new ModelError('provider_error', `${host} failed with status ${status}. Try again, or see its log.`, {
    cause,
  });
}

/** Seconds, at most an hour; a date is turned into seconds from now. */
function retryAfterOf(error: unknown): number | undefined {
  const headers =
    error instanceof Error && 'headers' in error && error.headers instanceof Headers ? error.headers : null;
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(3600, Math.max(1, Math.ceil(seconds))) : undefined;
}

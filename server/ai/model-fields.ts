import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { Endpoint } from './endpoint.ts';

type Fields = Omit<ChatCompletionCreateParams, 'model' | 'messages'>;

/** Fields of a request beside model and messages. */
export type RequestFields = {
  current: () => Fields;
  /** Without those that an answer does not depend on. */
  plain: () => Fields;
  /** The endpoint answers without them, and refused them: from now on they are left out. */
  refuse: () => void;
  /** It does not stream: from now on it is asked for whole answers. OpenAI wants a proof of who one is for some models. */
  stopStreaming: () => void;
};

/** Usage at the end of the stream, and the limit of the answer where it has one. */
export function createRequestFields({ limitField, answerTokens }: Endpoint): RequestFields {
  let streaming: Fields = { stream: true };
  let usage: Fields = { stream_options: { include_usage: true } };
  let limit: Fields = limitField ? { [limitField]: answerTokens } : {};
  return {
    current: () => ({ ...streaming, ...usage, ...limit }),
    plain: () => streaming,
    refuse: () => {
      usage = {};
      limit = {};
    },
    stopStreaming: () => {
      streaming = { stream: false };
      usage = {};
    },
  };
}

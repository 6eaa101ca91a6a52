import type { Endpoint } from './endpoint.ts';

/** Fields of a request beside model and messages. */
export type RequestFields = {
  current: () => Record<string, unknown>;
  /** Without those that an answer does not depend on. */
  plain: () => Record<string, unknown>;
  /** The endpoint answers without them, and refused them: from now on they are left out. */
  refuse: () => void;
  /** It does not stream: from now on it is asked for whole answers. OpenAI wants a proof of who one is for some models. */
  stopStreaming: () => void;
};

/** Usage at the end of the stream, and the limit of the answer where it has one. */
export function createRequestFields({ limitField, answerTokens }: Endpoint): RequestFields {
  let streaming: Record<string, unknown> = { stream: true };
  let usage: Record<string, unknown> = { stream_options: { include_usage: true } };
  let limit: Record<string, unknown> = limitField ? { [limitField]: answerTokens } : {};
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

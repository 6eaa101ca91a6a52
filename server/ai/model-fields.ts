import type { Endpoint } from './endpoint.ts';

/** Fields of a request that an answer does not depend on. */
export type OptionalFields = {
  current: () => Record<string, unknown>;
  /** The endpoint answers without them, and refused them: from now on they are left out. */
  refuse: () => void;
};

/**
 * Usage at the end of the stream; and for OpenAI and Azure the limit of the answer, which makes the shown cost a bound.
 * Others differ in the name of the limit, and a local answer costs nothing.
 */
export function createOptionalFields({ kind, answerTokens }: Pick<Endpoint, 'kind' | 'answerTokens'>): OptionalFields {
  const usage = { stream_options: { include_usage: true } };
  const isBounded = kind === 'openai' || kind === 'azure';
  let fields: Record<string, unknown> = isBounded ? { ...usage, max_completion_tokens: answerTokens } : usage;
  return {
    current: () => fields,
    refuse: () => {
      fields = {};
    },
  };
}

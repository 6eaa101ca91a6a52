import type { Endpoint } from './endpoint.ts';

/** Fields of a request that an answer does not depend on. */
export type OptionalFields = {
  current: () => Record<string, unknown>;
  /** The endpoint answers without them, and refused them: from now on they are left out. */
  refuse: () => void;
};

/** Usage at the end of the stream, and the limit of the answer where it has one. */
export function createOptionalFields({ limitField, answerTokens }: Endpoint): OptionalFields {
  const usage = { stream_options: { include_usage: true } };
  let fields: Record<string, unknown> = limitField ? { ...usage, [limitField]: answerTokens } : usage;
  return {
    current: () => fields,
    refuse: () => {
      fields = {};
    },
  };
}

import type { StoredEvent } from '../protocol/event.ts';
import type { AiMessage } from '../storage/ai.ts';
import type { EvidenceContext } from './evidence.ts';
import { type Prepared, prepareForAi, tokensOf } from './prepare.ts';
import { parseRedactionRules } from './redact-rules.ts';
import { tokenCounter } from './tokens.ts';

export type ToPrepare = {
  event: StoredEvent;
  /** Its frames are the event's own: the same objects. */
  context: EvidenceContext;
  model: string;
  /** Of both messages together. */
  maxTokens: number;
  /** The project's, as they are written. */
  redactionRules: string;
};
/** Messages as a model gets them, or a text by itself. */
export type ToCount = { model: string; of: AiMessage[] | string };

/** What takes time by the length of an event: its redaction, its budget, and the tokens of what is sent. */
export type Preparer = {
  /** @throws {SuggestError} the window is too small @throws {BadRequestError} a rule cannot be read */
  prepare: (asked: ToPrepare) => Promise<Prepared>;
  /** Whole tokens, as the model's tokenizer or the estimate has them. */
  count: (asked: ToCount) => Promise<number>;
  close: () => Promise<void>;
};

/** In this thread: what the thread of the server runs, and tests. */
export const preparer: Preparer = {
  prepare: async ({ event, context, model, maxTokens, redactionRules }) => {
    const { count: countTokens } = await tokenCounter(model);
    return prepareForAi(event, context, { maxTokens, countTokens, rules: parseRedactionRules(redactionRules) });
  },
  count: async ({ model, of }) => {
    const { count } = await tokenCounter(model);
    return Math.ceil(typeof of === 'string' ? count(of) : tokensOf(of, count));
  },
  close: async () => {},
};

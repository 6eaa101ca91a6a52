import type { PatchCheck, Suggestion } from '../protocol/contract.ts';
import type { StoredSuggestion } from '../storage/ai.ts';
import type { Feedback } from '../storage/ai-calls.ts';
import { type Answer, parseAnswer } from './answer/answer.ts';
import type { Endpoint } from './endpoint.ts';
import { toDollars } from './ledger.ts';
import type { OperatorRules } from './redact-rules.ts';
import type { LoadedEvent } from './suggest-payload.ts';

/** Finds out what the patch of a whole answer is worth. Never throws for what a stranger wrote. */
export type CheckAnswer = (answer: Answer, loaded: LoadedEvent, rules: OperatorRules) => Promise<PatchCheck>;

/** A stored answer as the panel gets it. @param feedback what who asks thought of it */
export function toSuggestion(
  stored: StoredSuggestion,
  { host }: Pick<Endpoint, 'host'>,
  feedback: Feedback | null,
): Suggestion {
  const { callId, text, eventId, model, dateCreated, inputTokens, outputTokens, cost, duration, patchCheck } = stored;
  const { patch, confidence, abstains } = parseAnswer(text);
  return {
    id: callId === null ? null : String(callId),
    text,
    eventID: eventId,
    model,
    endpoint: host,
    dateCreated: new Date(dateCreated).toISOString(),
    patch,
    confidence,
    abstains,
    inputTokens,
    outputTokens,
    cost: toDollars(cost),
    duration,
    patchCheck,
    feedback,
  };
}

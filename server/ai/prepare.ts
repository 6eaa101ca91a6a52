import type { Json, StoredEvent } from '../protocol/event.ts';
import type { AiMessage } from '../storage/ai.ts';
import { countLines, describeLeftOut, fitToBudget } from './budget.ts';
import { collectEvidence, type EvidenceContext } from './evidence.ts';
import { type EvidenceItem, itemsOf } from './evidence-items.ts';
import { payloadOf, renderPayload } from './evidence-payload.ts';
import { buildMessages } from './prompt.ts';
import { createRedactor, type RedactedKind } from './redact.ts';
import type { OperatorRules } from './redact-rules.ts';
import { SuggestError } from './suggest-error.ts';
import { estimateTokens } from './tokens.ts';

/** An event as it may leave the machine. */
export type Prepared = {
  /** The event itself, in Sentry's shape. */
  description: Json;
  /** What stands between the marks: the event and all other evidence. */
  payload: Json;
  evidence: EvidenceItem[];
  /** Sentences for the panel. */
  redacted: string[];
  leftOut: string[];
  /** What redaction replaced, by placeholder: for text on the page, and for nothing that is stored or sent. */
  placeholders: ReadonlyMap<string, string>;
};

export type PrepareOptions = {
  /** Of both messages together: the model's window less what is kept for its answer. */
  maxTokens?: number;
  countTokens?: (text: string) => number;
  /** Redaction rules of the project. */
  rules?: OperatorRules;
};

/** Of a window of 16k, less 4,000 for the answer. */
export const DEFAULT_MAX_TOKENS = 12_384;

/**
 * Describes an event with what else is known about it, redacts that, and cuts it to a budget. The same gives the same.
 *
 * @throws {SuggestError} not even the least fits: the window is too small
 */
export function prepareForAi(
  event: StoredEvent,
  context: EvidenceContext = {},
  { maxTokens = DEFAULT_MAX_TOKENS, countTokens = estimateTokens, rules }: PrepareOptions = {},
): Prepared {
  const redactor = createRedactor(knownValues(event), rules ? { rules } : {});
  const overhead = questionTokens(countTokens);
  const fitting = fitToBudget(collectEvidence(event, context, redactor), maxTokens - overhead, countTokens);
  if (!fitting) {
    throw new SuggestError(
      'not_configured',
      `The model's window leaves ${maxTokens} tokens for what is sent, and ${overhead} go into the question itself. Set a larger window, or fewer tokens for the answer.`,
    );
  }
  const payload = payloadOf(fitting);
  return {
    description: asJson(payload.untrusted),
    payload: asJson(payload),
    evidence: itemsOf(fitting, countTokens),
    redacted: redactor.describe(renderPayload(payload)),
    leftOut: describeLeftOut(fitting.leftOut),
    placeholders: redactor.placeholders(),
  };
}

/** The nonce stands in four places, and its 32 hex digits take no more tokens than one each. */
const NONCE_TOKENS = 4 * 32;

/** @param nonce random, of these messages alone; 32 hex digits */
export const messagesFor = ({ payload }: Pick<Prepared, 'payload'>, nonce: string): AiMessage[] =>
  buildMessages(renderPayload(payload), nonce);

/** What a chat adds to its messages: role and marks of each, and the beginning of the answer. */
const TOKENS_PER_MESSAGE = 4;

/** Tokens of messages as a model gets them. */
export const tokensOf = (messages: AiMessage[], countTokens: (text: string) => number = estimateTokens): number =>
  messages.reduce(
    (sum, { content }) => sum + TOKENS_PER_MESSAGE + countLines(content, countTokens),
    TOKENS_PER_MESSAGE,
  );

/** Tokens of messages that have no event. */
export const questionTokens = (countTokens: (text: string) => number): number =>
  tokensOf(buildMessages('', ''), countTokens) + NONCE_TOKENS;

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** Who was there, as the event itself says. */
export function knownValues(event: StoredEvent): { value: string; kind: RedactedKind }[] {
  const known: [string | null | undefined, RedactedKind][] = [
    [event.user?.email, 'email'],
    [event.user?.ip_address, 'ip'],
    [event.user?.id, 'user'],
    [event.user?.username, 'user'],
    [event.user?.name, 'user'],
    [event.server_name, 'host'],
  ];
  return known.flatMap(([value, kind]) => (value && value !== '[Filtered]' ? [{ value, kind }] : []));
}

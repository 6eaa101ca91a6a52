import { createHash, randomBytes } from 'node:crypto';
import type { SuggestPayload } from '../protocol/contract.ts';
import type { StoredEvent } from '../protocol/event.ts';
import type { AiPayload, AiStore, AnswerScope, ProjectAi } from '../storage/ai.ts';
import type { Endpoint } from './endpoint.ts';
import type { GatherEvidence } from './evidence-in-time.ts';
import { costOf, toDollars } from './ledger.ts';
import type { AiPolicy } from './policy.ts';
import { messagesFor, type Prepared } from './prepare.ts';
import type { Preparer } from './preparer.ts';
import { PROMPT_VERSION } from './prompt.ts';
import { counterKind } from './tokens.ts';

/** An event to describe; without project and issue for one that the operator has in a file. */
export type Describable = { event: StoredEvent; projectId: number | null; issueId: number | null };
/** An event with what an answer is kept under. */
export type LoadedEvent = { event: StoredEvent; issueId: number; projectId: number; primaryHash: string };

export type PayloadDeps = {
  store: AiStore;
  policy: AiPolicy;
  evidenceOf: GatherEvidence;
  preparer: Preparer;
  /** Unix milliseconds. */
  now: () => number;
};

/** A page may be left open for a day before its button is clicked. */
const PAYLOAD_LIFE_MS = 24 * 3600 * 1000;

/** Makes what is sent, and keeps what was shown until it is. */
export function createPayloads({ store, policy, evidenceOf, preparer, now }: PayloadDeps) {
  const scopeOf = ({ name, baseUrl, model }: Endpoint, { redactionRules }: ProjectAi): AnswerScope => ({
    endpointName: name,
    endpoint: baseUrl,
    model,
    promptVersion: PROMPT_VERSION,
    policy,
    rules: hashOf(redactionRules),
  });

  /** @param model instead of the endpoint's */
  async function prepare(
    { event, projectId, issueId }: Describable,
    { inputTokens, ...endpoint }: Pick<Endpoint, 'inputTokens' | 'model'>,
    project: ProjectAi,
    model = endpoint.model,
  ): Promise<Prepared> {
    const { context, late } = await evidenceOf(event, projectId, issueId);
    const { redactionRules } = project;
    const prepared = await preparer.prepare({ event, context, model, maxTokens: inputTokens, redactionRules });
    return { ...prepared, leftOut: [...prepared.leftOut, ...late] };
  }

  return {
    scopeOf,
    prepare,

    /** The id is the nonce: random, and unknown to whoever wrote the event. The same content keeps its id. */
    async keep({ projectId, issueId, event }: LoadedEvent, prepared: Prepared, scope: AnswerScope): Promise<AiPayload> {
      await store.deletePayloadsBefore(now() - PAYLOAD_LIFE_MS);
      for (const stored of await store.payloadsOf(projectId, event.event_id)) {
        const isSame = JSON.stringify(stored.messages) === JSON.stringify(messagesFor(prepared, stored.id));
        if (!isSame || !isOf(stored, scope)) continue;
        await store.touchPayload(stored.id, now());
        return stored;
      }
      const id = newNonce();
      const messages = messagesFor(prepared, id);
      const { redacted, leftOut } = prepared;
      const payload = { id, projectId, issueId, eventId: event.event_id, messages, ...scope, redacted, leftOut };
      await store.addPayload(payload, now());
      return payload;
    },
  };
}

export type Payloads = ReturnType<typeof createPayloads>;

export const newNonce = (): string => randomBytes(16).toString('hex');

/** Is it still what would be sent there? */
export const isOf = (payload: AnswerScope, scope: AnswerScope): boolean =>
  payload.endpointName === scope.endpointName &&
  payload.endpoint === scope.endpoint &&
  payload.model === scope.model &&
  payload.promptVersion === scope.promptVersion &&
  payload.policy === scope.policy &&
  payload.rules === scope.rules;

const hashOf = (rules: string): string =>
  rules.trim() === '' ? '' : createHash('sha256').update(rules.trim()).digest('hex');

type PayloadBody = Pick<
  SuggestPayload,
  | 'payloadId'
  | 'messages'
  | 'model'
  | 'endpoint'
  | 'endpointName'
  | 'isLocal'
  | 'tokens'
  | 'tokensFrom'
  | 'window'
  | 'answerTokens'
  | 'isAnswerLimited'
  | 'cost'
  | 'evidence'
  | 'redacted'
  | 'leftOut'
>;

/** What the panel says of a payload and of where it goes. */
export async function describePayload(
  { id, messages }: AiPayload,
  { evidence, redacted, leftOut }: Prepared,
  { name, host, model, isLocal, window, answerTokens, limitField, price }: Endpoint,
  { count }: Pick<Preparer, 'count'>,
): Promise<PayloadBody> {
  const tokens = await count({ model, of: messages });
  return {
    payloadId: id,
    messages,
    model,
    endpoint: host,
    endpointName: name,
    isLocal,
    tokens,
    tokensFrom: counterKind(model),
    window,
    answerTokens,
    isAnswerLimited: limitField !== null,
    cost: toDollars(costOf(price, tokens, answerTokens)),
    evidence,
    redacted,
    leftOut,
  };
}

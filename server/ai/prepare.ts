import type { Json, StoredEvent, StoredFrame } from '../protocol/event.ts';
import type { AiMessage } from '../storage/ai.ts';
import { asJson, describeLeftOut, fitToBudget, MAX_DESCRIPTION_TOKENS, renderDescription } from './budget.ts';
import { describeEventForAi } from './describe-event.ts';
import type { LineCoverage } from './describe-frame.ts';
import { buildMessages } from './prompt.ts';
import { createRedactor, type RedactedKind } from './redact.ts';
import { estimateTokens } from './text.ts';

/** An event as it may leave the machine. */
export type Prepared = {
  description: Json;
  /** Sentences for the panel. */
  redacted: string[];
  leftOut: string[];
};

/** Describes, redacts and cuts an event; the same event gives the same. */
export function prepareForAi(event: StoredEvent, coverage?: ReadonlyMap<StoredFrame, LineCoverage>): Prepared {
  const redactor = createRedactor(knownValues(event));
  const fitting = fitToBudget(describeEventForAi(event, { coverage, redactor }), MAX_DESCRIPTION_TOKENS);
  const description = redactor.sweep(asJson(fitting));
  return {
    description,
    redacted: redactor.describe(renderDescription(description)),
    leftOut: describeLeftOut(fitting),
  };
}

/** @param nonce random, of these messages alone */
export const messagesFor = ({ description }: Prepared, nonce: string): AiMessage[] =>
  buildMessages(renderDescription(description), nonce);

export const tokensOf = (messages: AiMessage[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);

/** Who was there, as the event itself says. */
function knownValues(event: StoredEvent): { value: string; kind: RedactedKind }[] {
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

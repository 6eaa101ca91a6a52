import type { SuggestPayload } from '../../server/protocol/contract.ts';

/** The messages alone, in order: what is pasted into a chat of the reader's own. */
export function payloadText(payload: SuggestPayload): string {
  return payload.messages.map((message) => message.content).join('\n\n');
}

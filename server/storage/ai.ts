import type { Database } from './tables.ts';

export type AiMessage = { role: 'system' | 'user'; content: string };

/** The exact messages that were shown and will be sent. `id` is random, and the nonce of the messages' delimiters. */
export type AiPayload = {
  id: string;
  projectId: number;
  eventId: string;
  issueId: number;
  messages: AiMessage[];
  model: string;
  endpoint: string;
  promptVersion: string;
};

/** An answer is shared by the events of an issue, and never by two projects, endpoints, models or prompt versions. */
export type SuggestionKey = {
  projectId: number;
  primaryHash: string;
  endpoint: string;
  model: string;
  promptVersion: string;
};
/** `eventId` is the event that the answer was made from; `dateCreated` is Unix milliseconds. */
export type StoredSuggestion = SuggestionKey & { eventId: string; text: string; dateCreated: number };

/** Payloads, answers and consent. */
export function createAiStore(db: Database) {
  return {
    payload: async (projectId: number, eventId: string, id: string): Promise<AiPayload | null> => {
      const row = await db
        .selectFrom('aiPayload')
        .selectAll()
        .where('id', '=', id)
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .executeTakeFirst();
      return row ? toPayload(row) : null;
    },

    /** Payloads of one event, newest first. */
    payloadsOf: async (projectId: number, eventId: string): Promise<AiPayload[]> => {
      const rows = await db
        .selectFrom('aiPayload')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('eventId', '=', eventId)
        .orderBy('dateCreated', 'desc')
        .execute();
      return rows.map(toPayload);
    },

    addPayload: async (payload: AiPayload, dateCreated: number): Promise<void> => {
      const row = { ...payload, messages: JSON.stringify(payload.messages), dateCreated };
      await db.insertInto('aiPayload').values(row).execute();
    },

    /** The button of a page that is open all this time keeps working. */
    touchPayload: async (id: string, dateCreated: number): Promise<void> => {
      await db.updateTable('aiPayload').set({ dateCreated }).where('id', '=', id).execute();
    },

    deletePayloadsBefore: async (time: number): Promise<void> => {
      await db.deleteFrom('aiPayload').where('dateCreated', '<', time).execute();
    },

    suggestion: async (key: SuggestionKey): Promise<StoredSuggestion | null> => {
      const row = await db
        .selectFrom('aiSuggestion')
        .selectAll()
        .where('projectId', '=', key.projectId)
        .where('primaryHash', '=', key.primaryHash)
        .where('endpoint', '=', key.endpoint)
        .where('model', '=', key.model)
        .where('promptVersion', '=', key.promptVersion)
        .executeTakeFirst();
      return row ?? null;
    },

    /** Replaces the answer of the same key. */
    saveSuggestion: async (suggestion: StoredSuggestion): Promise<void> => {
      const { eventId, text, dateCreated } = suggestion;
      await db
        .insertInto('aiSuggestion')
        .values(suggestion)
        .onConflict((conflict) =>
          conflict
            .columns(['projectId', 'primaryHash', 'endpoint', 'model', 'promptVersion'])
            .doUpdateSet({ eventId, text, dateCreated }),
        )
        .execute();
    },

    hasConsented: async (user: string): Promise<boolean> =>
      (await db.selectFrom('aiConsent').select('user').where('user', '=', user).executeTakeFirst()) !== undefined,

    setConsent: async (user: string, consented: boolean, dateConsented: number): Promise<void> => {
      if (!consented) await db.deleteFrom('aiConsent').where('user', '=', user).execute();
      else {
        const row = { user, dateConsented };
        await db
          .insertInto('aiConsent')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
  };
}
export type AiStore = ReturnType<typeof createAiStore>;

function toPayload({ messages, ...row }: Omit<AiPayload, 'messages'> & { messages: string }): AiPayload {
  const { id, projectId, eventId, issueId, model, endpoint, promptVersion } = row;
  return { id, projectId, eventId, issueId, model, endpoint, promptVersion, messages: parseMessages(messages) };
}

/** Our own row: what is no list of messages is our fault, never sent in part. */
function parseMessages(text: string): AiMessage[] {
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value) && value.every(isMessage)) return value;
  throw new Error('A stored payload is no list of messages.');
}

function isMessage(value: unknown): value is AiMessage {
  return typeof value === 'object' && value !== null && 'role' in value && 'content' in value;
}

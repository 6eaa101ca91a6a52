import type { Selectable } from 'kysely';
import { type PatchCheck, patchCheckSchema } from '../protocol/contract.ts';
import type { Database, Tables } from './tables.ts';

export type AiMessage = { role: 'system' | 'user'; content: string };

/** What an answer depends on beside its event. `rules` is a hash of the project's own; `promptVersion` has redaction's. */
export type AnswerScope = {
  endpointName: string;
  endpoint: string;
  model: string;
  promptVersion: string;
  policy: string;
  rules: string;
};

/** The exact messages that were shown and will be sent. `id` is random, and the nonce of the messages' delimiters. */
export type AiPayload = AnswerScope & {
  id: string;
  projectId: number;
  eventId: string;
  issueId: number;
  messages: AiMessage[];
  redacted: string[];
  leftOut: string[];
};

/** An answer is shared by the events of an issue, and by nothing else. */
export type SuggestionKey = AnswerScope & { projectId: number; primaryHash: string };
/** `eventId` is the event that the answer was made from; `dateCreated` is Unix milliseconds. */
export type NewSuggestion = SuggestionKey & {
  eventId: string;
  text: string;
  dateCreated: number;
  callId: number;
};
/** With what its call took; null where the ledger has it no more. `cost` is millionths of a US dollar. */
export type StoredSuggestion = Omit<NewSuggestion, 'callId'> & {
  callId: number | null;
  patchCheck: PatchCheck | null;
  inputTokens: number | null;
  outputTokens: number | null;
  cost: number | null;
  duration: number | null;
};

/** Where events of a project may go, and what is taken out of them beside what always is. */
export type ProjectAi = { localOnly: boolean; endpoint: string | null; redactionRules: string };

/** Payloads, answers, consent, and what each project allows. */
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
      const { messages, redacted, leftOut, ...rest } = payload;
      const lists = { redacted: JSON.stringify(redacted), leftOut: JSON.stringify(leftOut) };
      const row = { ...rest, ...lists, messages: JSON.stringify(messages), dateCreated };
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
        .leftJoin('aiCall', 'aiCall.id', 'aiSuggestion.callId')
        .selectAll('aiSuggestion')
        .select(['aiCall.inputTokens', 'aiCall.outputTokens', 'aiCall.cost', 'aiCall.duration', 'aiCall.patchCheck'])
        .where((eb) => eb.and(KEY.map((column) => eb(`aiSuggestion.${column}`, '=', key[column]))))
        .executeTakeFirst();
      return row ? { ...row, patchCheck: parsePatchCheck(row.patchCheck) } : null;
    },

    /** Replaces the answer of the same key. */
    saveSuggestion: async (suggestion: NewSuggestion): Promise<void> => {
      const { eventId, text, dateCreated, callId } = suggestion;
      await db
        .insertInto('aiSuggestion')
        .values(suggestion)
        .onConflict((conflict) => conflict.columns(KEY).doUpdateSet({ eventId, text, dateCreated, callId }))
        .execute();
    },

    /** @returns what holds without any setting, for a project that is not there */
    project: async (projectId: number): Promise<ProjectAi> => {
      const row = await db
        .selectFrom('project')
        .select(['aiLocalOnly', 'aiEndpoint', 'redactionRules'])
        .where('id', '=', projectId)
        .executeTakeFirst();
      if (!row) return { localOnly: false, endpoint: null, redactionRules: '' };
      return { localOnly: row.aiLocalOnly === 1, endpoint: row.aiEndpoint, redactionRules: row.redactionRules };
    },

    setProject: async (projectId: number, { localOnly, endpoint, redactionRules }: ProjectAi): Promise<void> => {
      await db
        .updateTable('project')
        .set({ aiLocalOnly: Number(localOnly), aiEndpoint: endpoint, redactionRules })
        .where('id', '=', projectId)
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

const SCOPE = ['endpointName', 'endpoint', 'model', 'promptVersion', 'policy', 'rules'] as const;
const KEY = ['projectId', 'primaryHash', ...SCOPE] as const;

type PayloadRow = Selectable<Tables['aiPayload']>;
const toPayload = ({ dateCreated: _, messages, redacted, leftOut, ...row }: PayloadRow): AiPayload => ({
  ...row,
  messages: parseMessages(messages),
  redacted: parseSentences(redacted),
  leftOut: parseSentences(leftOut),
});

/** Our own row: what is no list of messages is our fault, never sent in part. */
export function parseMessages(text: string): AiMessage[] {
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value) && value.every(isMessage)) return value;
  throw new Error('A stored payload is no list of messages.');
}

export function parseSentences(text: string): string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A check that an older version wrote, and this one cannot read, is as good as none. */
export function parsePatchCheck(text: string | null): PatchCheck | null {
  return text === null ? null : (patchCheckSchema.safeParse(JSON.parse(text)).data ?? null);
}

function isMessage(value: unknown): value is AiMessage {
  return typeof value === 'object' && value !== null && 'role' in value && 'content' in value;
}

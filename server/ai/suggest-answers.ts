import type { SuggestFeedback } from '../protocol/contract.ts';
import { NotFoundError } from '../protocol/errors.ts';
import type { Json } from '../protocol/event.ts';
import type { AiStore } from '../storage/ai.ts';
import type { AiCallStore, StoredCall } from '../storage/ai-calls.ts';
import type { Endpoints } from './endpoints.ts';
import { redactComment } from './feedback.ts';
import type { Prepared } from './prepare.ts';
import { parseRedactionRules } from './redact-rules.ts';
import type { LoadedEvent, Payloads } from './suggest-payload.ts';

export type AnswersDeps = {
  store: Pick<AiStore, 'project'>;
  calls: AiCallStore;
  endpoints: Pick<Endpoints, 'byName'>;
  payloads: Pick<Payloads, 'prepare'>;
  /** Unix milliseconds. */
  now: () => number;
};

/** What belongs to an answer that the ledger has: what its placeholders stand for, and what people think of it. */
export function createAnswers({ store, calls, endpoints, payloads, now }: AnswersDeps) {
  /** A call whose answer is one of the event's issue. @throws {NotFoundError} there is none of this id */
  async function callOf({ projectId, issueId }: Pick<LoadedEvent, 'projectId' | 'issueId'>, id: string) {
    const found = /^\d{1,15}$/.test(id) ? await calls.byId(Number(id)) : null;
    if (found && found.projectId === projectId && found.issueId === issueId) return found;
    throw new NotFoundError(`This issue has no answer ${id}. The ledger may have it no more.`);
  }

  /** What redaction replaces in the event of a call, and whether the numbers are those of the call's request. */
  async function placeholdersOf(loaded: LoadedEvent, made: StoredCall) {
    const endpoint = endpoints.byName(made.endpointName);
    if (!endpoint || made.eventId !== loaded.event.event_id)
      return { placeholders: new Map<string, string>(), isSure: false };
    const project = await store.project(loaded.projectId);
    const prepared = await payloads.prepare(loaded, endpoint, project, made.model);
    return { placeholders: prepared.placeholders, isSure: isSameRequest(made, prepared) };
  }

  return {
    /** Id of the event that an answer was made from. @throws {NotFoundError} the issue has no such answer */
    eventOf: async (loaded: LoadedEvent, id: string): Promise<string> => (await callOf(loaded, id)).eventId,

    /**
     * What redaction replaced in what was sent for an answer, by placeholder; empty where it cannot be told any more,
     * since source, coverage or rules are others now.
     *
     * @param loaded the event that the answer was made from
     * @param id of the answer's call
     * @throws {NotFoundError} the issue has no such answer
     */
    async placeholders(loaded: LoadedEvent, id: string): Promise<ReadonlyMap<string, string>> {
      const { placeholders, isSure } = await placeholdersOf(loaded, await callOf(loaded, id));
      return isSure ? placeholders : new Map();
    },

    /**
     * Keeps what a user thinks of an answer, in place of what they said before.
     *
     * @param loaded the event that the answer was made from
     * @throws {NotFoundError} the issue has no such answer
     */
    async setFeedback(loaded: LoadedEvent, user: string, { id, rating, comment = '' }: SuggestFeedback): Promise<void> {
      const made = await callOf(loaded, id);
      const { redactionRules } = await store.project(loaded.projectId);
      const rules = parseRedactionRules(redactionRules);
      const kept = comment && redactComment(comment, loaded.event, await placeholdersOf(loaded, made), rules);
      await calls.setFeedback(made.id, user, { rating, comment: kept }, now());
    },

    /** @throws {NotFoundError} the issue has no such answer */
    async deleteFeedback(loaded: LoadedEvent, user: string, id: string): Promise<void> {
      await calls.deleteFeedback((await callOf(loaded, id)).id, user);
    },
  };
}

/**
 * Is what was sent in a call the same as what would be sent now? Only then do the numbers of its placeholders mean the
 * same values: a wrong one put back would be worse than none. How often the issue was seen has no placeholders.
 *
 * @param prepared of the call's event, for the call's model
 */
function isSameRequest({ request }: Pick<StoredCall, 'request'>, { payload }: Pick<Prepared, 'payload'>): boolean {
  const content = request.at(-1)?.content ?? '';
  // Between the first line and the last, which are the marks.
  const sent = content.slice(content.indexOf('\n') + 1, content.lastIndexOf('\n'));
  try {
    return JSON.stringify(withoutCounts(JSON.parse(sent))) === JSON.stringify(withoutCounts(payload));
  } catch {
    return false;
  }
}

function withoutCounts(payload: Json): Json {
  if (!isObject(payload) || !isObject(payload['trusted'])) return payload;
  const { issue: _, ...trusted } = payload['trusted'];
  return { ...payload, trusted };
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

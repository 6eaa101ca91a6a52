import type { ExpressionBuilder, Selectable } from 'kysely';
import type { PatchCheck } from '../protocol/contract.ts';
import { type AiMessage, type AnswerScope, parseMessages, parsePatchCheck, parseSentences } from './ai.ts';
import type { Database, Tables } from './tables.ts';
import { LOCAL_USER } from './triage.ts';

type Row = Selectable<Tables['aiCall']>;

/** A call to a model as it begins. `redacted` and `leftOut` are sentences, as the panel showed them. */
export type NewCall = Omit<AnswerScope, 'policy' | 'rules'> &
  Pick<Row, 'projectId' | 'issueId' | 'eventId' | 'userId' | 'userName' | 'dateCreated' | 'tokensFrom'> & {
    /** The exact messages. */
    request: AiMessage[];
    redacted: string[];
    leftOut: string[];
  };

/** What came of it. `cost` is millionths of a US dollar; times are milliseconds. */
export type CallEnd = Pick<
  Row,
  | 'answer'
  | 'status'
  | 'errorKind'
  | 'inputTokens'
  | 'outputTokens'
  | 'tokensFrom'
  | 'cost'
  | 'duration'
  | 'firstPieceAfter'
>;

/** What narrows the ledger; what is left out narrows nothing. */
export type CallFilter = {
  projectId?: number | undefined;
  issueId?: number | undefined;
  /** Id of a user, `local`, or `operator`. */
  user?: string | undefined;
  status?: Row['status'] | undefined;
};

export type Feedback = { rating: 'helpful' | 'not_helpful'; comment: string };

/** Without request and answer, which are large. */
export type ListedCall = Omit<Row, 'request' | 'answer' | 'patchCheck' | 'redacted' | 'leftOut'> & {
  redacted: string[];
  leftOut: string[];
  projectSlug: string | null;
  issueNumber: number | null;
  feedback: (Feedback & { user: string })[];
};
export type StoredCall = ListedCall & { request: AiMessage[]; answer: string; patchCheck: PatchCheck | null };

/** The ledger: every call to a model, and what people thought of its answer. */
export function createAiCallStore(db: Database) {
  /** Of this process: until it is known how they end, they are not shown. */
  const running = new Set<number>();

  /** Newest first. */
  const select = (filter: CallFilter) =>
    db
      .selectFrom('aiCall')
      .leftJoin('project', 'project.id', 'aiCall.projectId')
      .leftJoin('issue', 'issue.id', 'aiCall.issueId')
      .select(COLUMNS)
      .select(['project.slug as projectSlug', 'issue.number as issueNumber'])
      .where((eb) => eb.and(conditionsOf(eb, filter)))
      .$if(running.size > 0, (query) => query.where('aiCall.id', 'not in', [...running]))
      .orderBy('aiCall.id', 'desc');

  async function withFeedback<T extends { id: number; redacted: string; leftOut: string }>(rows: T[]) {
    const ids = rows.map(({ id }) => id);
    const all = ids.length === 0 ? [] : await feedbackOf(ids);
    const byCall = Map.groupBy(all, ({ callId }) => callId);
    return rows.map((row) => ({
      ...row,
      redacted: parseSentences(row.redacted),
      leftOut: parseSentences(row.leftOut),
      feedback: (byCall.get(row.id) ?? []).map(({ rating, comment, user, name }) => ({
        rating,
        comment,
        user: name ?? user,
      })),
    }));
  }

  const feedbackOf = (callIds: number[]) =>
    db
      .selectFrom('aiFeedback')
      .leftJoin('user', (join) => join.on((eb) => eb(eb.cast('user.id', 'text'), '=', eb.ref('aiFeedback.user'))))
      .select(['callId', 'rating', 'comment', 'aiFeedback.user as user', 'user.username as name'])
      .where('callId', 'in', callIds)
      .orderBy('aiFeedback.dateCreated')
      .execute();

  /** With request and answer: few at a time. */
  const whole = async (filter: CallFilter, limit: number, before?: number): Promise<StoredCall[]> => {
    let query = select(filter).select(['aiCall.request', 'aiCall.answer', 'aiCall.patchCheck']).limit(limit);
    if (before !== undefined) query = query.where('aiCall.id', '<', before);
    const rows = await withFeedback(await query.execute());
    return rows.map((row) => ({
      ...row,
      request: parseMessages(row.request),
      patchCheck: parsePatchCheck(row.patchCheck),
    }));
  };

  return {
    /**
     * Writes a call down before it is made: what is not ended (the process was killed) stays as one that was aborted.
     * @returns its id
     */
    begin: async ({ request, redacted, leftOut, ...call }: NewCall): Promise<number> => {
      const texts = {
        request: JSON.stringify(request),
        redacted: JSON.stringify(redacted),
        leftOut: JSON.stringify(leftOut),
      };
      const row = { ...call, ...texts, answer: '', status: 'aborted' as const, duration: 0 };
      const { id } = await db.insertInto('aiCall').values(row).returning('id').executeTakeFirstOrThrow();
      running.add(id);
      return id;
    },

    /** @returns false: it was deleted meanwhile, with its issue */
    end: async (id: number, end: CallEnd): Promise<boolean> => {
      running.delete(id);
      const { numUpdatedRows } = await db.updateTable('aiCall').set(end).where('id', '=', id).executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** What was found out about the patch of its answer. */
    setPatchCheck: async (id: number, check: PatchCheck): Promise<void> => {
      await db
        .updateTable('aiCall')
        .set({ patchCheck: JSON.stringify(check) })
        .where('id', '=', id)
        .execute();
    },

    /** @returns one more than `limit`, when there are more */
    list: async (filter: CallFilter, { limit, offset }: { limit: number; offset: number }): Promise<ListedCall[]> =>
      withFeedback(
        await select(filter)
          .limit(limit + 1)
          .offset(offset)
          .execute(),
      ),

    byId: async (id: number): Promise<StoredCall | null> =>
      (await whole({}, 1, id + 1)).find((call) => call.id === id) ?? null,

    /** All of them, or so many of those before an id; read a few at a time, also while others are added. */
    async *all(filter: CallFilter, part: { before?: number | undefined; limit?: number | undefined } = {}) {
      let { before, limit: left = Number.POSITIVE_INFINITY } = part;
      while (left > 0) {
        const calls = await whole(filter, Math.min(BATCH, left), before);
        yield* calls;
        left -= calls.length;
        before = calls.at(-1)?.id;
        if (before === undefined) return;
      }
    },

    /** @returns how many were deleted; what people thought of their answers goes with them */
    deleteBefore: async (time: number): Promise<number> => {
      const { numDeletedRows } = await db.deleteFrom('aiCall').where('dateCreated', '<', time).executeTakeFirst();
      return Number(numDeletedRows);
    },

    feedback: async (callId: number, user: string): Promise<Feedback | null> =>
      (await db
        .selectFrom('aiFeedback')
        .select(['rating', 'comment'])
        .where('callId', '=', callId)
        .where('user', '=', user)
        .executeTakeFirst()) ?? null,

    /** In place of what the user said before. */
    setFeedback: async (callId: number, user: string, feedback: Feedback, dateCreated: number): Promise<void> => {
      await db
        .insertInto('aiFeedback')
        .values({ callId, user, ...feedback, dateCreated })
        .onConflict((conflict) => conflict.columns(['callId', 'user']).doUpdateSet({ ...feedback, dateCreated }))
        .execute();
    },

    deleteFeedback: async (callId: number, user: string): Promise<void> => {
      await db.deleteFrom('aiFeedback').where('callId', '=', callId).where('user', '=', user).execute();
    },
  };
}
export type AiCallStore = ReturnType<typeof createAiCallStore>;

/** Prompts of 100 KB and more each. */
const BATCH = 20;

const COLUMNS = [
  'aiCall.id',
  'aiCall.projectId',
  'aiCall.issueId',
  'aiCall.eventId',
  'aiCall.userId',
  'aiCall.userName',
  'aiCall.endpointName',
  'aiCall.endpoint',
  'aiCall.model',
  'aiCall.promptVersion',
  'aiCall.status',
  'aiCall.errorKind',
  'aiCall.inputTokens',
  'aiCall.outputTokens',
  'aiCall.tokensFrom',
  'aiCall.cost',
  'aiCall.duration',
  'aiCall.firstPieceAfter',
  'aiCall.redacted',
  'aiCall.leftOut',
  'aiCall.dateCreated',
] as const;

function conditionsOf(eb: ExpressionBuilder<Tables, 'aiCall'>, { projectId, issueId, user, status }: CallFilter) {
  const conditions = [];
  if (projectId !== undefined) conditions.push(eb('aiCall.projectId', '=', projectId));
  if (issueId !== undefined) conditions.push(eb('aiCall.issueId', '=', issueId));
  if (status !== undefined) conditions.push(eb('aiCall.status', '=', status));
  if (user === 'local') {
    conditions.push(eb('aiCall.userId', 'is', null), eb('aiCall.userName', '=', LOCAL_USER));
  } else if (user === OPERATOR) {
    conditions.push(eb('aiCall.userId', 'is', null), eb('aiCall.userName', '=', OPERATOR));
  } else if (user !== undefined) conditions.push(eb('aiCall.userId', '=', Number(user)));
  return conditions;
}

/** Name of whoever asks at the terminal. */
export const OPERATOR = 'operator';

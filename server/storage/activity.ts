import type { Insertable, Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

type ActivityRow = Selectable<Tables['activity']>;
/** Times are Unix milliseconds. `userName` null: the server did it by itself. */
export type Activity = Omit<ActivityRow, 'data'> & { data: Record<string, unknown> };
export type NewActivity = Insertable<Tables['activity']>;
/** Who does something. `userId` is null for the local user, the operator and the server; the server has no name either. */
export type Author = { userId: number | null; userName: string | null };

export const SERVER: Author = { userId: null, userName: null };
/** Rows of one statement. */
const CHUNK = 1000;

/** @param tx the transaction that does what they tell of */
export async function insertActivities(tx: Database, rows: readonly NewActivity[]): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tx
      .insertInto('activity')
      .values(rows.slice(from, from + CHUNK))
      .execute();
  }
}

/** What was done to an issue, and what people wrote about it. */
export function createActivityStore(db: Database) {
  const noteOf = (issueId: number, id: number) =>
    db
      .selectFrom('activity')
      .selectAll()
      .where('issueId', '=', issueId)
      .where('type', '=', 'note')
      .where('id', '=', id);

  return {
    /** Newest first. @param before only what is older than the entry of that time and id */
    list: async (
      issueId: number,
      limit: number,
      before?: Pick<Activity, 'dateCreated' | 'id'>,
    ): Promise<Activity[]> => {
      const all = db.selectFrom('activity').selectAll().where('issueId', '=', issueId);
      const older = before
        ? all.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('dateCreated', 'id'), '<', tuple(before.dateCreated, before.id)),
          )
        : all;
      const rows = await older.orderBy('dateCreated', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toActivity);
    },

    /** @returns null when the issue is not there, as one that is deleted meanwhile */
    addNote: async (issueId: number, author: Author, data: NoteData, dateCreated: number): Promise<Activity | null> => {
      const row = await db
        .insertInto('activity')
        .columns(['issueId', 'userId', 'userName', 'type', 'data', 'dateCreated'])
        .expression((eb) =>
          eb
            .selectFrom('issue')
            .select([
              'issue.id',
              eb.val(author.userId).as('userId'),
              eb.val(author.userName).as('userName'),
              eb.val('note').as('type'),
              eb.val(JSON.stringify(data)).as('data'),
              eb.val(dateCreated).as('dateCreated'),
            ])
            .where('issue.id', '=', issueId),
        )
        .returningAll()
        .executeTakeFirst();
      return row ? toActivity(row) : null;
    },

    note: async (issueId: number, id: number): Promise<Activity | null> => {
      const row = await noteOf(issueId, id).executeTakeFirst();
      return row ? toActivity(row) : null;
    },

    /** @returns null when it is not there */
    changeNote: async (issueId: number, id: number, data: NoteData): Promise<Activity | null> => {
      const row = await db
        .updateTable('activity')
        .set({ data: JSON.stringify(data) })
        .where('issueId', '=', issueId)
        .where('type', '=', 'note')
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row ? toActivity(row) : null;
    },

    deleteNote: async (issueId: number, id: number): Promise<void> => {
      await db
        .deleteFrom('activity')
        .where('issueId', '=', issueId)
        .where('type', '=', 'note')
        .where('id', '=', id)
        .execute();
    },
  };
}

/** `text` is Markdown. `dateEdited` is ISO 8601; `editedBy` is there when it was not its author. */
type NoteData = { text: string; dateEdited?: string; editedBy?: { type: string; id: string; name: string } };

function toActivity({ data, ...row }: ActivityRow): Activity {
  const parsed: unknown = JSON.parse(data);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`The data of activity ${row.id} is no object.`);
  return { ...row, data: { ...parsed } };
}

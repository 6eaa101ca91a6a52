import type { Insertable, Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

export type CodeMappingRow = Selectable<Tables['codeMapping']>;
export type NewCodeMapping = Omit<Insertable<Tables['codeMapping']>, 'id' | 'dateCreated'>;
export type CodeMappingStore = ReturnType<typeof createCodeMappingStore>;

/** Where the source of a project's frames is. One project maps a stack root to a source root once. */
export function createCodeMappingStore(db: Database, { now = Date.now }: { now?: () => number } = {}) {
  return {
    /** By project, in the order in which they were made. */
    list: (projectIds: readonly number[]): Promise<CodeMappingRow[]> =>
      db
        .selectFrom('codeMapping')
        .selectAll()
        .where('projectId', 'in', projectIds)
        .orderBy('projectId')
        .orderBy('id')
        .execute(),

    byId: async (projectIds: readonly number[], id: number): Promise<CodeMappingRow | null> =>
      (await db
        .selectFrom('codeMapping')
        .selectAll()
        .where('projectId', 'in', projectIds)
        .where('id', '=', id)
        .executeTakeFirst()) ?? null,

    /** Null: the project has one with these two roots. */
    add: async (mapping: NewCodeMapping): Promise<CodeMappingRow | null> =>
      (await db
        .insertInto('codeMapping')
        .values({ ...mapping, dateCreated: now() })
        .onConflict((conflict) => conflict.columns(['projectId', 'stackRoot', 'sourceRoot']).doNothing())
        .returningAll()
        .executeTakeFirst()) ?? null,

    /** Null: another one of the project has these two roots, or there is none with this id any more. */
    update: (id: number, mapping: NewCodeMapping): Promise<CodeMappingRow | null> =>
      db.transaction().execute(async (tx) => {
        const other = await tx
          .selectFrom('codeMapping')
          .select('id')
          .where('projectId', '=', mapping.projectId)
          .where('stackRoot', '=', mapping.stackRoot)
          .where('sourceRoot', '=', mapping.sourceRoot)
          .where('id', '!=', id)
          .executeTakeFirst();
        if (other) return null;
        const updated = tx.updateTable('codeMapping').set(mapping).where('id', '=', id).returningAll();
        return (await updated.executeTakeFirst()) ?? null;
      }),

    /** Is false when there is none. */
    remove: async (projectIds: readonly number[], id: number): Promise<boolean> => {
      const { numDeletedRows } = await db
        .deleteFrom('codeMapping')
        .where('projectId', 'in', projectIds)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

import { Kysely, SqliteDialect, sql } from 'kysely';
import { expect, it } from 'vitest';
import { openSqlite } from '../../../../server/storage/database.ts';
import { createIssueStore } from '../../../../server/storage/issues.ts';
import type { Tables } from '../../../../server/storage/tables.ts';
import { NOW, seedIssue, temporaryDatabase } from '../../../integration/api/seed.ts';

it('looks into one index alone before a list, and writes where a time is over', async () => {
  const { db: seeded, file, close } = await temporaryDatabase();
  const queries: { sql: string; parameters: readonly unknown[] }[] = [];
  const dialect = new SqliteDialect({ database: openSqlite(file) });
  const db = new Kysely<Tables>({ dialect, log: ({ query }) => void queries.push(query) });
  const store = createIssueStore(db, { now: () => NOW });
  const archive = (id: number, time: number) =>
    seeded
      .updateTable('issue')
      .set({
        status: 'ignored',
        substatus: 'archived_until_condition_met',
        statusDetails: JSON.stringify({ ignoreUntil: new Date(time).toISOString() }),
      })
      .where('id', '=', id)
      .execute();
  try {
    const [over, notYet] = [await seedIssue(seeded), await seedIssue(seeded, { projectId: 1 })];
    await archive(notYet, NOW + 1);
    await store.settle();
    const [{ sql: text, parameters } = { sql: '', parameters: [] }, ...others] = queries.splice(0);
    expect(others).toEqual([]);
    const plan = await db.executeQuery<{ detail: string }>({
      ...sql.raw(`EXPLAIN QUERY PLAN ${text}`).compile(db),
      parameters,
    });
    expect(plan.rows.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING INDEX issueByIgnoreUntil')]);

    await archive(over, NOW);
    await store.settle();
    expect(await seeded.selectFrom('issue').select(['id', 'status']).orderBy('id').execute()).toEqual([
      { id: over, status: 'unresolved' },
      { id: notYet, status: 'ignored' },
    ]);
    expect(await seeded.selectFrom('activity').select(['issueId', 'type', 'dateCreated']).execute()).toEqual([
      { issueId: over, type: 'set_unresolved', dateCreated: NOW },
    ]);
  } finally {
    await db.destroy();
    await close();
  }
});

import { sql } from 'kysely';
import { nodeId } from '../backends/nodestore.ts';
import type { Issue } from '../storage/issues.ts';
import type { Database } from '../storage/tables.ts';
import type { ApiServices } from './services.ts';

/** Rows of one transaction: so few that digest, which writes to the same file, hardly waits. */
const BATCH = 500;
const TAG_BATCH = 5_000;

/**
 * Deletes an issue and all that belongs to it. The hashes go first, so that an event that comes meanwhile makes an issue
 * of its own. May be repeated when it was cut off midway: the issue itself goes last.
 */
export async function deleteIssue(
  { db, nodestore, eventstream }: Pick<ApiServices, 'db' | 'nodestore' | 'eventstream'>,
  issue: Issue,
): Promise<void> {
  await forgetHashes(db, issue);
  for (;;) {
    const events = await db
      .selectFrom('event')
      .select(['id', 'eventId'])
      .where('issueId', '=', issue.id)
      .limit(BATCH)
      .execute();
    if (events.length === 0) break;
    const eventIds = events.map(({ eventId }) => eventId);
    await nodestore.delete(eventIds.map((eventId) => nodeId(issue.projectId, eventId)));
    await db.transaction().execute(async (tx) => {
      for (const table of ['attachment', 'userReport'] as const) {
        await tx.deleteFrom(table).where('projectId', '=', issue.projectId).where('eventId', 'in', eventIds).execute();
      }
      await tx
        .deleteFrom('event')
        .where('issueId', '=', issue.id)
        .where(
          'id',
          'in',
          events.map(({ id }) => id),
        )
        .execute();
    });
  }
  await deleteTags(db, issue.id);
  await eventstream.deleteIssue(issue.id);
  await db.deleteFrom('issue').where('projectId', '=', issue.projectId).where('id', '=', issue.id).execute();
}

async function forgetHashes(db: Database, { id, projectId }: Issue): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const hashes = tx
      .selectFrom('issueHash')
      .select('hash')
      .where('projectId', '=', projectId)
      .where('issueId', '=', id);
    await tx.deleteFrom('aiSuggestion').where('projectId', '=', projectId).where('primaryHash', 'in', hashes).execute();
    await tx.deleteFrom('issueHash').where('projectId', '=', projectId).where('issueId', '=', id).execute();
  });
}

/** An issue may have millions; the foreign key's cascade would take them in one transaction. */
async function deleteTags(db: Database, issueId: number): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from eventTag where (issueId, key, value, eventRowId) in (
        select issueId, key, value, eventRowId from eventTag where issueId = ${issueId} limit ${TAG_BATCH})`.execute(
      db,
    );
    if (numAffectedRows < BigInt(TAG_BATCH)) return;
  }
}

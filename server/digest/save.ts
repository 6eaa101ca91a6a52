/** What one transaction writes of a batch, apart from issues (`save-issues.ts`). */
import type { Insertable } from 'kysely';
import type { Eventstream, StreamedEvent } from '../backends/eventstream.ts';
import { type Nodestore, nodeId } from '../backends/nodestore.ts';
import type { StoredEvent } from '../protocol/event.ts';
import type { Database, Tables } from '../storage/tables.ts';
import type { Prepared, StoredEnvelope } from './prepare.ts';
import { saveIssues } from './save-issues.ts';

export type Saving = { stored: StoredEnvelope; prepared: Prepared };
export type SaveServices = { nodestore: Nodestore; eventstream: Eventstream };
/** What is counted once the transaction holds. */
export type Outcome = { key: string; tags: Record<string, string>; amount: number };

/** Rows of one statement. */
const CHUNK = 500;

/** Saves a batch. @param now Unix ms */
export async function saveBatch(tx: Database, batch: readonly Saving[], services: SaveServices, now: number) {
  const outcomes: Outcome[] = [];
  const projects = await projectsOf(tx, batch);
  // A project that was deleted meanwhile takes what was on its way with it.
  const living = batch.filter(({ stored }) => projects.has(stored.projectId));
  if (living.length < batch.length) {
    outcomes.push({ key: 'digest.dropped', tags: { reason: 'project_deleted' }, amount: batch.length - living.length });
  }

  const known = await knownEvents(tx, living);
  const fresh: StreamedEvent[] = [];
  const resent = new Set<Saving>();
  const events: StoredEvent[] = [];
  for (const saving of living) {
    const { event } = saving.prepared;
    if (!event) continue;
    const id = nodeId(event.project, event.event_id);
    if (known.has(id)) {
      resent.add(saving);
      continue;
    }
    known.add(id);
    events.push(event);
  }
  if (resent.size > 0) outcomes.push({ key: 'events.duplicates', tags: {}, amount: resent.size });

  const issueIds = await saveIssues(tx, events, now);
  for (const event of events) {
    const issueId = issueIds.get(event);
    if (issueId === undefined) throw new Error(`Event ${event.event_id} got no issue.`);
    fresh.push({ event, issueId });
  }
  await services.nodestore.set(
    events.map((event) => ({ id: nodeId(event.project, event.event_id), event })),
    tx,
  );
  await services.eventstream.insert(fresh, tx);
  await saveReleases(tx, events, now);
  await saveFirstEvents(tx, events, projects);

  const extras = living.filter((saving) => !resent.has(saving));
  await saveAttachments(tx, extras);
  await saveUserReports(tx, extras);
  if (events.length > 0) outcomes.push({ key: 'events.digested', tags: {}, amount: events.length });
  for (const { prepared } of extras) outcomes.push(...prepared.dropped.map(toDropped));
  return outcomes;
}

/** Types that are counted by name; others are a stranger's words. */
const KNOWN_TYPES = new Set([
  'event',
  'transaction',
  'session',
  'sessions',
  'feedback',
  'user_report',
  'client_report',
  'replay_event',
  'replay_recording',
  'replay_video',
  'profile',
  'profile_chunk',
  'check_in',
  'log',
  'span',
  'trace_metric',
  'statsd',
  'metric_buckets',
  'raw_security',
  'form_data',
]);

function toDropped(type: string): Outcome {
  return { key: 'digest.items_dropped', tags: { type: KNOWN_TYPES.has(type) ? type : 'other' }, amount: 1 };
}

type Project = { firstEvent: number | null };

async function projectsOf(tx: Database, batch: readonly Saving[]): Promise<Map<number, Project>> {
  const ids = [...new Set(batch.map(({ stored }) => stored.projectId))];
  if (ids.length === 0) return new Map();
  const rows = await tx.selectFrom('project').select(['id', 'firstEvent']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, firstEvent }) => [id, { firstEvent }]));
}

/** Which events of the batch are stored already, as node ids. */
async function knownEvents(tx: Database, batch: readonly Saving[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const [projectId, eventIds] of byProject(batch.filter(({ prepared }) => prepared.event))) {
    const rows = await tx
      .selectFrom('event')
      .select('eventId')
      .where('projectId', '=', projectId)
      .where('eventId', 'in', eventIds)
      .execute();
    for (const { eventId } of rows) known.add(nodeId(projectId, eventId));
  }
  return known;
}

function byProject(batch: readonly Saving[]): Map<number, string[]> {
  const ids = new Map<number, string[]>();
  for (const { stored, prepared } of batch) {
    ids.set(stored.projectId, [...(ids.get(stored.projectId) ?? []), prepared.eventId]);
  }
  return ids;
}

async function saveReleases(tx: Database, events: readonly StoredEvent[], now: number) {
  const releases = new Map<string, Insertable<Tables['release']>>();
  for (const { project, release } of events) {
    if (!release) continue;
    const row = { projectId: Number(project), version: release, commitSha: null, dateCreated: now };
    releases.set(`${project}:${release}`, row);
  }
  if (releases.size === 0) return;
  await tx
    .insertInto('release')
    .values([...releases.values()])
    .onConflict((conflict) => conflict.columns(['projectId', 'version']).doNothing())
    .execute();
}

/** When the first event came, by our clock: what the setup page waits for. */
async function saveFirstEvents(tx: Database, events: readonly StoredEvent[], projects: Map<number, Project>) {
  for (const [id, project] of projects) {
    if (project.firstEvent !== null) continue;
    const first = events.find((event) => Number(event.project) === id);
    if (!first) continue;
    await tx
      .updateTable('project')
      .set({ firstEvent: Math.round(first.received * 1000) })
      .where('id', '=', id)
      .where('firstEvent', 'is', null)
      .execute();
  }
}

/** An envelope with an attachment alone may come twice as well: the same again changes nothing. */
async function saveAttachments(tx: Database, batch: readonly Saving[]) {
  for (const { stored, prepared } of batch) {
    for (const { name, contentType, attachmentType, data } of prepared.attachments) {
      const same = prepared.event
        ? undefined
        : await tx
            .selectFrom('attachment')
            .select('id')
            .where('projectId', '=', stored.projectId)
            .where('eventId', '=', prepared.eventId)
            .where('name', '=', name)
            .where('attachmentType', '=', attachmentType)
            .where('data', '=', data)
            .executeTakeFirst();
      if (same) continue;
      await tx
        .insertInto('attachment')
        .values({
          projectId: stored.projectId,
          eventId: prepared.eventId,
          name,
          contentType,
          attachmentType,
          size: data.byteLength,
          dateCreated: stored.receivedAt,
          data,
        })
        .execute();
    }
  }
}

async function saveUserReports(tx: Database, batch: readonly Saving[]) {
  const rows = batch.flatMap(({ stored, prepared }) =>
    prepared.userReports.map((report) => ({ ...report, projectId: stored.projectId, dateCreated: stored.receivedAt })),
  );
  for (const row of rows) {
    const same = await tx
      .selectFrom('userReport')
      .select('id')
      .where('projectId', '=', row.projectId)
      .where('eventId', '=', row.eventId)
      .where('comments', '=', row.comments)
      .executeTakeFirst();
    if (!same) await tx.insertInto('userReport').values(row).execute();
  }
}

/** Keeps what could not be digested, whole, with its reason. */
export async function saveDeadLetters(
  tx: Database,
  failed: readonly { stored: StoredEnvelope; reason: string }[],
  now: number,
) {
  const rows = failed.map(({ stored, reason }) => ({
    projectId: stored.projectId,
    eventId: stored.eventId,
    receivedAt: stored.receivedAt,
    dateFailed: now,
    reason: reason.slice(0, 1000),
    body: Buffer.from(stored.body),
  }));
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tx
      .insertInto('deadLetter')
      .values(rows.slice(from, from + CHUNK))
      .execute();
  }
}

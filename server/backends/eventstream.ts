import { type Insertable, sql } from 'kysely';
import type { StoredEvent, StoredStacktrace } from '../protocol/event.ts';
import type { Database, Tables } from '../storage/tables.ts';

/** Where saved events go so that search, tagstore and tsdb find them. */
export interface Eventstream {
  /**
   * Adds events of issues that exist; none of them may have been added before.
   *
   * @param tx the transaction that saves them
   */
  insert(events: readonly StreamedEvent[], tx: Database): Promise<void>;
  /** Writes anew what of an event follows from its frames, after they were mapped. Its issue, time, tags and user stay. */
  update(event: StoredEvent, tx: Database): Promise<void>;
  /** Takes all events of an issue out. @returns those that were there, so that the caller can delete their bodies */
  deleteIssue(issueId: number, tx?: Database): Promise<{ projectId: number; eventId: string }[]>;
}
export type StreamedEvent = { event: StoredEvent; issueId: number };

const HOUR_MS = 3_600_000;
/** Rows of one statement: SQLite takes 32,766 parameters. */
const CHUNK = 2000;
const MAX_MESSAGE = 8192;

/** Eventstream over the SQL database: it writes what the SQL search, tagstore and tsdb read. */
export function createSqlEventstream(db: Database): Eventstream {
  return {
    async insert(events, tx) {
      if (events.length === 0) return;
      const rowIds = await insertEvents(events, tx);
      await insertTags(events, rowIds, tx);
      await countHours(events, tx);
      await countUsers(events, tx);
    },

    async update(event, tx) {
      const { title, message, culprit, location, richness } = toRow({ event, issueId: 0 });
      await tx
        .updateTable('event')
        .set({ title, message, culprit, location, richness })
        .where('projectId', '=', Number(event.project))
        .where('eventId', '=', event.event_id)
        .execute();
    },

    async deleteIssue(issueId, tx = db) {
      const events = await tx
        .selectFrom('event')
        .select(['projectId', 'eventId'])
        .where('issueId', '=', issueId)
        .execute();
      for (const table of ['event', 'eventTag', 'issueTag', 'issueStat', 'issueUser'] as const) {
        await tx.deleteFrom(table).where('issueId', '=', issueId).execute();
      }
      return events;
    },
  };
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}

const keyOf = (projectId: number | string, eventId: string) => `${projectId}:${eventId}`;

/** @returns the id of each event's row, by project and event id */
async function insertEvents(events: readonly StreamedEvent[], tx: Database): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const chunk of chunks(events.map(toRow))) {
    const rows = await tx.insertInto('event').values(chunk).returning(['id', 'projectId', 'eventId']).execute();
    for (const row of rows) ids.set(keyOf(row.projectId, row.eventId), row.id);
  }
  return ids;
}

function toRow({ event, issueId }: StreamedEvent): Insertable<Tables['event']> {
  return {
    projectId: Number(event.project),
    eventId: event.event_id,
    issueId,
    timestamp: toMs(event.timestamp),
    receivedAt: toMs(event.received),
    title: event.title,
    message: searchMessage(event),
    culprit: event.culprit,
    location: event.location,
    level: event.level,
    platform: event.platform,
    release: event.release ?? null,
    environment: event.environment ?? null,
    user: event.user ? JSON.stringify(event.user) : null,
    tags: JSON.stringify(event.tags),
    richness: richnessOf(event),
  };
}

export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** What a free-text search reads beside the title: the log message, else the parts of the error, as Sentry puts them. */
export function searchMessage(event: StoredEvent): string | null {
  const { function: name, type, value, filename } = event.metadata;
  const logged = event.logentry?.formatted || event.logentry?.message;
  const text = logged || [name, type, value, filename, event.culprit].filter(Boolean).join(' ');
  return text ? text.slice(0, MAX_MESSAGE).toWellFormed() : null;
}

/** How much an event has to read, by section and by what its frames hold; only compared with others of its issue. */
export function richnessOf(event: StoredEvent): number {
  const stacks = [
    event.stacktrace,
    ...(event.exception?.values ?? []).map(({ stacktrace }) => stacktrace),
    ...(event.threads?.values ?? []).map(({ stacktrace }) => stacktrace),
  ];
  const sections = [event.request, event.user, event.contexts?.['trace'], event.contexts?.['replay'], event.release];
  return (
    stacks.reduce((sum, stack) => sum + stackRichness(stack), 0) +
    sections.filter(Boolean).length * 10 +
    Math.min(event.breadcrumbs?.values.length ?? 0, 20) +
    Math.min(Object.keys(event.extra ?? {}).length, 10)
  );
}

function stackRichness(stack: StoredStacktrace | null | undefined): number {
  let sum = 0;
  for (const frame of stack?.frames ?? []) sum += 1 + (frame.context_line ? 2 : 0) + (frame.vars ? 2 : 0);
  return Math.min(sum, 200) + (stack?.registers ? 2 : 0);
}

/** A tag's value in one issue, with the events of the batch that have it, as their rows' ids. */
type TagValue = [issueId: number, key: string, value: string, first: number, last: number, eventRowIds: number[]];

/**
 * Tags are nearly all the rows of a batch, so they go in as one JSON parameter: a statement with a parameter for each
 * value took twice as long to build, parse and bind.
 */
async function insertTags(events: readonly StreamedEvent[], rowIds: Map<string, number>, tx: Database) {
  const rows = JSON.stringify(tagValues(events, rowIds));
  // `WHERE true` tells SQLite that ON CONFLICT is not a join's ON.
  await sql`INSERT INTO issueTag (issueId, key, value, timesSeen, firstSeen, lastSeen)
    SELECT value ->> 0, value ->> 1, value ->> 2, json_array_length(value, '$[5]'), value ->> 3, value ->> 4
    FROM json_each(${rows}) WHERE true
    ON CONFLICT (issueId, key, value) DO UPDATE SET
      timesSeen = timesSeen + excluded.timesSeen,
      firstSeen = min(firstSeen, excluded.firstSeen),
      lastSeen = max(lastSeen, excluded.lastSeen)`.execute(tx);
  await sql`INSERT INTO eventTag (issueId, key, value, eventRowId)
    SELECT tag.value ->> 0, tag.value ->> 1, tag.value ->> 2, eventRow.value
    FROM json_each(${rows}) AS tag, json_each(tag.value, '$[5]') AS eventRow`.execute(tx);
}

/** Issue by issue, which is how the tables are sorted: the rows of one issue are written side by side. */
function tagValues(events: readonly StreamedEvent[], rowIds: Map<string, number>): TagValue[] {
  const values = new Map<string, TagValue>();
  for (const { event, issueId } of events.toSorted((a, b) => a.issueId - b.issueId)) {
    const eventRowId = rowIds.get(keyOf(event.project, event.event_id));
    if (eventRowId === undefined) throw new Error(`The row of event ${event.event_id} was not inserted.`);
    const at = toMs(event.timestamp);
    for (const [key, value] of event.tags) {
      const id = `${issueId}\0${key}\0${value}`;
      const known = values.get(id);
      if (!known) {
        values.set(id, [issueId, key, value, at, at, [eventRowId]]);
        continue;
      }
      known[3] = Math.min(known[3], at);
      known[4] = Math.max(known[4], at);
      known[5].push(eventRowId);
    }
  }
  return [...values.values()];
}

async function countHours(events: readonly StreamedEvent[], tx: Database) {
  const counts = new Map<string, Tables['issueStat']>();
  for (const { event, issueId } of events) {
    const at = toMs(event.timestamp);
    const hour = at - (at % HOUR_MS);
    const known = counts.get(`${issueId}:${hour}`);
    if (known) known.timesSeen += 1;
    else counts.set(`${issueId}:${hour}`, { issueId, hour, timesSeen: 1 });
  }
  for (const chunk of chunks([...counts.values()])) {
    await tx
      .insertInto('issueStat')
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(['issueId', 'hour'])
          .doUpdateSet((eb) => ({ timesSeen: eb('issueStat.timesSeen', '+', eb.ref('excluded.timesSeen')) })),
      )
      .execute();
  }
}

async function countUsers(events: readonly StreamedEvent[], tx: Database) {
  const users = new Map<string, Tables['issueUser']>();
  for (const { event, issueId } of events) {
    const user = event.tags.find(([key]) => key === 'user')?.[1];
    if (user) users.set(JSON.stringify([issueId, user]), { issueId, user });
  }
  const added = new Map<number, number>();
  for (const chunk of chunks([...users.values()])) {
    const rows = await tx
      .insertInto('issueUser')
      .values(chunk)
      .onConflict((conflict) => conflict.columns(['issueId', 'user']).doNothing())
      .returning('issueId')
      .execute();
    for (const { issueId } of rows) added.set(issueId, (added.get(issueId) ?? 0) + 1);
  }
  await sql`UPDATE issue SET userCount = userCount + (value ->> 1)
    FROM json_each(${JSON.stringify([...added])}) WHERE issue.id = value ->> 0`.execute(tx);
}

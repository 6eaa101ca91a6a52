/** Finds or makes the issue of each event, and brings the issues up to date. */
import { type Insertable, type Selectable, sql } from 'kysely';
import { toMs } from '../backends/eventstream.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { insertActivities } from '../storage/activity.ts';
import type { Database, Tables } from '../storage/tables.ts';
import { isUnhandled } from './derive.ts';
import { statusChanges } from './status-changes.ts';

/** The events of one batch that belong together. `issueId` is null for an issue that this batch makes. */
type Group = { projectId: number; issueId: number | null; events: StoredEvent[]; newHashes: Set<string> };

/** SQLite takes 32,766 parameters, and an event has few hashes. */
const CHUNK = 5000;

/** @param now Unix ms. @returns the issue's id of every event */
export async function saveIssues(
  tx: Database,
  events: readonly StoredEvent[],
  now: number,
): Promise<Map<StoredEvent, number>> {
  const groups = new Set<Group>();
  for (const [projectId, ofProject] of byProject(events)) {
    for (const group of await groupByIssue(tx, projectId, ofProject)) groups.add(group);
  }
  const made = [...groups].filter(({ issueId }) => issueId === null);
  await updateIssues(
    tx,
    [...groups].filter(({ issueId }) => issueId !== null),
    now,
  );
  await insertIssues(tx, made);
  await insertHashes(tx, groups);
  const issueIds = new Map<StoredEvent, number>();
  for (const { issueId, events: ofGroup } of groups) {
    if (issueId !== null) for (const event of ofGroup) issueIds.set(event, issueId);
  }
  return issueIds;
}

function byProject(events: readonly StoredEvent[]): Map<number, StoredEvent[]> {
  const projects = new Map<number, StoredEvent[]>();
  for (const event of events) {
    const id = Number(event.project);
    const known = projects.get(id);
    if (known) known.push(event);
    else projects.set(id, [event]);
  }
  return projects;
}

/**
 * The first of an event's hashes that is known decides, the primary one before the others; all its other hashes then lead
 * to the same issue. A hash that an earlier event of this batch brought is known, too.
 */
async function groupByIssue(tx: Database, projectId: number, events: readonly StoredEvent[]): Promise<Set<Group>> {
  const known = await knownHashes(tx, projectId, [...new Set(events.flatMap(({ hashes }) => hashes))]);
  const byHash = new Map<string, Group>();
  const byIssue = new Map<number, Group>();
  for (const [hash, issueId] of known) {
    const group = byIssue.get(issueId) ?? { projectId, issueId, events: [], newHashes: new Set() };
    byIssue.set(issueId, group);
    byHash.set(hash, group);
  }
  const groups = new Set<Group>();
  for (const event of events) {
    const found = event.hashes.find((hash) => byHash.has(hash));
    const group = (found === undefined ? undefined : byHash.get(found)) ?? {
      projectId,
      issueId: null,
      events: [],
      newHashes: new Set(),
    };
    group.events.push(event);
    groups.add(group);
    for (const hash of event.hashes) {
      if (byHash.has(hash)) continue;
      byHash.set(hash, group);
      group.newHashes.add(hash);
    }
  }
  return groups;
}

async function knownHashes(tx: Database, projectId: number, hashes: string[]): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (let from = 0; from < hashes.length; from += CHUNK) {
    const rows = await tx
      .selectFrom('issueHash')
      .select(['hash', 'issueId'])
      .where('projectId', '=', projectId)
      .where('hash', 'in', hashes.slice(from, from + CHUNK))
      .execute();
    for (const { hash, issueId } of rows) known.set(hash, issueId);
  }
  return known;
}

/** What an issue shows is what its newest event says. */
function newestOf(events: readonly StoredEvent[]): StoredEvent {
  const newest = events.reduce((known, event) => (event.timestamp >= known.timestamp ? event : known));
  return newest;
}

function shownFields(event: StoredEvent) {
  return {
    title: event.title,
    culprit: event.culprit,
    location: event.location,
    type: event.type,
    level: event.level,
    platform: event.platform,
    logger: event.logger ?? null,
    metadata: JSON.stringify(event.metadata),
  };
}

async function insertIssues(tx: Database, groups: readonly Group[]) {
  for (const [projectId, ofProject] of groupsByProject(groups)) {
    const { issueCounter } = await tx
      .updateTable('project')
      .set((eb) => ({ issueCounter: eb('issueCounter', '+', ofProject.length) }))
      .where('id', '=', projectId)
      .returning('issueCounter')
      .executeTakeFirstOrThrow();
    const byNumber = new Map(ofProject.map((group, index) => [issueCounter - ofProject.length + 1 + index, group]));
    const rows = [...byNumber].map(([number, group]) => toIssue(group, number));
    const inserted = await tx.insertInto('issue').values(rows).returning(['id', 'number']).execute();
    for (const { id, number } of inserted) {
      const group = byNumber.get(number);
      if (group) group.issueId = id;
    }
  }
}

function groupsByProject(groups: readonly Group[]): Map<number, Group[]> {
  const projects = new Map<number, Group[]>();
  for (const group of groups) projects.set(group.projectId, [...(projects.get(group.projectId) ?? []), group]);
  return projects;
}

function toIssue({ projectId, events }: Group, number: number): Insertable<Tables['issue']> {
  const newest = newestOf(events);
  const times = events.map((event) => toMs(event.timestamp));
  const releases = events.toSorted((a, b) => a.timestamp - b.timestamp).flatMap(({ release }) => release ?? []);
  return {
    ...shownFields(newest),
    projectId,
    number,
    status: 'unresolved',
    substatus: 'new',
    priority: priorityOf(events[0] ?? newest),
    isUnhandled: events.some(isUnhandled) ? 1 : 0,
    primaryHash: events[0]?.hashes[0] ?? '',
    groupingConfig: newest.grouping_config.id,
    firstSeen: Math.min(...times),
    lastSeen: Math.max(...times),
    timesSeen: events.length,
    firstRelease: releases[0] ?? null,
    lastRelease: releases.at(-1) ?? null,
  };
}

/** Of a new issue, by its first event, so that it does not depend on what else was in the batch. */
function priorityOf(event: StoredEvent): 'high' | 'medium' | 'low' {
  if (event.level === 'fatal' || isUnhandled(event)) return 'high';
  return event.level === 'info' || event.level === 'debug' ? 'low' : 'medium';
}

/** What an event may change of its issue. */
const CHANGED = [
  'title',
  'culprit',
  'location',
  'type',
  'level',
  'platform',
  'logger',
  'metadata',
  'lastRelease',
  'status',
  'substatus',
  'statusDetails',
  'isUnhandled',
  'firstSeen',
  'lastSeen',
  'timesSeen',
] as const satisfies (keyof Tables['issue'])[];
type Changes = Partial<Pick<Selectable<Tables['issue']>, (typeof CHANGED)[number]>>;

/** All issues of a batch as one JSON parameter: a statement for each took as long to build as to run. */
async function updateIssues(tx: Database, groups: readonly Group[], now: number) {
  const ids = groups.flatMap(({ issueId }) => issueId ?? []);
  if (ids.length === 0) return;
  const rows = await tx.selectFrom('issue').selectAll().where('id', 'in', ids).execute();
  const issues = new Map(rows.map((row) => [row.id, row]));
  const known = groups.flatMap(({ issueId, events }) => {
    const issue = issues.get(issueId ?? -1);
    return issue ? { issue, events } : [];
  });
  const { changes, activities } = await statusChanges(tx, known, now);
  const changed = known.map(({ issue, events }) => ({
    ...issue,
    ...changesOf(issue, events),
    ...changes.get(issue.id),
  }));
  const columns = CHANGED.map((column) => sql`${sql.ref(column)} = value ->> ${sql.lit(column)}`);
  await sql`UPDATE issue SET ${sql.join(columns)}
    FROM json_each(${JSON.stringify(changed)}) WHERE issue.id = value ->> 'id'`.execute(tx);
  await insertActivities(tx, activities);
}

function changesOf(issue: Selectable<Tables['issue']>, events: readonly StoredEvent[]): Changes {
  const newest = newestOf(events);
  const times = events.map((event) => toMs(event.timestamp));
  const isNewest = toMs(newest.timestamp) >= issue.lastSeen;
  return {
    ...(isNewest ? shownFields(newest) : {}),
    ...(isNewest && newest.release ? { lastRelease: newest.release } : {}),
    isUnhandled: issue.isUnhandled || events.some(isUnhandled) ? 1 : 0,
    firstSeen: Math.min(issue.firstSeen, ...times),
    lastSeen: Math.max(issue.lastSeen, ...times),
    timesSeen: issue.timesSeen + events.length,
  };
}

async function insertHashes(tx: Database, groups: Iterable<Group>) {
  const rows = [...groups].flatMap(({ projectId, issueId, newHashes }) =>
    issueId === null ? [] : [...newHashes].map((hash) => ({ projectId, hash, issueId })),
  );
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tx
      .insertInto('issueHash')
      .values(rows.slice(from, from + CHUNK))
      .execute();
  }
}

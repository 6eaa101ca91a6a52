/** Resolved issues that come back, and archived ones whose condition is met. */
import { type Selectable, sql } from 'kysely';
import { toMs } from '../backends/eventstream.ts';
import type { StoredEvent } from '../protocol/event.ts';
import { type NewActivity, SERVER } from '../storage/activity.ts';
import { compareReleases } from '../storage/release-order.ts';
import { metCondition, parseDetails, ranOutAt, type StoredDetails } from '../storage/status-details.ts';
import type { Database, Tables } from '../storage/tables.ts';
import { unarchived } from '../storage/triage.ts';

type IssueRow = Selectable<Tables['issue']>;
/** An issue as it was before the batch, and the batch's events of it. */
type Group = { issue: IssueRow; events: readonly StoredEvent[] };
type Waiting = Group & { details: StoredDetails };
type StatusChange = { status: 'unresolved'; substatus: 'regressed' | 'ongoing'; statusDetails: '{}' };

/** An issue that comes back says nothing any more of how it was resolved or archived. */
const REGRESSED: StatusChange = { status: 'unresolved', substatus: 'regressed', statusDetails: '{}' };
const UNARCHIVED: StatusChange = { status: 'unresolved', substatus: 'ongoing', statusDetails: '{}' };

/**
 * What a batch changes of the status of its issues. What is needed to tell is asked once a batch, and only where an issue
 * waits for it.
 *
 * @param now Unix ms
 * @returns changes by the issue's id, and what is told of them
 */
export async function statusChanges(
  tx: Database,
  groups: readonly Group[],
  now: number,
): Promise<{ changes: Map<number, StatusChange>; activities: NewActivity[] }> {
  const waiting = groups.flatMap((group): Waiting[] => {
    const { status, substatus, statusDetails } = group.issue;
    const isSettled = status === 'unresolved' || (status === 'ignored' && substatus === 'archived_forever');
    return isSettled ? [] : [{ ...group, details: parseDetails(statusDetails) }];
  });
  const changes = new Map<number, StatusChange>();
  const activities: NewActivity[] = [];
  if (waiting.length === 0) return { changes, activities };
  const releases = await releasesSeen(tx, waiting);
  const newUsers = await countNewUsers(tx, waiting);
  for (const { issue, events, details } of waiting) {
    if (issue.status === 'resolved') {
      const event = regressingEvent(details, events, releases.get(issue.projectId));
      if (!event) continue;
      changes.set(issue.id, REGRESSED);
      activities.push({ ...regression(event), issueId: issue.id, dateCreated: now });
    } else {
      const seen = {
        timesSeen: issue.timesSeen + events.length,
        userCount: issue.userCount + (newUsers.get(issue.id) ?? 0),
      };
      const met = metCondition(details, seen, now);
      if (!met) continue;
      changes.set(issue.id, UNARCHIVED);
      activities.push({ ...unarchived(met, ranOutAt(details, now) ?? now), issueId: issue.id });
    }
  }
  return { changes, activities };
}

function regression({ release, event_id }: StoredEvent) {
  const data = { ...(release ? { release } : {}), eventID: event_id };
  return { ...SERVER, type: 'set_regression', data: JSON.stringify(data) };
}

/**
 * The first event that says that the fix does not hold: any, or of an issue that was resolved in a release one of a newer
 * one. What had come before somebody resolved it says nothing, though it waited in the spool until now; nor does an event
 * without a release of a fix in one.
 *
 * @param firstSeen Unix milliseconds by release; one that is not in it is new
 */
export function regressingEvent(
  { inRelease, afterRelease, dateSet = 0 }: StoredDetails,
  events: readonly StoredEvent[],
  firstSeen: ReadonlyMap<string, number> = new Map(),
): StoredEvent | undefined {
  const fixedAfter = inRelease ?? afterRelease;
  const seen = (version: string) => ({ version, dateCreated: firstSeen.get(version) ?? Number.POSITIVE_INFINITY });
  return events.find(({ release, received }) => {
    if (toMs(received) < dateSet) return false;
    if (fixedAfter === undefined) return true;
    return release ? compareReleases(seen(release), seen(fixedAfter)) > 0 : false;
  });
}

/** When the releases that matter were first seen, by project. */
async function releasesSeen(tx: Database, waiting: readonly Waiting[]): Promise<Map<number, Map<string, number>>> {
  const projectIds = new Set<number>();
  const versions = new Set<string>();
  for (const { issue, events, details } of waiting) {
    const fixedAfter = details.inRelease ?? details.afterRelease;
    if (fixedAfter === undefined) continue;
    projectIds.add(issue.projectId);
    versions.add(fixedAfter);
    for (const { release } of events) if (release) versions.add(release);
  }
  const seen = new Map<number, Map<string, number>>();
  if (projectIds.size === 0) return seen;
  const rows = await tx
    .selectFrom('release')
    .select(['projectId', 'version', 'dateCreated'])
    .where('projectId', 'in', [...projectIds])
    .where('version', 'in', [...versions])
    .execute();
  for (const { projectId, version, dateCreated } of rows) {
    const ofProject = seen.get(projectId) ?? new Map<string, number>();
    seen.set(projectId, ofProject.set(version, dateCreated));
  }
  return seen;
}

/** Users of the batch that an issue has not had before, where it waits for users. */
async function countNewUsers(tx: Database, waiting: readonly Waiting[]): Promise<Map<number, number>> {
  const pairs = waiting.flatMap(({ issue, events, details }) => {
    if (details.ignoreUserCount === undefined) return [];
    const users = events.flatMap(({ tags }) => tags.find(([key]) => key === 'user')?.[1] ?? []);
    return [...new Set(users)].map((user) => [issue.id, user] as const);
  });
  if (pairs.length === 0) return new Map();
  const { rows } = await sql<{ issueId: number; users: number }>`
    SELECT value ->> 0 AS issueId, count(*) AS users FROM json_each(${JSON.stringify(pairs)})
    WHERE NOT EXISTS (SELECT 1 FROM issueUser WHERE issueId = value ->> 0 AND user = value ->> 1)
    GROUP BY 1`.execute(tx);
  return new Map(rows.map(({ issueId, users }) => [issueId, users]));
}

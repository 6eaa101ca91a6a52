/** What people decide about issues: status, priority, assignee and bookmark. Each change leaves an activity. */
import type { Selectable } from 'kysely';
import type { Actor } from '../protocol/contract.ts';
import { BadRequestError } from '../protocol/errors.ts';
import { type Author, insertActivities, type NewActivity, SERVER } from './activity.ts';
import { newestRelease } from './release-order.ts';
import { parseDetails, ranOutAt, type StoredDetails, shownCondition } from './status-details.ts';
import type { Database, Tables } from './tables.ts';

type IssueRow = Selectable<Tables['issue']>;
type Status = IssueRow['status'];
/** What is asked of the status that comes with it. `inRelease` may be `latest`; `ignoreDuration` is minutes. */
type AskedDetails = {
  inNextRelease?: boolean;
  inRelease?: string;
  ignoreDuration?: number;
  ignoreCount?: number;
  ignoreUserCount?: number;
};
/** What it does not name stays. `assigneeId` null is nobody. */
export type IssueChange = {
  status?: Status;
  statusDetails?: AskedDetails;
  isBookmarked?: boolean;
  priority?: IssueRow['priority'];
  assigneeId?: number | null;
};

/** As a person reads it: who it is, whether or not they are a user of the table. */
export function toActor({ userId, userName }: Author): Actor | null {
  if (userName === null) return null;
  // Users are never deleted, so that who has no id is one of the two who never had one.
  const id = userId === null ? (userName === LOCAL_USER ? 'local' : 'operator') : String(userId);
  return { type: 'user', id, name: userName };
}
/** What the one user of a server without users is called. */
export const LOCAL_USER = 'Local user';

const SUBSTATUS = { unresolved: 'ongoing', resolved: null, ignored: 'archived_forever' } as const;
/** What a change touches of an issue, before and after. */
const COLUMNS = ['status', 'substatus', 'statusDetails', 'isBookmarked', 'priority', 'assigneeId'] as const;
type Triage = Pick<IssueRow, (typeof COLUMNS)[number]>;

/**
 * Changes issues in the caller's transaction, which must have the write lock, so that of two who change at once the second
 * sees what the first did.
 *
 * @param now Unix milliseconds
 * @returns the ids of those that are there
 * @throws {BadRequestError} a detail that does not fit the status, no such release, no active user of that id
 */
export async function changeIssues(
  tx: Database,
  where: { projectIds: readonly number[]; ids: readonly number[] },
  change: IssueChange,
  author: Author,
  now: number,
): Promise<number[]> {
  checkDetails(change);
  const rows = await tx
    .selectFrom('issue')
    .select(['id', 'projectId', 'timesSeen', 'userCount', ...COLUMNS])
    .where('projectId', 'in', [...where.projectIds])
    .where('id', 'in', [...where.ids])
    .execute();
  const releases = await releasesOf(tx, new Set(rows.map(({ projectId }) => projectId)), change);
  const assignees = await assigneesOf(tx, rows, change);
  const activities: NewActivity[] = [];
  for (const row of rows) {
    const { after, told } = changed(row, change, { author, now, release: releases.get(row.projectId), assignees });
    const columns = COLUMNS.filter((column) => after[column] !== row[column]);
    if (columns.length > 0) {
      const set: Partial<Triage> = Object.fromEntries(columns.map((column) => [column, after[column]]));
      await tx.updateTable('issue').set(set).where('id', '=', row.id).execute();
    }
    activities.push(...told.map((activity) => ({ ...activity, issueId: row.id })));
  }
  await insertActivities(tx, activities);
  return rows.map(({ id }) => id);
}

type Told = Omit<NewActivity, 'issueId'>;
type Context = { author: Author; now: number; release: string | undefined; assignees: Map<number, Actor> };

/** What becomes of one issue, and what is told of it. Nothing is told of what was so already. */
function changed(
  row: Triage & Pick<IssueRow, 'timesSeen' | 'userCount'>,
  change: IssueChange,
  { author, now, release, assignees }: Context,
): { after: Triage; told: Told[] } {
  const told: Told[] = [];
  const tell = (type: string, data: object) =>
    told.push({ ...author, type, data: JSON.stringify(data), dateCreated: now });
  const after = settle(row, now, told);

  if (change.status !== undefined) {
    const details = detailsOf(change, { ...row, release }, author, now);
    const condition = conditionOf(details);
    if (after.status !== change.status || conditionOf(parseDetails(after.statusDetails)) !== condition) {
      after.status = change.status;
      // It belongs to the status that it came with: a resolved issue is no longer "regressed".
      after.substatus = isWaiting(details) ? 'archived_until_condition_met' : SUBSTATUS[change.status];
      after.statusDetails = JSON.stringify(details);
      tell(`set_${change.status}`, { statusDetails: shownCondition(details) });
    }
  }
  if (change.priority !== undefined && change.priority !== after.priority) {
    after.priority = change.priority;
    tell('set_priority', { priority: change.priority });
  }
  const { assigneeId } = change;
  if (assigneeId !== undefined && assigneeId !== after.assigneeId) {
    const assignee = assignees.get(assigneeId ?? after.assigneeId ?? -1) ?? null;
    after.assigneeId = assigneeId;
    tell(assigneeId === null ? 'unassigned' : 'assigned', { assignee });
  }
  if (change.isBookmarked !== undefined) after.isBookmarked = change.isBookmarked ? 1 : 0;
  return { after, told };
}

/** An issue that was archived for a time reads as unresolved when that is over; here it is written down, as of then. */
function settle(row: Triage, now: number, told: Told[]): Triage {
  const { status, substatus, statusDetails, isBookmarked, priority, assigneeId } = row;
  const details = parseDetails(statusDetails);
  const ranOut = status === 'ignored' ? ranOutAt(details, now) : null;
  if (ranOut === null) return { status, substatus, statusDetails, isBookmarked, priority, assigneeId };
  told.push(unarchived({ ignoreUntil: details.ignoreUntil }, ranOut));
  return { status: 'unresolved', substatus: 'ongoing', statusDetails: '{}', isBookmarked, priority, assigneeId };
}

/** What the server tells of an archived issue whose condition is met. @param met that condition */
export function unarchived(met: object, dateCreated: number): Told {
  return { ...SERVER, type: 'set_unresolved', data: JSON.stringify({ statusDetails: met }), dateCreated };
}

/** @throws {BadRequestError} */
function checkDetails({ status, statusDetails = {} }: IssueChange): void {
  const { inNextRelease, inRelease, ...ignore } = statusDetails;
  const [ofIgnored] = Object.entries(ignore).flatMap(([name, value]) => (value === undefined ? [] : name));
  const ofResolved = inRelease !== undefined ? 'inRelease' : inNextRelease ? 'inNextRelease' : undefined;
  if (ofIgnored && status !== 'ignored') {
    throw new BadRequestError(`statusDetails: ${ofIgnored} belongs to the status "ignored". Send that status with it.`);
  }
  if (ofResolved && status !== 'resolved') {
    throw new BadRequestError(
      `statusDetails: ${ofResolved} belongs to the status "resolved". Send that status with it.`,
    );
  }
  if (inRelease !== undefined && inNextRelease) {
    throw new BadRequestError('statusDetails: name inRelease or inNextRelease, not both.');
  }
}

/** What a resolution means in each project. @throws {BadRequestError} a project has no such release */
async function releasesOf(
  tx: Database,
  projectIds: ReadonlySet<number>,
  { statusDetails: { inNextRelease, inRelease } = {} }: IssueChange,
): Promise<Map<number, string>> {
  const releases = new Map<number, string>();
  if (!inNextRelease && inRelease === undefined) return releases;
  for (const projectId of projectIds) {
    const version =
      inRelease === undefined || inRelease === 'latest'
        ? await newestRelease(tx, projectId)
        : await knownRelease(tx, projectId, inRelease);
    if (version !== null) releases.set(projectId, version);
    else throw new BadRequestError(await noRelease(tx, projectId, inRelease));
  }
  return releases;
}

async function knownRelease(tx: Database, projectId: number, version: string): Promise<string | null> {
  const found = await tx
    .selectFrom('release')
    .select('version')
    .where('projectId', '=', projectId)
    .where('version', '=', version)
    .executeTakeFirst();
  return found?.version ?? null;
}

async function noRelease(tx: Database, projectId: number, inRelease: string | undefined): Promise<string> {
  const project = await tx.selectFrom('project').select('slug').where('id', '=', projectId).executeTakeFirst();
  const slug = project?.slug ?? '';
  if (inRelease !== undefined && inRelease !== 'latest') {
    return `The project "${slug}" has no release "${inRelease.slice(0, 200)}". Write it as the SDK sends it, or "latest".`;
  }
  return `The project "${slug}" has no release yet, so that it is not known what comes after it. Set a release in the SDK, or resolve the issue without one.`;
}

/** @throws {BadRequestError} the new one is no active user */
async function assigneesOf(
  tx: Database,
  rows: readonly Pick<IssueRow, 'assigneeId'>[],
  { assigneeId }: IssueChange,
): Promise<Map<number, Actor>> {
  if (assigneeId === undefined) return new Map();
  const ids = [...new Set([assigneeId, ...rows.map((row) => row.assigneeId)])].filter((id) => id !== null);
  const users = ids.length === 0 ? [] : await tx.selectFrom('user').selectAll().where('id', 'in', ids).execute();
  if (assigneeId !== null && !users.some(({ id, isActive }) => id === assigneeId && isActive === 1)) {
    throw new BadRequestError(`assignedTo: there is no active user ${assigneeId}.`);
  }
  return new Map(users.map(({ id, name, username }) => [id, { type: 'user', id: String(id), name: name || username }]));
}

type Seen = { timesSeen: number; userCount: number; release: string | undefined };

function detailsOf(
  { status, statusDetails: asked = {} }: IssueChange,
  { timesSeen, userCount, release }: Seen,
  author: Author,
  now: number,
): StoredDetails {
  if (status === 'unresolved') return {};
  const actor = toActor(author);
  const { ignoreDuration, ignoreCount, ignoreUserCount } = asked;
  return {
    ...(asked.inRelease !== undefined && { inRelease: release }),
    ...(asked.inNextRelease && { inNextRelease: true, afterRelease: release }),
    ...(ignoreDuration !== undefined && { ignoreUntil: new Date(now + ignoreDuration * 60_000).toISOString() }),
    ...(ignoreCount !== undefined && { ignoreCount, timesSeen }),
    ...(ignoreUserCount !== undefined && { ignoreUserCount, userCount }),
    ...(actor && { actor: { type: 'user', id: actor.id, name: actor.name } }),
    dateSet: now,
  };
}

/** To compare: with its counts, as to wait for ten more events once more is to wait anew; without who set it. */
function conditionOf({ actor: _, dateSet: __, ...condition }: StoredDetails): string {
  return JSON.stringify(Object.entries(condition).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isWaiting({ ignoreUntil, ignoreCount, ignoreUserCount }: StoredDetails): boolean {
  return ignoreUntil !== undefined || ignoreCount !== undefined || ignoreUserCount !== undefined;
}

import type { ApiTokenRow, Member } from '../auth/auth.ts';
import type { TagKey, TagValue } from '../backends/tagstore.ts';
import type * as contract from '../protocol/contract.ts';
import { formatDsn } from '../protocol/dsn.ts';
import type { Activity } from '../storage/activity.ts';
import type { Attachment } from '../storage/attachments.ts';
import type { EventRow } from '../storage/events.ts';
import type { Issue } from '../storage/issues.ts';
import type { Project, ProjectKey } from '../storage/projects.ts';
import { shownCondition } from '../storage/status-details.ts';
import { toActor } from '../storage/triage.ts';
import { isNode } from './event-keys.ts';
import { ORGANIZATION } from './scope.ts';

const iso = (time: number) => new Date(time).toISOString();

export function toOrganization() {
  return { id: '1', slug: ORGANIZATION, name: 'Stackmend', status: { id: 'active', name: 'active' } };
}

export function toProject(project: Project): contract.Project {
  return {
    id: String(project.id),
    slug: project.slug,
    name: project.name,
    platform: project.platform,
    dateCreated: iso(project.dateCreated),
    firstEvent: project.firstEvent === null ? null : iso(project.firstEvent),
    isInternal: project.isInternal,
    organization: toOrganization(),
  };
}

/** @param url where clients reach this server */
export function toProjectKey(key: ProjectKey, url: string): contract.ProjectKey {
  const dsn = formatDsn({ url, publicKey: key.publicKey, projectId: key.projectId });
  return {
    id: key.publicKey,
    name: key.label,
    label: key.label,
    public: key.publicKey,
    projectId: key.projectId,
    isActive: key.isActive,
    dsn: { public: dsn },
    dateCreated: iso(key.dateCreated),
  };
}

/** `count`: events in the period that was asked for, or ever. */
export type IssueExtra = { url: string; count?: number | undefined; stats?: contract.Issue['stats'] };

export function toIssue(issue: Issue, { url, count, stats }: IssueExtra): contract.Issue {
  const firstSeen = iso(issue.firstSeen);
  const lastSeen = iso(issue.lastSeen);
  const { actor } = issue.statusDetails;
  return {
    id: String(issue.id),
    shortId: issue.shortId,
    title: issue.title,
    culprit: issue.culprit,
    permalink: `${url}/issues/${issue.id}/`,
    logger: issue.logger,
    level: toLevel(issue.level),
    status: issue.status,
    statusDetails: { ...shownCondition(issue.statusDetails), ...soFar(issue), ...(actor && { actor }) },
    substatus: issue.substatus,
    priority: issue.priority,
    assignedTo: issue.assignee,
    isBookmarked: issue.isBookmarked,
    isUnhandled: issue.isUnhandled,
    project: { ...issue.project, id: String(issue.project.id) },
    platform: issue.platform,
    type: issue.type,
    metadata: issue.metadata,
    count: String(count ?? issue.timesSeen),
    userCount: issue.userCount,
    firstSeen,
    lastSeen,
    lifetime: { count: String(issue.timesSeen), userCount: issue.userCount, firstSeen, lastSeen },
    ...(stats ? { stats } : {}),
    firstRelease: issue.firstRelease === null ? null : { version: issue.firstRelease },
    lastRelease: issue.lastRelease === null ? null : { version: issue.lastRelease },
  };
}

/** Of what an archived issue waits for, what came already. */
function soFar({ statusDetails, timesSeen, userCount }: Issue): contract.StatusDetails {
  const { ignoreCount, ignoreUserCount, timesSeen: timesSeenThen = 0, userCount: userCountThen = 0 } = statusDetails;
  return {
    ...(ignoreCount !== undefined && { ignoreCountSoFar: timesSeen - timesSeenThen }),
    ...(ignoreUserCount !== undefined && { ignoreUserCountSoFar: userCount - userCountThen }),
  };
}

export function toActivity(activity: Activity): contract.Activity {
  return {
    id: String(activity.id),
    type: activity.type,
    user: toActor(activity),
    dateCreated: iso(activity.dateCreated),
    data: activity.data,
  };
}

/** What the activity of every issue ends with. Sentry's id of it is 0, too: no row has it. */
export function toFirstSeen({ firstSeen, firstRelease }: Issue): contract.Activity {
  const data = firstRelease === null ? {} : { release: firstRelease };
  return { id: '0', type: 'first_seen', user: null, dateCreated: iso(firstSeen), data };
}

function toLevel(level: string): contract.Level {
  return level === 'fatal' || level === 'warning' || level === 'info' || level === 'debug' ? level : 'error';
}

export function toEventRow(row: EventRow): contract.EventRow {
  const user: unknown = row.user === null ? null : JSON.parse(row.user);
  return {
    id: row.eventId,
    eventID: row.eventId,
    groupID: String(row.issueId),
    projectID: String(row.projectId),
    title: row.title,
    message: row.message,
    platform: row.platform,
    dateCreated: iso(row.timestamp),
    dateReceived: iso(row.receivedAt),
    location: row.location,
    culprit: row.culprit,
    level: row.level,
    tags: toPairs(JSON.parse(row.tags)),
    user: isNode(user) ? user : null,
  };
}

function toPairs(tags: unknown): { key: string; value: string }[] {
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((pair) => (Array.isArray(pair) ? [{ key: String(pair[0]), value: String(pair[1]) }] : []));
}

/** Names of tags that people read; others are named as they are. */
const TAG_NAMES: Record<string, string> = {
  environment: 'Environment',
  level: 'Level',
  release: 'Release',
  server_name: 'Server Name',
  transaction: 'Transaction',
  url: 'URL',
  user: 'User',
};

export function toIssueTag(tag: TagKey): contract.IssueTag {
  return {
    key: tag.key,
    name: Object.hasOwn(TAG_NAMES, tag.key) ? (TAG_NAMES[tag.key] ?? tag.key) : tag.key,
    totalValues: tag.totalValues,
    uniqueValues: tag.uniqueValues,
    topValues: tag.topValues.map((value) => toTagValue(tag.key, value)),
  };
}

export function toTagValue(key: string, { value, timesSeen, firstSeen, lastSeen }: TagValue) {
  return { key, name: value, value, count: timesSeen, firstSeen: iso(firstSeen), lastSeen: iso(lastSeen) };
}

export function toAttachment(attachment: Attachment): contract.Attachment {
  return {
    id: String(attachment.id),
    event_id: attachment.eventId,
    type: attachment.attachmentType,
    name: attachment.name,
    mimetype: attachment.contentType,
    headers: { 'Content-Type': attachment.contentType },
    size: attachment.size,
    dateCreated: iso(attachment.dateCreated),
  };
}

export function toMember(user: Member): contract.User {
  return {
    id: String(user.id),
    username: user.username,
    name: user.name,
    email: user.email,
    isActive: user.isActive,
    dateJoined: iso(user.dateCreated),
    lastLogin: user.lastLogin === null ? null : iso(user.lastLogin),
    permissions: user.permissions,
  };
}

/** Without the token itself, which only the answer to its making has. */
export function toApiToken(row: ApiTokenRow): contract.ApiToken {
  return {
    id: String(row.id),
    name: row.name,
    scopes: row.scopes,
    tokenLastCharacters: row.lastCharacters,
    dateCreated: iso(row.dateCreated),
    dateLastUsed: row.lastUsed === null ? null : iso(row.lastUsed),
  };
}

import { type Selectable, sql } from 'kysely';
import type { Actor } from '../protocol/contract.ts';
import { type Author, SERVER } from './activity.ts';
import { parseDetails, ranOutAt, type StoredDetails } from './status-details.ts';
import type { Database, Tables } from './tables.ts';
import { changeIssues, type IssueChange } from './triage.ts';

type IssueRow = Selectable<Tables['issue']>;
/** Times are Unix milliseconds. `shortId` is for people: CHECKOUT-12. */
export type Issue = Omit<IssueRow, 'metadata' | 'isBookmarked' | 'isUnhandled' | 'statusDetails'> & {
  shortId: string;
  metadata: Record<string, unknown>;
  statusDetails: StoredDetails;
  /** Set: it was archived until then, and reads as unresolved since; no row says so before something happens to it. */
  ranOutAt: number | null;
  isBookmarked: boolean;
  isUnhandled: boolean;
  assignee: Actor | null;
  project: { id: number; slug: string; name: string; platform: string | null };
};

/** Issues of one transaction, which digest waits for. */
const SETTLED_AT_ONCE = 500;

/** Crockford's digits, as Sentry uses them: no I, L, O or U to misread. */
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `formatShortId('check-out', 33)` is `CHECK-OUT-11`. */
export function formatShortId(slug: string, number: number): string {
  let digits = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / 32)) digits = BASE_32.charAt(rest % 32) + digits;
  return `${slug.toUpperCase()}-${digits || '0'}`;
}

/** The project's slug and the issue's number in it; null when the text is no short id. */
export function parseShortId(shortId: string): { slug: string; number: number } | null {
  const dash = shortId.lastIndexOf('-');
  const digits = shortId.slice(dash + 1).toUpperCase();
  if (dash < 1 || digits.length === 0 || digits.length > 9) return null;
  let number = 0;
  for (const digit of digits) {
    const value = BASE_32.indexOf(digit);
    if (value < 0) return null;
    number = number * 32 + value;
  }
  return { slug: shortId.slice(0, dash).toLowerCase(), number };
}

/**
 * Issues. Every look-up names the projects that the caller may see; an id outside of them is not there. One that was
 * archived for a time which is over reads as unresolved.
 */
export function createIssueStore(db: Database, { now = Date.now }: { now?: () => number } = {}) {
  const toIssueNow = (row: JoinedRow) => toIssue(row, now());
  const selectIssues = (projectIds: readonly number[]) =>
    db
      .selectFrom('issue')
      .innerJoin('project', 'project.id', 'issue.projectId')
      .selectAll('issue')
      .leftJoin('user', 'user.id', 'issue.assigneeId')
      .select(['project.slug as projectSlug', 'project.name as projectName', 'project.platform as projectPlatform'])
      .select(['user.username as assigneeUsername', 'user.name as assigneeName', 'user.email as assigneeEmail'])
      .where('issue.projectId', 'in', [...projectIds]);

  return {
    byId: async (projectIds: readonly number[], id: number): Promise<Issue | null> => {
      const row = await selectIssues(projectIds).where('issue.id', '=', id).executeTakeFirst();
      return row ? toIssueNow(row) : null;
    },

    byShortId: async (projectIds: readonly number[], shortId: string): Promise<Issue | null> => {
      const parsed = parseShortId(shortId);
      if (!parsed) return null;
      const row = await selectIssues(projectIds)
        .where('project.slug', '=', parsed.slug)
        .where('issue.number', '=', parsed.number)
        .executeTakeFirst();
      return row ? toIssueNow(row) : null;
    },

    /** In the order of `ids`; what is not there is left out. */
    byIds: async (projectIds: readonly number[], ids: readonly number[]): Promise<Issue[]> => {
      if (ids.length === 0) return [];
      const rows = await selectIssues(projectIds)
        .where('issue.id', 'in', [...ids])
        .execute();
      const issues = new Map(rows.map((row) => [row.id, toIssueNow(row)]));
      return ids.flatMap((id) => issues.get(id) ?? []);
    },

    /**
     * Writes down which issues were archived for a time that is over, so that a search finds them as what they are.
     * Nearly always that is none, which one look into an index tells.
     */
    settle: async (): Promise<void> => {
      const { rows } = await sql<{ id: number; projectId: number }>`
        select id, projectId from issue where status = 'ignored' and substatus = 'archived_until_condition_met'
        and statusDetails ->> 'ignoreUntil' <= ${new Date(now()).toISOString()} limit ${SETTLED_AT_ONCE}`.execute(db);
      if (rows.length === 0) return;
      const where = { ids: rows.map(({ id }) => id), projectIds: rows.map(({ projectId }) => projectId) };
      await db.transaction().execute((tx) => changeIssues(tx, where, {}, SERVER, now()));
    },

    /**
     * Changes those of `ids` that are in these projects, all of them or, when it throws, none.
     *
     * @returns the ids of those that are there
     * @throws {BadRequestError} a detail that does not fit the status, no such release, no active user of that id
     */
    update: (
      projectIds: readonly number[],
      ids: readonly number[],
      change: IssueChange,
      author: Author,
    ): Promise<number[]> =>
      db.transaction().execute((tx) => changeIssues(tx, { projectIds, ids }, change, author, now())),
  };
}

type JoinedRow = IssueRow & {
  projectSlug: string;
  projectName: string;
  projectPlatform: string | null;
  assigneeUsername: string | null;
  assigneeName: string | null;
  assigneeEmail: string | null;
};

function toIssue(joined: JoinedRow, now: number): Issue {
  const { projectSlug, projectName, projectPlatform, assigneeUsername, assigneeName, assigneeEmail, ...row } = joined;
  const statusDetails = parseDetails(row.statusDetails);
  const ranOut = row.status === 'ignored' ? ranOutAt(statusDetails, now) : null;
  return {
    ...row,
    ...(ranOut === null ? {} : { status: 'unresolved', substatus: 'ongoing' }),
    statusDetails: ranOut === null ? statusDetails : {},
    ranOutAt: ranOut,
    assignee:
      row.assigneeId === null || assigneeUsername === null
        ? null
        : { type: 'user', id: String(row.assigneeId), name: assigneeName || assigneeUsername, email: assigneeEmail },
    shortId: formatShortId(projectSlug, row.number),
    metadata: JSON.parse(row.metadata),
    isBookmarked: row.isBookmarked === 1,
    isUnhandled: row.isUnhandled === 1,
    project: { id: row.projectId, slug: projectSlug, name: projectName, platform: projectPlatform },
  };
}

import type { Selectable } from 'kysely';
import type { Database, Tables } from './tables.ts';

type IssueRow = Selectable<Tables['issue']>;
/** Times are Unix milliseconds. `shortId` is for people: CHECKOUT-12. */
export type Issue = Omit<IssueRow, 'metadata' | 'isBookmarked' | 'isUnhandled'> & {
  shortId: string;
  metadata: Record<string, unknown>;
  isBookmarked: boolean;
  isUnhandled: boolean;
  project: { id: number; slug: string; name: string; platform: string | null };
};
export type IssueChange = { status?: IssueRow['status']; isBookmarked?: boolean };

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

/** Issues. Every look-up names the projects that the caller may see; an id outside of them is not there. */
export function createIssueStore(db: Database) {
  const selectIssues = (projectIds: readonly number[]) =>
    db
      .selectFrom('issue')
      .innerJoin('project', 'project.id', 'issue.projectId')
      .selectAll('issue')
      .select(['project.slug as projectSlug', 'project.name as projectName', 'project.platform as projectPlatform'])
      .where('issue.projectId', 'in', [...projectIds]);

  return {
    byId: async (projectIds: readonly number[], id: number): Promise<Issue | null> => {
      const row = await selectIssues(projectIds).where('issue.id', '=', id).executeTakeFirst();
      return row ? toIssue(row) : null;
    },

    byShortId: async (projectIds: readonly number[], shortId: string): Promise<Issue | null> => {
      const parsed = parseShortId(shortId);
      if (!parsed) return null;
      const row = await selectIssues(projectIds)
        .where('project.slug', '=', parsed.slug)
        .where('issue.number', '=', parsed.number)
        .executeTakeFirst();
      return row ? toIssue(row) : null;
    },

    /** In the order of `ids`; what is not there is left out. */
    byIds: async (projectIds: readonly number[], ids: readonly number[]): Promise<Issue[]> => {
      if (ids.length === 0) return [];
      const rows = await selectIssues(projectIds)
        .where('issue.id', 'in', [...ids])
        .execute();
      const issues = new Map(rows.map((row) => [row.id, toIssue(row)]));
      return ids.flatMap((id) => issues.get(id) ?? []);
    },

    /** What `change` does not name stays. @returns the ids that were changed */
    update: async (projectIds: readonly number[], ids: readonly number[], change: IssueChange): Promise<number[]> => {
      const { status, isBookmarked } = change;
      if (ids.length === 0 || (status === undefined && isBookmarked === undefined)) return [];
      const rows = await db
        .updateTable('issue')
        .set({
          // The substatus belongs to the status that it came with: a resolved issue is no longer "regressed".
          ...(status === undefined ? {} : { status, substatus: SUBSTATUS[status] }),
          ...(isBookmarked === undefined ? {} : { isBookmarked: isBookmarked ? 1 : 0 }),
        })
        .where('projectId', 'in', [...projectIds])
        .where('id', 'in', [...ids])
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

const SUBSTATUS = { unresolved: 'ongoing', resolved: null, ignored: 'archived_forever' } as const;

type JoinedRow = IssueRow & { projectSlug: string; projectName: string; projectPlatform: string | null };

function toIssue({ projectSlug, projectName, projectPlatform, ...row }: JoinedRow): Issue {
  return {
    ...row,
    shortId: formatShortId(projectSlug, row.number),
    metadata: JSON.parse(row.metadata),
    isBookmarked: row.isBookmarked === 1,
    isUnhandled: row.isUnhandled === 1,
    project: { id: row.projectId, slug: projectSlug, name: projectName, platform: projectPlatform },
  };
}

import { type Selectable, sql } from 'kysely';
import type { Database, Tables } from './tables.ts';

export type Release = Selectable<Tables['release']>;
export type Deploy = Selectable<Tables['deploy']>;
/** What is not named stays. Times are Unix ms; `commitSha` is lower-case hex. */
export type ReleaseChange = { commitSha?: string; dateReleased?: number; url?: string };
/** A version over its projects: commit, address and date of release are those of the newest that has any. */
export type VersionOverview = Omit<Release, 'projectId'> & { projectIds: number[] };

/** Releases of projects. Digest makes them as events name them; tools make them, and say their commits. */
export function createReleaseStore(db: Database) {
  const ofVersion = (projectIds: readonly number[], version: string) =>
    db.selectFrom('release').selectAll().where('projectId', 'in', projectIds).where('version', '=', version);

  return {
    /** Newest first. */
    list: async (projectId: number, limit = 100): Promise<Release[]> =>
      db
        .selectFrom('release')
        .selectAll()
        .where('projectId', '=', projectId)
        .orderBy('dateCreated', 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .execute(),

    /** First seen from `start` up to `end`, oldest first; the newest `limit` of them. */
    firstSeenIn: async (projectId: number, start: number, end: number, limit: number): Promise<Release[]> => {
      const newest = await db
        .selectFrom('release')
        .selectAll()
        .where('projectId', '=', projectId)
        .where('dateCreated', '>=', start)
        .where('dateCreated', '<', end)
        .orderBy('dateCreated', 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .execute();
      return newest.reverse();
    },

    byVersion: async (
      projectId: number,
      version: string,
    ): Promise<Pick<Release, 'projectId' | 'version' | 'commitSha' | 'dateCreated'> | null> =>
      (await ofVersion([projectId], version).executeTakeFirst()) ?? null,

    /** Versions of any of the projects, newest first. */
    versions: async (projectIds: readonly number[], limit: number, offset = 0): Promise<VersionOverview[]> => {
      const page = await db
        .selectFrom('release')
        .select('version')
        .where('projectId', 'in', projectIds)
        .groupBy('version')
        .orderBy((eb) => eb.fn.max('dateCreated'), 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      if (page.length === 0) return [];
      const asked = page.map(({ version }) => version);
      const rows = await db
        .selectFrom('release')
        .selectAll()
        .where('projectId', 'in', projectIds)
        .where('version', 'in', asked)
        .execute();
      const byVersion = Map.groupBy(rows, ({ version }) => version);
      return asked.flatMap((version) => toOverview(byVersion.get(version) ?? []) ?? []);
    },

    version: async (projectIds: readonly number[], version: string): Promise<VersionOverview | null> =>
      toOverview(await ofVersion(projectIds, version).execute()),

    /** Those of the projects that have the release. */
    projectsOf: async (projectIds: readonly number[], version: string): Promise<number[]> =>
      (await ofVersion(projectIds, version).orderBy('projectId').execute()).map(({ projectId }) => projectId),

    /** Makes the release in each project that has none of it, and changes it in all of them. @returns was any made? */
    put: (projectIds: readonly number[], version: string, change: ReleaseChange, now: number): Promise<boolean> =>
      db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('release')
          .values(projectIds.map((projectId) => ({ projectId, version, commitSha: null, dateCreated: now })))
          .onConflict((conflict) => conflict.columns(['projectId', 'version']).doNothing())
          .returning('projectId')
          .execute();
        if (Object.keys(change).length > 0) {
          await tx
            .updateTable('release')
            .set(change)
            .where('projectId', 'in', projectIds)
            .where('version', '=', version)
            .execute();
        }
        return added.length > 0;
      }),

    /** The newest release made before this one whose commit is known. */
    previousWithCommit: async (projectIds: readonly number[], version: string): Promise<VersionOverview | null> => {
      const row = await db
        .selectFrom('release')
        .selectAll()
        .where('projectId', 'in', projectIds)
        .where('commitSha', 'is not', null)
        .where('version', '!=', version)
        .where(
          'dateCreated',
          '<=',
          sql<number>`coalesce((select min("dateCreated") from "release" where "version" = ${version} and "projectId" in (${sql.join(projectIds)})), 9e15)`,
        )
        .orderBy('dateCreated', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? toOverview([row]) : null;
    },

    /** Issues whose first event was of the release; by version. */
    newIssues: async (projectIds: readonly number[], versions: readonly string[]): Promise<Map<string, number>> => {
      if (versions.length === 0) return new Map();
      const rows = await db
        .selectFrom('issue')
        .select(['firstRelease', (eb) => eb.fn.countAll<number>().as('issues')])
        .where('projectId', 'in', projectIds)
        .where('firstRelease', 'in', versions)
        .groupBy('firstRelease')
        .execute();
      return new Map(rows.map(({ firstRelease, issues }) => [firstRelease ?? '', issues]));
    },

    /** Events keep naming it, and one that comes makes it anew. */
    remove: (projectIds: readonly number[], version: string): Promise<void> =>
      db.transaction().execute(async (tx) => {
        await tx.deleteFrom('release').where('projectId', 'in', projectIds).where('version', '=', version).execute();
        const left = await tx.selectFrom('release').select('version').where('version', '=', version).executeTakeFirst();
        if (!left) await tx.deleteFrom('deploy').where('version', '=', version).execute();
      }),

    addDeploy: async (deploy: Omit<Deploy, 'id'>): Promise<Deploy> =>
      db.insertInto('deploy').values(deploy).returningAll().executeTakeFirstOrThrow(),

    /** Newest first, a hundred at most. */
    deploys: async (version: string): Promise<Deploy[]> =>
      db.selectFrom('deploy').selectAll().where('version', '=', version).orderBy('id', 'desc').limit(100).execute(),
  };
}
export type ReleaseStore = ReturnType<typeof createReleaseStore>;

function toOverview(rows: readonly Release[]): VersionOverview | null {
  const [first, ...others] = [...rows].sort((a, b) => b.dateCreated - a.dateCreated || a.projectId - b.projectId);
  if (!first) return null;
  const newest = [first, ...others];
  return {
    version: first.version,
    commitSha: newest.find(({ commitSha }) => commitSha)?.commitSha ?? null,
    dateCreated: Math.min(...newest.map(({ dateCreated }) => dateCreated)),
    dateReleased: newest.find(({ dateReleased }) => dateReleased)?.dateReleased ?? null,
    url: newest.find(({ url }) => url)?.url ?? null,
    projectIds: newest.map(({ projectId }) => projectId).sort((a, b) => a - b),
  };
}

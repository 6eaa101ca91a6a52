import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { sql } from 'kysely';
import type { ArtifactFileRow } from './artifact-lookup.ts';
import type { Database, Tables } from './tables.ts';

/** A bundle with every release and dist that it was uploaded for; figures of the newest upload. */
export type ListedBundle = {
  bundleId: string;
  associations: { release: string | null; dist: string | null }[];
  /** Unix ms. */
  dateCreated: number;
  fileCount: number;
  /** Bytes, unpacked. */
  size: number;
};
export type ListedFile = Omit<ArtifactFileRow, 'projectId'>;

/** For people: which uploads a project has, and what is in them. Only complete ones. */
export function createBundleList(db: Database) {
  const complete = (projectId: number) =>
    db.selectFrom('artifactBundle').where('projectId', '=', projectId).where('isComplete', '=', 1);

  async function withAssociations(projectId: number, bundleIds: readonly string[]): Promise<ListedBundle[]> {
    if (bundleIds.length === 0) return [];
    const rows = await complete(projectId)
      .selectAll()
      .where('bundleId', 'in', bundleIds)
      .orderBy('id', 'desc')
      .execute();
    const byId = Map.groupBy(rows, ({ bundleId }) => bundleId);
    return bundleIds.flatMap((bundleId) => {
      const uploads = byId.get(bundleId) ?? [];
      const newest = uploads[0];
      if (!newest) return [];
      const { dateCreated, fileCount, size } = newest;
      const associations = uploads.map(({ release, dist }) => ({ release, dist }));
      return [{ bundleId, associations, dateCreated, fileCount, size }];
    });
  }

  const filesOf = (projectIds: readonly number[]) =>
    db
      .selectFrom('artifactBundle')
      .where('projectId', 'in', projectIds)
      .where('isComplete', '=', 1)
      .innerJoin('artifactFile', 'artifactFile.bundle', 'artifactBundle.id')
      .innerJoin('artifactBlob', 'artifactBlob.checksum', 'artifactFile.checksum')
      .select([
        'artifactFile.bundle',
        'artifactBundle.bundleId',
        'artifactBundle.release',
        'artifactBundle.dist',
        'artifactBundle.dateCreated',
        'artifactFile.url',
        'artifactFile.type',
        'artifactFile.debugId',
        'artifactFile.sourceMapUrl',
        'artifactFile.checksum',
        'artifactBlob.size',
      ]);

  return {
    /**
     * Newest upload first.
     *
     * @param options.query text in the release, dist, bundle id, a debug id or an address of a file; without regard to case
     */
    bundles: async (
      projectId: number,
      options: { query?: string; limit: number; offset?: number },
    ): Promise<ListedBundle[]> => {
      const { query = '', limit, offset = 0 } = options;
      const rows = await complete(projectId)
        .select('bundleId')
        .where((eb) => (query === '' ? eb.lit(true) : matches(eb, query)))
        .groupBy('bundleId')
        .orderBy((eb) => eb.fn.max('id'), 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return withAssociations(
        projectId,
        rows.map(({ bundleId }) => bundleId),
      );
    },

    bundle: async (projectId: number, bundleId: string): Promise<ListedBundle | null> =>
      (await withAssociations(projectId, [bundleId]))[0] ?? null,

    /** Of its newest upload: they are the same in each. */
    bundleFiles: async (
      projectId: number,
      bundleId: string,
      options: { limit: number; offset?: number },
    ): Promise<ListedFile[]> =>
      filesOf([projectId])
        .where('artifactBundle.id', '=', (eb) =>
          eb
            .selectFrom('artifactBundle')
            .select((max) => max.fn.max('id').as('id'))
            .where('projectId', '=', projectId)
            .where('bundleId', '=', bundleId)
            .where('isComplete', '=', 1),
        )
        .orderBy('artifactFile.url')
        .limit(options.limit)
        .offset(options.offset ?? 0)
        .execute(),

    /** Of all uploads for the release. */
    releaseFiles: async (
      projectIds: readonly number[],
      release: string,
      options: { limit: number; offset?: number; dist?: string | null; url?: string },
    ): Promise<ListedFile[]> => {
      const { limit, offset = 0, dist, url } = options;
      let query = filesOf(projectIds).where('artifactBundle.release', '=', release);
      if (dist !== undefined) query = query.where('artifactBundle.dist', 'is', dist);
      if (url !== undefined) query = query.where('artifactFile.url', '=', url);
      return query
        .orderBy('artifactFile.url')
        .orderBy('artifactFile.bundle', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
    },

    /** @param bundle `artifactBundle.id` */
    file: async (projectId: number, bundle: number, url: string): Promise<ListedFile | null> =>
      (await filesOf([projectId])
        .where('artifactBundle.id', '=', bundle)
        .where('artifactFile.url', '=', url)
        .executeTakeFirst()) ?? null,
  };
}

function matches(eb: ExpressionBuilder<Tables, 'artifactBundle'>, query: string): Expression<SqlBool> {
  const pattern = `%${query.replace(/[\\%_]/g, '\\$&')}%`;
  const like = (column: string) => sql<SqlBool>`${sql.ref(column)} like ${pattern} escape '\\'`;
  return eb.or([
    like('artifactBundle.release'),
    like('artifactBundle.dist'),
    like('artifactBundle.bundleId'),
    eb.exists(
      eb
        .selectFrom('artifactFile')
        .select('artifactFile.url')
        .whereRef('artifactFile.bundle', '=', 'artifactBundle.id')
        .where((file) => file.or([like('artifactFile.url'), like('artifactFile.debugId')])),
    ),
  ]);
}

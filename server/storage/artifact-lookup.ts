import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { sql } from 'kysely';
import type { Database } from './tables.ts';

const unpack = promisify(zstdDecompress);

/** One file of an upload. Its bytes: `read(checksum)`. */
export type ArtifactFileRow = {
  projectId: number;
  /** `artifactBundle.id`: what `markUsed` takes. */
  bundle: number;
  bundleId: string;
  release: string | null;
  dist: string | null;
  /** Of the upload, Unix ms. */
  dateCreated: number;
  url: string;
  /** `minified_source`, `source_map`, `source`, ... */
  type: string;
  debugId: string | null;
  sourceMapUrl: string | null;
  checksum: string;
  /** Bytes, unpacked. */
  size: number;
};

/** Where a file was uploaded to. `dateCreated`: the newest upload, Unix ms. */
export type ArtifactPlace = { release: string | null; dist: string | null; dateCreated: number };

/** Values of one statement; a stack trace names far fewer files. */
const VALUES_AT_ONCE = 500;
const DAY_MS = 24 * 60 * 60_000;

/** Finding uploaded files for frames: always within one project, and only those of complete uploads. */
export function createArtifactLookup(db: Database, now: () => number) {
  const filesOf = (projectId: number) =>
    db
      .selectFrom('artifactFile')
      .innerJoin('artifactBundle', 'artifactBundle.id', 'artifactFile.bundle')
      .innerJoin('artifactBlob', 'artifactBlob.checksum', 'artifactFile.checksum')
      .select([
        'artifactBundle.projectId',
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
      ])
      .where('artifactBundle.projectId', '=', projectId)
      .where('artifactBundle.isComplete', '=', 1)
      .orderBy('artifactFile.bundle', 'desc')
      .orderBy('artifactFile.url');

  return {
    /**
     * Minified files and maps alike, of the newest upload that has each: libraries that never change come with every
     * release.
     *
     * @param debugIds lower-case, with dashes
     */
    filesByDebugId: async (projectId: number, debugIds: readonly string[]): Promise<ArtifactFileRow[]> => {
      if (debugIds.length === 0) return [];
      const newest = db
        .selectFrom('artifactFile as file')
        .innerJoin('artifactBundle as upload', 'upload.id', 'file.bundle')
        .select((eb) => eb.fn.max('file.bundle').as('bundle'))
        .select(['file.debugId', 'file.type'])
        .where('file.debugId', 'in', debugIds.slice(0, VALUES_AT_ONCE))
        .where('upload.projectId', '=', projectId)
        .where('upload.isComplete', '=', 1)
        .groupBy(['file.debugId', 'file.type']);
      return filesOf(projectId)
        .innerJoin(newest.as('newest'), (join) =>
          join
            .onRef('newest.bundle', '=', 'artifactFile.bundle')
            .onRef('newest.debugId', '=', 'artifactFile.debugId')
            .onRef('newest.type', '=', 'artifactFile.type'),
        )
        .execute();
    },

    /**
     * Files of a release under these addresses, of every dist (null: without one); of each the newest upload.
     *
     * @param urls as uploaded; whoever asks names each form that will do (`https://a.example/x.js`, `~/x.js`)
     */
    filesByUrl: async (projectId: number, release: string, urls: readonly string[]): Promise<ArtifactFileRow[]> => {
      if (urls.length === 0) return [];
      const newest = db
        .selectFrom('artifactFile as file')
        .innerJoin('artifactBundle as upload', 'upload.id', 'file.bundle')
        .select((eb) => eb.fn.max('file.bundle').as('bundle'))
        .select('file.url')
        .where('file.url', 'in', urls.slice(0, VALUES_AT_ONCE))
        .where('upload.projectId', '=', projectId)
        .where('upload.release', '=', release)
        .where('upload.isComplete', '=', 1)
        .groupBy(['file.url', 'upload.dist']);
      return filesOf(projectId)
        .innerJoin(newest.as('newest'), (join) =>
          join.onRef('newest.bundle', '=', 'artifactFile.bundle').onRef('newest.url', '=', 'artifactFile.url'),
        )
        .execute();
    },

    /** How much the project has: `bundles` 0 when nothing was ever uploaded, or all of it is gone. */
    uploads: async (projectId: number, release?: string): Promise<{ bundles: number; newest: number | null }> => {
      const query = db
        .selectFrom('artifactBundle')
        .select((eb) => [eb.fn.countAll<number>().as('bundles'), eb.fn.max<number | null>('dateCreated').as('newest')])
        .where('projectId', '=', projectId)
        .where('isComplete', '=', 1);
      return (release === undefined ? query : query.where('release', '=', release)).executeTakeFirstOrThrow();
    },

    /**
     * Releases and dists that have any of these files: those of `release` first, then the newest uploads.
     *
     * @param of as `filesByUrl` and `filesByDebugId` take them
     */
    nearestFor: async (
      projectId: number,
      of: { urls?: readonly string[]; debugIds?: readonly string[]; release?: string | null },
      limit = 3,
    ): Promise<ArtifactPlace[]> => {
      const { urls = [], debugIds = [], release = null } = of;
      if (urls.length + debugIds.length === 0) return [];
      return db
        .selectFrom('artifactBundle')
        .select(['release', 'dist', (eb) => eb.fn.max('dateCreated').as('dateCreated')])
        .where('projectId', '=', projectId)
        .where('isComplete', '=', 1)
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('artifactFile')
            .select('bundle')
            .where((or) =>
              or.or([
                or('url', 'in', urls.slice(0, VALUES_AT_ONCE)),
                or('debugId', 'in', debugIds.slice(0, VALUES_AT_ONCE)),
              ]),
            ),
        )
        .groupBy(['release', 'dist'])
        .orderBy(sql`"release" is ${release}`, 'desc')
        .orderBy('dateCreated', 'desc')
        .limit(limit)
        .execute();
    },

    /**
     * Addresses of a release's files that are called so, in whatever folder.
     *
     * @param name without a folder
     */
    namesakes: async (projectId: number, release: string, name: string, limit = 3): Promise<string[]> => {
      if (name === '') return [];
      const rows = await db
        .selectFrom('artifactFile')
        .innerJoin('artifactBundle', 'artifactBundle.id', 'artifactFile.bundle')
        .select('artifactFile.url')
        .distinct()
        .where('artifactBundle.projectId', '=', projectId)
        .where('artifactBundle.release', '=', release)
        .where('artifactBundle.isComplete', '=', 1)
        .where(sql`substr("artifactFile"."url", ${-1 - name.length})`, '=', `/${name}`)
        .orderBy('artifactFile.url')
        .limit(limit)
        .execute();
      return rows.map(({ url }) => url);
    },

    /** A file's bytes; null when it is gone. @param checksum of a row found here: blobs belong to no project */
    read: async (checksum: string): Promise<Uint8Array | null> => {
      const row = await db
        .selectFrom('artifactBlob')
        .select(['size', 'data'])
        .where('checksum', '=', checksum)
        .executeTakeFirst();
      // Zstd refuses a limit of nothing.
      return row ? unpack(row.data, { maxOutputLength: Math.max(row.size, 1) }) : null;
    },

    /** These uploads still map frames, so they are kept. Writes once a day at most. @param bundles `artifactBundle.id` */
    markUsed: async (bundles: readonly number[]): Promise<void> => {
      if (bundles.length === 0) return;
      await db
        .updateTable('artifactBundle')
        .set({ dateLastUsed: now() })
        .where('id', 'in', bundles.slice(0, VALUES_AT_ONCE))
        .where('dateLastUsed', '<', now() - DAY_MS)
        .execute();
    },
  };
}

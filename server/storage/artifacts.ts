import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Selectable } from 'kysely';
import { createChunkStore } from './artifact-chunks.ts';
import { createBundleList } from './artifact-list.ts';
import { createArtifactLookup } from './artifact-lookup.ts';
import type { Database, Tables } from './tables.ts';

const pack = promisify(zstdCompress);

/** A file to be stored; fields are those of the table. */
export type NewArtifactFile = {
  url: string;
  type: string;
  debugId: string | null;
  sourceMapUrl: string | null;
  bytes: Uint8Array;
};
export type NewArtifactBundle = {
  projectId: number;
  bundleId: string;
  /** SHA-1 (hex) of the upload. */
  checksum: string;
  release: string | null;
  dist: string | null;
  /** Read one after another: a generator keeps no more than a few of them in memory. */
  files: Iterable<NewArtifactFile> | AsyncIterable<NewArtifactFile>;
};
export type ArtifactBundleRow = Selectable<Tables['artifactBundle']>;
type PackedFile = Omit<NewArtifactFile, 'bytes'> & { checksum: string; size: number; data: Buffer };

/** What one transaction writes at most: until it ends, everybody else who writes waits. Bytes packed, and files. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_FILES = 100;
/** Files that one transaction deletes. A map may have megabytes, and every page of it is touched. */
const DELETED_AT_ONCE = 25;
/** No upload is being stored, or deleted, for so long: its server has ended. */
const ABANDONED_MS = 60 * 60_000;

/**
 * Uploaded files of projects: chunks until they are assembled, bundles, and each content once. Bundles are written and
 * deleted in batches, each a transaction of its own; `isComplete` lets them come and go in one moment all the same.
 */
export function createArtifactStore(db: Database, { now = Date.now }: { now?: () => number } = {}) {
  const complete = db.selectFrom('artifactBundle').where('isComplete', '=', 1);

  /** A blob that is there already, for whichever project, is not written again. */
  const insertFiles = (bundle: number, files: readonly PackedFile[]) =>
    db.transaction().execute(async (tx) => {
      const checksums = files.map(({ checksum }) => checksum);
      const rows = await tx.selectFrom('artifactBlob').select('checksum').where('checksum', 'in', checksums).execute();
      const known = new Set(rows.map(({ checksum }) => checksum));
      for (const { checksum, size, data } of files) {
        if (known.has(checksum)) continue;
        known.add(checksum);
        await tx.insertInto('artifactBlob').values({ checksum, size, data }).execute();
      }
      await tx
        .insertInto('artifactFile')
        .values(files.map(({ size: _size, data: _data, ...file }) => ({ bundle, ...file })))
        .execute();
    });

  /** Deletes files of a hidden bundle, and what no other file refers to. @returns are there more? */
  const deleteFiles = (bundle: number) =>
    db.transaction().execute(async (tx) => {
      const files = await tx
        .selectFrom('artifactFile')
        .select(['url', 'checksum'])
        .where('bundle', '=', bundle)
        .limit(DELETED_AT_ONCE)
        .execute();
      if (files.length === 0) return false;
      const urls = files.map(({ url }) => url);
      await tx.deleteFrom('artifactFile').where('bundle', '=', bundle).where('url', 'in', urls).execute();
      const checksums = files.map(({ checksum }) => checksum);
      await tx
        .deleteFrom('artifactBlob')
        .where('checksum', 'in', checksums)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('artifactFile')
                .select('artifactFile.url')
                .whereRef('artifactFile.checksum', '=', 'artifactBlob.checksum'),
            ),
          ),
        )
        .execute();
      return true;
    });

  /** All of them are gone at once for whoever asks; their files then go in batches. */
  async function remove(bundles: readonly number[]): Promise<void> {
    for (const id of bundles)
      await db.updateTable('artifactBundle').set({ isComplete: 0 }).where('id', '=', id).execute();
    for (const id of bundles) {
      while (await deleteFiles(id));
      await db.deleteFrom('artifactBundle').where('id', '=', id).execute();
    }
  }

  /** Shows a bundle whose files are all there, and hides the same of before. @returns those */
  const reveal = (id: number, bundle: Omit<NewArtifactBundle, 'files'>, total: { fileCount: number; size: number }) =>
    db.transaction().execute(async (tx) => {
      const replaced = await tx
        .updateTable('artifactBundle')
        .set({ isComplete: 0 })
        .where('projectId', '=', bundle.projectId)
        .where('bundleId', '=', bundle.bundleId)
        .where('release', 'is', bundle.release)
        .where('dist', 'is', bundle.dist)
        .where('isComplete', '=', 1)
        .returning('id')
        .execute();
      await tx
        .updateTable('artifactBundle')
        .set({ ...total, isComplete: 1 })
        .where('id', '=', id)
        .execute();
      return replaced;
    });

  const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

  async function insertAll(
    bundle: number,
    files: NewArtifactBundle['files'],
  ): Promise<{ fileCount: number; size: number }> {
    const total = { fileCount: 0, size: 0 };
    let batch: PackedFile[] = [];
    let bytes = 0;
    for await (const file of files) {
      const packed = await packFile(file);
      batch.push(packed);
      bytes += packed.data.byteLength;
      total.fileCount += 1;
      total.size += packed.size;
      if (bytes < BATCH_BYTES && batch.length < BATCH_FILES) continue;
      await insertFiles(bundle, batch);
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) await insertFiles(bundle, batch);
    return total;
  }

  return {
    ...createChunkStore(db, now),
    ...createArtifactLookup(db, now),
    ...createBundleList(db),

    /**
     * Stores an upload; it is seen when all of it is there, in the place of one with the same id, release and dist.
     *
     * @returns `artifactBundle.id`
     * @throws what reading `files` throws, and when two of them have one url; nothing is left then
     */
    addBundle: async ({ files, ...bundle }: NewArtifactBundle): Promise<number> => {
      const dateCreated = now();
      const { id } = await db
        .insertInto('artifactBundle')
        .values({ ...bundle, fileCount: 0, size: 0, dateCreated, dateLastUsed: dateCreated })
        .returning('id')
        .executeTakeFirstOrThrow();
      try {
        const total = await insertAll(id, files);
        const replaced = await reveal(id, bundle, total);
        await remove(idsOf(replaced));
      } catch (error) {
        await remove([id]);
        throw error;
      }
      return id;
    },

    /**
     * The same upload once more: only its `dateLastUsed` changes.
     *
     * @param of.release null: any, as the upload itself then says of which it is; `dist` likewise
     * @returns was it there?
     */
    renew: async (of: Pick<ArtifactBundleRow, 'projectId' | 'checksum' | 'release' | 'dist'>): Promise<boolean> => {
      let query = db
        .updateTable('artifactBundle')
        .set({ dateLastUsed: now() })
        .where('projectId', '=', of.projectId)
        .where('checksum', '=', of.checksum)
        .where('isComplete', '=', 1);
      if (of.release !== null) query = query.where('release', '=', of.release);
      if (of.dist !== null) query = query.where('dist', '=', of.dist);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    },

    /** In all releases that it was uploaded for. @returns how many uploads that were */
    removeBundle: async (projectId: number, bundleId: string): Promise<number> => {
      const rows = await complete
        .select('id')
        .where('projectId', '=', projectId)
        .where('bundleId', '=', bundleId)
        .execute();
      await remove(idsOf(rows));
      return rows.length;
    },

    /** @returns how many uploads the release had */
    removeRelease: async (projectId: number, release: string): Promise<number> => {
      const rows = await complete
        .select('id')
        .where('projectId', '=', projectId)
        .where('release', '=', release)
        .execute();
      await remove(idsOf(rows));
      return rows.length;
    },

    /**
     * Uploads that nobody repeated and that mapped nothing since, and what a server left when it ended in the middle.
     *
     * @param before Unix ms
     */
    deleteOlderThan: async (before: number): Promise<void> => {
      const rows = await db
        .selectFrom('artifactBundle')
        .select('id')
        .where((eb) =>
          eb.or([
            eb('dateLastUsed', '<', before),
            eb.and([eb('isComplete', '=', 0), eb('dateLastUsed', '<', now() - ABANDONED_MS)]),
          ]),
        )
        .execute();
      await remove(idsOf(rows));
    },
  };
}
export type ArtifactStore = ReturnType<typeof createArtifactStore>;

async function packFile({ bytes, ...file }: NewArtifactFile): Promise<PackedFile> {
  const checksum = createHash('sha1').update(bytes).digest('hex');
  return { ...file, checksum, size: bytes.byteLength, data: await pack(bytes) };
}

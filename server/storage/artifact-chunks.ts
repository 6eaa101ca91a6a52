import type { Database } from './tables.ts';

/** Values of one statement. */
const VALUES_AT_ONCE = 500;
/** Chunks of one DELETE: each has up to 8 MiB, and every page of it is touched. */
const CHUNKS_AT_ONCE = 4;

/** Pieces of uploads that are not assembled yet, by the SHA-1 (lower-case hex) of each. */
export function createChunkStore(db: Database, now: () => number) {
  async function deleteChunks(checksums: readonly string[]): Promise<void> {
    for (let from = 0; from < checksums.length; from += CHUNKS_AT_ONCE) {
      await db
        .deleteFrom('artifactChunk')
        .where('checksum', 'in', checksums.slice(from, from + CHUNKS_AT_ONCE))
        .execute();
    }
  }

  /** Bytes of each chunk that is here. */
  async function chunkSizes(checksums: readonly string[]): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    for (let from = 0; from < checksums.length; from += VALUES_AT_ONCE) {
      const rows = await db
        .selectFrom('artifactChunk')
        .select(['checksum', 'size'])
        .where('checksum', 'in', checksums.slice(from, from + VALUES_AT_ONCE))
        .execute();
      for (const { checksum, size } of rows) sizes.set(checksum, size);
    }
    return sizes;
  }

  return {
    chunkSizes,
    deleteChunks,

    /** @param checksum of `data`; whoever calls has counted it */
    addChunk: async (checksum: string, data: Uint8Array): Promise<void> => {
      const dateCreated = now();
      await db
        .insertInto('artifactChunk')
        .values({ checksum, size: data.byteLength, dateCreated, data: Buffer.from(data) })
        .onConflict((conflict) => conflict.column('checksum').doUpdateSet({ dateCreated }))
        .execute();
    },

    readChunk: async (checksum: string): Promise<Uint8Array | null> => {
      const row = await db
        .selectFrom('artifactChunk')
        .select('data')
        .where('checksum', '=', checksum)
        .executeTakeFirst();
      return row?.data ?? null;
    },

    /** Bytes of all chunks that wait to be assembled. */
    chunkBytes: async (): Promise<number> => {
      const { bytes } = await db
        .selectFrom('artifactChunk')
        .select((eb) => eb.fn.sum<number | null>('size').as('bytes'))
        .executeTakeFirstOrThrow();
      return bytes ?? 0;
    },

    /** @param before Unix ms */
    deleteChunksBefore: async (before: number): Promise<void> => {
      const rows = await db.selectFrom('artifactChunk').select('checksum').where('dateCreated', '<', before).execute();
      await deleteChunks(rows.map(({ checksum }) => checksum));
    },
  };
}

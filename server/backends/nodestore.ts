import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StoredEvent } from '../protocol/event.ts';
import type { Database } from '../storage/tables.ts';

/** Bodies of events by id (see `nodeId`). */
export interface Nodestore {
  get(id: string): Promise<StoredEvent | null>;
  /** Stores or replaces. @param tx the transaction that it belongs to */
  set(entries: readonly NodeEntry[], tx?: Database): Promise<void>;
  delete(ids: readonly string[], tx?: Database): Promise<void>;
}
type NodeEntry = { id: string; event: StoredEvent };

/** An event id is unique within its project only. */
export function nodeId(projectId: number | string, eventId: string): string {
  return `${projectId}:${eventId}`;
}

/**
 * Level 1: two thirds of the usual level 3's time for a twentieth more bytes. All events of a batch at a time on the thread
 * pool took twice the processor's time, as each has a context of its own.
 */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** An event is limited to 1 MiB on arrival; what unpacks to far more is not what we packed. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Rows of one statement. */
const CHUNK = 500;

/** Nodestore in a table of the SQL database, as JSON packed with zstd. */
export function createSqlNodestore(db: Database): Nodestore {
  return {
    async get(id) {
      const row = await db.selectFrom('node').select('data').where('id', '=', id).executeTakeFirst();
      return row ? unpack(row.data) : null;
    },

    async set(entries, tx = db) {
      const rows = entries.map(({ id, event }) => ({ id, data: packEvent(event) }));
      for (let from = 0; from < rows.length; from += CHUNK) {
        await tx
          .insertInto('node')
          .values(rows.slice(from, from + CHUNK))
          .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ data: eb.ref('excluded.data') })))
          .execute();
      }
    },

    async delete(ids, tx = db) {
      for (let from = 0; from < ids.length; from += CHUNK) {
        await tx
          .deleteFrom('node')
          .where('id', 'in', ids.slice(from, from + CHUNK))
          .execute();
      }
    },
  };
}

function packEvent(event: StoredEvent): Buffer {
  return zstdCompressSync(JSON.stringify(event), ZSTD);
}

/** What is stored here was written by `packEvent`, so its shape is known. */
function unpack(data: Uint8Array): StoredEvent {
  return JSON.parse(zstdDecompressSync(data, { maxOutputLength: MAX_BYTES }).toString('utf8')) as StoredEvent;
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import zlib from 'node:zlib';
import SQLite from 'better-sqlite3';
import { openSqlite } from './database.ts';

/** An accepted envelope that digest has not stored yet. */
export type SpooledEnvelope = {
  id: number;
  projectId: number;
  /** 32 hex digits; beats any id inside the envelope. Null when nothing in it needs one. */
  eventId: string | null;
  /** Unix ms. */
  receivedAt: number;
  remoteAddress: string | null;
  client: string | null;
  /** A whole uncompressed envelope. */
  body: Buffer;
};
export type NewEnvelope = Omit<SpooledEnvelope, 'id'>;
/** `bytes` as on disk, packed. */
export type SpoolDepth = { rows: number; bytes: number };

export type Spool = {
  /** One durable transaction: when it returns, they are on disk. @returns the last one's id, and the bytes that all take */
  append(envelopes: NewEnvelope[]): { id: number; bytes: number };
  /** Oldest first, `id` above `mark`; at most `limit`, and no more than the first that passes `maxBytes` in all. */
  readAfter(mark: number, limit: number, maxBytes: number): SpooledEnvelope[];
  /** @returns how many rows went */
  deleteUpTo(mark: number): number;
  /** Of the rows up to `upTo`; without it, of all. */
  depth(upTo?: number): SpoolDepth;
  /** Runs `work` in one transaction: all of it is durable on return, or none. */
  atomically<T>(work: () => T): T;
  close(): void;
};

/** A row: `body` packed with zstd, `size` its bytes unpacked. */
type Row = SpooledEnvelope & { size: number };

/** Ids are never reused, so that digest's mark holds although rows are deleted. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT, receivedAt INTEGER NOT NULL,
    remoteAddress TEXT, client TEXT, size INTEGER NOT NULL, body BLOB NOT NULL)`;
/** An emptied spool gives its pages back to the file system once it is larger than this. */
const MAX_EMPTY_BYTES = 256 * 1024 * 1024;

/**
 * Opens the spool: a database file of its own, since two writers with full sync on one file take turns at the disk.
 * One connection writes (the spool thread); digest reads with `readonly`.
 */
export function openSpool(file: string, options: { readonly?: boolean } = {}): Spool {
  if (!options.readonly) createFile(file);
  const sqlite = openSqlite(file, options);
  if (!options.readonly) {
    // FULL: a commit returns when the disk has it, which is what the 200 says.
    sqlite.pragma('synchronous = FULL');
    // 32 MiB, which SQLite's default of 1000 pages would be a twentieth of: each checkpoint syncs twice more.
    sqlite.pragma('wal_autocheckpoint = 2000');
  }
  const insert = sqlite.prepare<Omit<Row, 'id'>>(`
    INSERT INTO spool (projectId, eventId, receivedAt, remoteAddress, client, size, body)
    VALUES (@projectId, @eventId, @receivedAt, @remoteAddress, @client, @size, @body)`);
  const after = sqlite.prepare<[number, number], Row>('SELECT * FROM spool WHERE id > ? ORDER BY id LIMIT ?');
  // length() of a blob reads the row's header alone, not its pages.
  const depth = sqlite.prepare<[number], SpoolDepth>(
    'SELECT count(*) AS rows, coalesce(sum(length(body)), 0) AS bytes FROM spool WHERE id <= ?',
  );
  const first = sqlite.prepare<[], { id: number }>('SELECT id FROM spool LIMIT 1');
  const remove = sqlite.prepare<[number]>('DELETE FROM spool WHERE id <= ?');
  let hasDeleted = false;

  /** Only an empty spool, so that nothing is copied; not worth failing for. */
  function giveBackPages(): void {
    hasDeleted = false;
    const freePages = Number(sqlite.pragma('freelist_count', { simple: true }));
    const pageBytes = Number(sqlite.pragma('page_size', { simple: true }));
    if (freePages * pageBytes < MAX_EMPTY_BYTES || first.get()) return;
    try {
      sqlite.exec('VACUUM');
    } catch {
      // A reader holds the file: next time.
    }
  }

  function atomically<T>(work: () => T): T {
    const result = sqlite.transaction(work).immediate();
    if (hasDeleted && !sqlite.inTransaction) giveBackPages();
    return result;
  }

  return {
    append: (envelopes) =>
      atomically(() => {
        const last = { id: 0, bytes: 0 };
        for (const row of envelopes.map(toRow)) {
          last.id = Number(insert.run(row).lastInsertRowid);
          last.bytes += row.body.byteLength;
        }
        return last;
      }),
    readAfter(mark, limit, maxBytes) {
      const rows: SpooledEnvelope[] = [];
      let bytes = 0;
      for (const row of after.iterate(mark, limit)) {
        rows.push(fromRow(row));
        bytes += row.size;
        if (bytes >= maxBytes) break;
      }
      return rows;
    },
    deleteUpTo: (mark) =>
      atomically(() => {
        const { changes } = remove.run(mark);
        hasDeleted ||= changes > 0;
        return changes;
      }),
    depth: (upTo = Number.MAX_SAFE_INTEGER) => depth.get(upTo) ?? { rows: 0, bytes: 0 },
    atomically,
    close: () => sqlite.close(),
  };
}

/**
 * Packed, a body takes a quarter of the disk's time, which is what the senders wait for; p99 of accepting falls to a third.
 * Level 1 with the size told beforehand: higher and lower levels were no better in what they cost and save.
 */
function toRow(envelope: NewEnvelope): Omit<Row, 'id'> {
  const size = envelope.body.byteLength;
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: 1 };
  return { ...envelope, size, body: zlib.zstdCompressSync(envelope.body, { params, pledgedSrcSize: size }) };
}

function fromRow({ size, ...row }: Row): SpooledEnvelope {
  return { ...row, body: zlib.zstdDecompressSync(row.body, { chunkSize: Math.max(size, 64), maxOutputLength: size }) };
}

/**
 * Bodies hold what people sent: only the owner reads them. SQLite gives the same mode to the files beside it.
 * Pages of 16 KiB take rows of 20 KB in half the time that the usual 4 KiB do; only an empty file takes their size.
 */
function createFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const sqlite = new SQLite(file, { timeout: 10_000 });
  sqlite.pragma('page_size = 16384');
  sqlite.exec(SCHEMA);
  sqlite.close();
}

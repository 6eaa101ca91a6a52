import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import zlib from 'node:zlib';
import SQLite from 'better-sqlite3';
import { type OpenOptions, openSqlite } from './database.ts';

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
export type NewEnvelope = Omit<SpooledEnvelope, 'id'> & {
  /** The same bytes as the sender packed them: spares packing them anew. */
  gzip?: Buffer;
};
/** As stored: `body` in `encoding`, `size` its bytes unpacked. */
export type SpoolRow = Omit<SpooledEnvelope, 'id'> & { encoding: 'none' | 'gzip' | 'zstd'; size: number };
type Appended = { id: number; bytes: number };
/** `bytes` as on disk, packed. */
export type SpoolDepth = { rows: number; bytes: number };

export type Spool = {
  /** One durable transaction: when it returns, they are on disk. @returns the last one's id, and the bytes that all take */
  append(envelopes: NewEnvelope[]): Appended;
  appendRows(rows: SpoolRow[]): Appended;
  /** Oldest first, `id` above `mark`; at most `limit`, and no more than the first that passes `maxBytes` in all. */
  readAfter(mark: number, limit: number, maxBytes: number): SpooledEnvelope[];
  /** @returns how many rows went */
  deleteUpTo(mark: number): number;
  /** Ids to come are above `mark`: a spool that was deleted while the database was kept would begin below what is digested. */
  startAfter(mark: number): void;
  /** Of the rows up to `upTo`; without it, of all. */
  depth(upTo?: number): SpoolDepth;
  /** Runs `work` in one transaction: all of it is durable on return, or none. */
  atomically<T>(work: () => T): T;
  close(): void;
};

/** Ids are never reused, so that digest's mark holds although rows are deleted. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT, receivedAt INTEGER NOT NULL,
    remoteAddress TEXT, client TEXT, encoding TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL)`;
const PAGE_BYTES = 16_384;
/** An emptied spool gives its pages back to the file system once it is larger than this. */
const MAX_EMPTY_BYTES = 64 * 1024 * 1024;

/**
 * Opens the spool: a database file of its own, since two writers with full sync on one file take turns at the disk.
 * One connection writes (the spool thread); digest reads with `readonly`. Past `maxFileBytes` the disk counts as full.
 */
export function openSpool(file: string, options: OpenOptions & { maxFileBytes?: number } = {}): Spool {
  if (!options.readonly) createFile(file, options.mustExist);
  const sqlite = openSqlite(file, options);
  if (!options.readonly) {
    // FULL: a commit returns when the disk has it, which is what the 200 says.
    sqlite.pragma('synchronous = FULL');
    // 32 MiB, which SQLite's default of 1000 pages would be a twentieth of: each checkpoint syncs twice more.
    sqlite.pragma('wal_autocheckpoint = 2000');
    if (options.maxFileBytes) sqlite.pragma(`max_page_count = ${Math.ceil(options.maxFileBytes / PAGE_BYTES)}`);
  }
  const insert = sqlite.prepare<SpoolRow>(`
    INSERT INTO spool (projectId, eventId, receivedAt, remoteAddress, client, encoding, size, body)
    VALUES (@projectId, @eventId, @receivedAt, @remoteAddress, @client, @encoding, @size, @body)`);
  const after = sqlite.prepare<[number, number], SpoolRow & { id: number }>(
    'SELECT * FROM spool WHERE id > ? ORDER BY id LIMIT ?',
  );
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

  function appendRows(rows: SpoolRow[]): Appended {
    return atomically(() => {
      const appended = { id: 0, bytes: 0 };
      for (const row of rows) {
        appended.id = Number(insert.run(row).lastInsertRowid);
        appended.bytes += row.body.byteLength;
      }
      return appended;
    });
  }

  return {
    append: (envelopes) => appendRows(envelopes.map(toRow).map(packRow)),
    appendRows,
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
    startAfter: (mark) =>
      atomically(() => {
        const moved = sqlite.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'spool'").run(mark);
        if (moved.changes === 0) sqlite.prepare("INSERT INTO sqlite_sequence VALUES ('spool', ?)").run(mark);
      }),
    depth: (upTo = Number.MAX_SAFE_INTEGER) => depth.get(upTo) ?? { rows: 0, bytes: 0 },
    atomically,
    close: () => sqlite.close(),
  };
}

export function toRow({ gzip, body, ...envelope }: NewEnvelope): SpoolRow {
  const size = body.byteLength;
  return gzip ? { ...envelope, encoding: 'gzip', size, body: gzip } : { ...envelope, encoding: 'none', size, body };
}

/**
 * Packed, a body takes a quarter of the disk's time, which is what the senders wait for; p99 of accepting falls to a third.
 * Level 1 with the size told beforehand: higher and lower levels were no better in what they cost and save.
 */
export function packRow(row: SpoolRow): SpoolRow {
  if (row.encoding !== 'none') return row;
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: 1 };
  return { ...row, encoding: 'zstd', body: zlib.zstdCompressSync(row.body, { params, pledgedSrcSize: row.size }) };
}

function fromRow({ encoding, size, body, ...row }: SpoolRow & { id: number }): SpooledEnvelope {
  if (encoding === 'none') return { ...row, body };
  const unpack = encoding === 'gzip' ? zlib.gunzipSync : zlib.zstdDecompressSync;
  return { ...row, body: unpack(body, { chunkSize: size + 64, maxOutputLength: size }) };
}

/**
 * Bodies hold what people sent: only the owner reads them. SQLite gives the same mode to the files beside it.
 * Pages of 16 KiB take rows of 20 KB in half the time that the usual 4 KiB do; only an empty file takes their size.
 */
function createFile(file: string, mustExist = false): void {
  if (!mustExist) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  }
  const sqlite = new SQLite(file, { fileMustExist: true, timeout: 10_000 });
  sqlite.pragma(`page_size = ${PAGE_BYTES}`);
  sqlite.exec(SCHEMA);
  sqlite.close();
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
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
export type SpoolDepth = { rows: number; bytes: number };

export type Spool = {
  /** One durable transaction: when it returns, they are on disk. @returns the last one's id */
  append(envelopes: NewEnvelope[]): number;
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

/** Ids are never reused, so that digest's mark holds although rows are deleted. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT, projectId INTEGER NOT NULL, eventId TEXT, receivedAt INTEGER NOT NULL,
    remoteAddress TEXT, client TEXT, body BLOB NOT NULL)`;
/** An emptied spool gives its pages back to the file system once it is larger than this. */
const MAX_EMPTY_BYTES = 256 * 1024 * 1024;

/**
 * Opens the spool: a database file of its own, since two writers with full sync on one file take turns at the disk.
 * One connection writes (the spool thread); digest reads with `readonly`.
 */
export function openSpool(file: string, options: { readonly?: boolean } = {}): Spool {
  if (!options.readonly) createOwnerOnly(file);
  const sqlite = openSqlite(file, options);
  if (!options.readonly) {
    // FULL: a commit returns when the disk has it, which is what the 200 says.
    sqlite.pragma('synchronous = FULL');
    // The default checkpoints, with two more syncs, every 200 events.
    sqlite.pragma('wal_autocheckpoint = 4000');
    sqlite.exec(SCHEMA);
  }
  const insert = sqlite.prepare<NewEnvelope>(`
    INSERT INTO spool (projectId, eventId, receivedAt, remoteAddress, client, body)
    VALUES (@projectId, @eventId, @receivedAt, @remoteAddress, @client, @body)`);
  const after = sqlite.prepare<[number, number], SpooledEnvelope>(
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

  return {
    append: (envelopes) =>
      atomically(() => {
        let id = 0;
        for (const envelope of envelopes) id = Number(insert.run(envelope).lastInsertRowid);
        return id;
      }),
    readAfter(mark, limit, maxBytes) {
      const rows: SpooledEnvelope[] = [];
      let bytes = 0;
      for (const row of after.iterate(mark, limit)) {
        rows.push(row);
        bytes += row.body.byteLength;
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

/** Bodies hold what people sent: only the owner reads them. SQLite gives the same mode to the files beside it. */
function createOwnerOnly(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

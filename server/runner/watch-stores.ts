import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { CheckHealth } from '../http/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { openSqlite } from '../storage/database.ts';
import type { SpoolDepth } from '../storage/spool.ts';

const SAMPLE_MS = 5000;

export type WatchOptions = {
  dataDirectory: string;
  depth: () => SpoolDepth;
  metrics: Pick<Metrics, 'gauge'>;
  /** Seconds that the oldest row of the spool may wait. */
  maxSpoolAge: number;
  minFreeBytes: number;
  /** Unix ms. */
  now: () => number;
  /** Between two samples of the gauges. */
  sampleMs?: number;
};

export type StoreWatch = { check: CheckHealth; close: () => void };

/**
 * Watches what the server stands on: tells the depth and age of the spool as gauges, and says what keeps the server from
 * being ready. What it asks of the files takes well under a millisecond and waits for no lock.
 */
export function watchStores(options: WatchOptions): StoreWatch {
  const { dataDirectory, depth, metrics, maxSpoolAge, minFreeBytes, now } = options;
  const startedAt = now();
  const spool = openSqlite(join(dataDirectory, 'spool.db'), { readonly: true });
  const oldest = spool.prepare<[], { receivedAt: number }>('SELECT receivedAt FROM spool ORDER BY id LIMIT 1');

  const sample = (): void => {
    const { rows, bytes } = depth();
    metrics.gauge('spool.rows', rows);
    metrics.gauge('spool.bytes', bytes);
    try {
      const receivedAt = oldest.get()?.receivedAt;
      metrics.gauge('spool.age', receivedAt === undefined ? 0 : Math.max(0, now() - receivedAt) / 1000);
    } catch {
      // The file is gone or broken, of which its writer tells; a timer must not end the process for it.
    }
  };
  sample();
  const timer = setInterval(sample, options.sampleMs ?? SAMPLE_MS).unref();

  function spoolReason(): string | null {
    try {
      const receivedAt = oldest.get()?.receivedAt;
      if (receivedAt === undefined) return null;
      // What waited while no server ran gets its time from the start on.
      const seconds = Math.floor((now() - Math.max(receivedAt, startedAt)) / 1000);
      if (seconds <= maxSpoolAge) return null;
      return `Accepted events are not being stored: the oldest has waited for ${seconds} s.`;
    } catch (error) {
      return `The spool cannot be read (${codeOf(error)}).`;
    }
  }

  async function diskReason(): Promise<string | null> {
    try {
      const { bavail, bsize } = await statfs(dataDirectory);
      const free = bavail * bsize;
      if (free >= minFreeBytes) return null;
      return `The disk is nearly full: ${free} bytes are free, of ${minFreeBytes} that must be.`;
    } catch (error) {
      return `The data directory cannot be looked at (${codeOf(error)}).`;
    }
  }

  return {
    check: async () => {
      const reasons = [databaseReason(join(dataDirectory, 'stackmend.db')), spoolReason(), await diskReason()];
      return reasons.filter((reason) => reason !== null);
    },
    close: () => {
      clearInterval(timer);
      spool.close();
    },
  };
}

/**
 * Writes a row as it is. Opened anew each time, as the next start would: a connection that is open goes on writing into a
 * file that has been deleted. A lock that another holds is no fault (digest writes just now); one that stays is seen by
 * the age of the spool.
 */
function databaseReason(file: string): string | null {
  let sqlite: SQLite.Database | undefined;
  try {
    sqlite = new SQLite(file, { fileMustExist: true, timeout: 0 });
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('wal_autocheckpoint = 0');
    sqlite.exec('UPDATE digestState SET spoolMark = spoolMark');
    return null;
  } catch (error) {
    const code = codeOf(error);
    return code.startsWith('SQLITE_BUSY') ? null : `The database cannot be written to (${code}).`;
  } finally {
    sqlite?.close();
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
